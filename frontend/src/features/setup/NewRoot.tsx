import { useState } from "react";
import { initRoot } from "../../api/station";
import type { RecoverySheet } from "../../api/types";
import { SheetToKeep } from "../../components/SheetToKeep";
import { useText } from "../../components/text";
import { UnitForm } from "./UnitForm";

// Demonstration counties use divisions that don't exist.
const DEMO_CODE = "990101000000-fy";

/** The first unit of a tree, its own authority. */
export function NewRoot({ demo, back, done }: { demo: boolean; back: () => void; done: () => void }) {
  const { t } = useText();
  const [sheet, setSheet] = useState<RecoverySheet | null>(null);
  if (sheet) return <SheetToKeep sheet={sheet} done={done} />;
  return (
    <UnitForm
      title={t(demo ? "setup.demo" : "setup.root")}
      about={t(demo ? "setup.demo.about" : "setup.root.about")}
      go={t("setup.root.make")}
      roles={["admin", "director"]}
      code={demo ? DEMO_CODE : ""}
      back={back}
      submit={async (answers) => {
        const made = await initRoot(demo ? { ...answers, demo } : answers);
        if (made.recovery) setSheet(made.recovery);
        else done();
      }}
    />
  );
}
