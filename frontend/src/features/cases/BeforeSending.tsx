// What leaves the house is said before it leaves: what, to whom, and that it
// can't be taken back. A letter once sent is with the other unit.
import { useEffect, useRef, type ReactNode } from "react";
import { useUnits } from "../../api/station";
import type { CaseView, Step, StepPreview, UnitNamed } from "../../api/types";
import { useNow } from "../../components/now";
import { useProblemText } from "../../components/problem";
import { isEmpty, itemsOf, namesOf, ONE_MEANT, textOf, type SpecForm } from "../../components/specs/specForm";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Notice } from "../../components/ui/Notice";
import { lettersOf } from "../../api/lifecycleTypes";
import { showDay } from "../../lib/when";

// The steps that give something to another unit.
const SENT = ["refer", "refer-report", "confirm-apply"];

export const isSent = (step: string): boolean => SENT.includes(step);

interface Props {
  step: Step;
  form: SpecForm;
  view: CaseView | undefined;
  /** What the station says the step would do; null where it could not be asked. */
  preview: StepPreview | null;
  busy: boolean;
  send: () => void;
  back: () => void;
  children: ReactNode;
}

export function BeforeSending({ step, form, view, preview, busy, send, back, children }: Props) {
  const { t, pick, list } = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const to = useReceiver(step, form, view);
  const whole = step.step !== "refer-report";
  const materials = itemsOf(form["materials"]).filter((row) => !isEmpty(row)).map((row) => textOf(row["name"]));
  const chosen = step.fields.find((spec) => spec.name === "materials" && (spec.choices ?? []).length > 0);
  const named = chosen ? namesOf(form["materials"]).map((code) => pick(chosen.choices?.find((one) => one.code === code) ?? { zh: code, en: code })) : materials;
  const facts = itemsOf(form["undisputed_facts"]).filter((row) => !isEmpty(row));
  return (
    <section className="stack" aria-labelledby="before-sending">
      <h2 id="before-sending" ref={heading} tabIndex={-1}>
        {t("send.title", { unit: to })}
      </h2>
      <div className="card">
        <p>{t("send.given", { unit: to })}</p>
        <ul>
          {whole && <li>{t("send.file", { n: view?.parties.length ?? 0 })}</li>}
          {whole && view?.agreement && <li>{t("send.agreement", { n: view.agreement.terms.length })}</li>}
          {step.fields.filter((spec) => spec.kind === "choice" && !ONE_MEANT.includes(spec.name)).map((spec) => {
            const chosen = spec.choices?.find((one) => one.code === textOf(form[spec.name]));
            return chosen && <li key={spec.name}>{t("send.field", { label: pick(spec.label), text: pick(chosen) })}</li>;
          })}
          {facts.length > 0 && <li>{t("send.facts", { n: facts.length })}</li>}
          {named.length > 0 && <li>{t("send.materials", { names: list(named) })}</li>}
          {step.fields.filter((spec) => (spec.kind === "text" || spec.kind === "long_text") && textOf(form[spec.name]) !== "").map((spec) => (
            <li key={spec.name}>{t("send.field", { label: pick(spec.label), text: textOf(form[spec.name]) })}</li>
          ))}
        </ul>
        <Never preview={preview} />
      </div>
      {preview ? <Gives preview={preview} /> : <Notice tone="wait">{t("send.unseen")}</Notice>}
      <Notice tone="due">{preview?.opens ? pick(preview.opens.final) : t(whole ? "send.final" : "send.final.report")}</Notice>
      {children}
      <div className="buttons">
        <Button kind="primary" onPress={send} isDisabled={busy}>
          {t("send.yes", { step: pick(step.label) })}
        </Button>
        <Button onPress={back} isDisabled={busy}>
          {t("send.no")}
        </Button>
      </div>
    </section>
  );
}

/** What stays here, by its names where the station says them. */
function Never({ preview }: { preview: StepPreview | null }) {
  const { t, pick, list } = useText();
  const never = preview?.opens?.never ?? [];
  return <p>{never.length > 0 ? t("send.never.list", { names: list(never.map(pick)) }) : t("send.never")}</p>;
}

/** Who will be able to read it, who carries it unread, what begins with it, and what a person should look at. */
function Gives({ preview }: { preview: StepPreview }) {
  const { t, pick, list, language } = useText();
  const { today } = useNow();
  const say = useProblemText();
  const { opens, started, warnings = [] } = preview;
  const day = (on: string) => showDay(on, language, today);
  const names = (units: readonly UnitNamed[]) => list(units.map((unit) => unit.name || unit.code));
  return (
    <>
      <div className="card">
        {!opens || opens.readers.length === 0 ? <p>{t("send.readers.none")}</p> : <p>{t("send.readers", { names: names(opens.readers) })}</p>}
        <ul>
          {opens && opens.carriers.length > 0 && <li>{t("send.carriers", { names: names(opens.carriers) })}</li>}
          {opens?.unnamed ? <li>{t("send.carriers.unnamed", { n: opens.unnamed })}</li> : null}
          {opens && <li>{t("send.since", { day: day(opens.since), n: opens.operations })}</li>}
          {opens?.digest && <li>{t("send.digest")}</li>}
          {started.map((clock, at) => (
            <li key={at}>{clock.due_on ? t("send.clock", { label: pick(clock.label), day: day(clock.due_on) }) : t("send.clock.open", { label: pick(clock.label) })}</li>
          ))}
        </ul>
      </div>
      {warnings.length > 0 && (
        <Notice tone="due">
          <p>{t("send.look")}</p>
          <ul>
            {warnings.map((warning, at) => (
              <li key={at}>{say(warning)}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}

/** The name of the unit to which a step goes. */
function useReceiver(step: Step, form: SpecForm, view: CaseView | undefined): string {
  const { t } = useText();
  const units = useUnits();
  const letters = view ? lettersOf(view) : [];
  const code = textOf(form["to"]) || textOf(form["court"]);
  const named = units.data?.find((unit) => unit.code === code || unit.unit === code)?.name;
  if (named) return named;
  // A draft that is sent brings its receiver along; a report goes back to the sender.
  const id = textOf(form["draft"]) || textOf(form["referral"]);
  const letter = letters.find((one) => one.id === id) ?? (letters.length === 1 ? letters[0] : undefined);
  const other = step.step === "refer-report" ? letter?.from : letter?.to;
  return other ?? (code || t("send.other"));
}
