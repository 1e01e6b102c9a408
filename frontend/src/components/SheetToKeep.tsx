import { useEffect, useState } from "react";
import { print } from "../api/desktop/native";
import type { RecoverySheet } from "../api/types";
import { useText } from "./text";
import { Button } from "./ui/Button";
import { Tick } from "./ui/Fields";
import { Notice } from "./ui/Notice";

/** A sheet, shown once: printed or written down before going on. A root has a second one besides its recovery sheet, and is told so before it goes on. */
export function SheetToKeep({ sheet, second = false, more = false, done }: { sheet: RecoverySheet; second?: boolean; more?: boolean; done: () => void }) {
  const { t } = useText();
  const [kept, setKept] = useState(false);
  // What is shown once is gone with the page: the browser asks before that.
  useEffect(() => {
    const ask = (event: Event) => event.preventDefault();
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, []);
  return (
    <div className="stack">
      <h1>{t(second ? "recovery.second.title" : "recovery.title")}</h1>
      <p className="read no-print">{t(second ? "recovery.second.why" : "recovery.why")}</p>
      <article className="print-sheet">
        <h2 className="sheet-title">{sheet.unit_name}</h2>
        <pre className="recovery-text">{sheet.text}</pre>
        <p className="recovery-code">{sheet.code}</p>
      </article>
      <Notice tone="due">
        <p>{t("recovery.once")}</p>
        {more && <p>{t("recovery.more")}</p>}
      </Notice>
      <div className="buttons no-print">
        <Button icon="print" onPress={() => void print()}>
          {t(second ? "recovery.second.print" : "recovery.print")}
        </Button>
        <Tick label={t("recovery.kept")} value={kept} onChange={setKept} />
        <Button kind="primary" isDisabled={!kept} onPress={done}>
          {t("recovery.go")}
        </Button>
      </div>
    </div>
  );
}
