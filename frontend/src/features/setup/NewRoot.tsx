import { useState } from "react";
import { initRoot } from "../../api/station";
import type { SetupDone } from "../../api/types";
import { SheetToKeep } from "../../components/SheetToKeep";
import { useText } from "../../components/text";
import { UnitForm } from "./UnitForm";

// Demonstration counties use divisions that don't exist.
const DEMO_CODE = "990101000000-fy";

/** The first unit of a tree, its own authority. */
export function NewRoot({ demo, back, done }: { demo: boolean; back: () => void; done: () => void }) {
  const { t } = useText();
  const [made, setMade] = useState<SetupDone | null>(null);
  const [kept, setKept] = useState(false);
  if (made?.recovery && !kept) return <SheetToKeep key="first" sheet={made.recovery} more={made.second !== undefined} done={() => setKept(true)} />;
  if (made?.second) return <SheetToKeep key="second" sheet={made.second} second done={done} />;
  return (
    <UnitForm
      title={t(demo ? "setup.demo" : "setup.root")}
      about={t(demo ? "setup.demo.about" : "setup.root.about")}
      go={t("setup.root.make")}
      roles={["admin", "director"]}
      code={demo ? DEMO_CODE : ""}
      back={back}
      submit={async (answers) => {
        setMade(await initRoot(demo ? { ...answers, demo } : answers));
      }}
    />
  );
}
