import type { Conflict } from "../../api/types";
import { ByLine } from "../../components/ByLine";
import { useCodeTable } from "../../components/codes";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Marked } from "../../components/ui/Marked";
import { useStepValues } from "../../components/stepValues";
import { useValues } from "../../components/values";
import { wholeNumbers } from "../../lib/diff";
import { marks, settledBy, statementText } from "./statement";

// Short values are read at a glance and set large, long ones as paper; all of one
// question alike, since larger type would speak for one of them.
const SHORT = 40;

export function Statements({ conflict, may, keep }: { conflict: Conflict; may: boolean; keep: (value: unknown) => void }) {
  const { t } = useText();
  const { show } = useValues();
  const { word } = useCodeTable();
  const said = useStepValues();
  const texts = conflict.values.map((value) => statementText(conflict, value.value, show, (step) => word("steps", step), said));
  const pieces = marks(texts);
  const long = texts.some((text) => Array.from(text).length > SHORT);
  return (
    <div className="statements">
      {conflict.values.map((value, at) => {
        const text = texts[at] ?? "";
        return (
          <section className="statement" key={`${value.seat} ${value.written ?? ""} ${at}`} aria-label={t("conflict.statement", { n: at + 1 })}>
            <ByLine by={value} />
            <div className={long ? "value long" : "value"}>
              <Marked pieces={wholeNumbers(pieces[at] ?? [], text, conflict.field)} />
            </div>
            {may && <Button onPress={() => keep(settledBy(conflict, value.value))}>{t(at === 0 ? "conflict.keep.this" : "conflict.keep.that")}</Button>}
          </section>
        );
      })}
    </div>
  );
}
