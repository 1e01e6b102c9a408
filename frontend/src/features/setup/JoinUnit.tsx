import { useState } from "react";
import { requestEnrolment } from "../../api/station";
import type { RequestFile } from "../../api/types";
import { RequestResult } from "../../components/RequestResult";
import { SheetToKeep } from "../../components/SheetToKeep";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { UnitForm } from "./UnitForm";

/** A unit that a parent is to admit: its keys are made here and never leave. */
export function JoinUnit({ replace, back, done }: { replace: boolean; back: () => void; done: () => void }) {
  const { t } = useText();
  const [made, setMade] = useState<RequestFile | null>(null);
  const [kept, setKept] = useState(false);
  if (made?.recovery && !kept) return <SheetToKeep sheet={made.recovery} done={() => setKept(true)} />;
  if (made) {
    return (
      <>
        <h1>{t("request.title")}</h1>
        <RequestResult file={made.file} words={made.words} />
        <div className="buttons">
          <Button kind="primary" onPress={done}>
            {t("request.go")}
          </Button>
        </div>
      </>
    );
  }
  return (
    <UnitForm
      title={t("setup.join")}
      about={t("setup.join.about")}
      go={t("setup.join.make")}
      roles={["mediator"]}
      back={back}
      submit={async (answers) => setMade(await requestEnrolment(replace ? { ...answers, replace } : answers))}
    />
  );
}
