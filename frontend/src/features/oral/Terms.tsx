import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { DayBox } from "../../components/ui/DayBox";
import { ChoiceRow, Section, TextBox, Tick } from "../../components/ui/Fields";
import { MoneyBox } from "../../components/ui/MoneyBox";
import type { Day } from "../../lib/days";
import type { Key } from "../../lib/messages";
import { emptyTerm, type OralForm, type OralTermForm } from "./oralForm";

const MOST_TERMS = 20;

interface Props {
  form: OralForm;
  set: (part: Partial<OralForm>) => void;
  wrong: Readonly<Record<string, Key>>;
  shown: boolean;
  today: Day;
}

/** What was agreed: who does what, how much, until when; or all of it on the spot. */
export function Terms({ form, set, wrong, shown, today }: Props) {
  const { t } = useText();
  const put = (at: number, part: Partial<OralTermForm>) => set({ terms: form.terms.map((term, other) => (other === at ? { ...term, ...part } : term)) });
  const told = (path: string) => {
    const key = wrong[path];
    return key ? t(key, { most: 1000 }) : null;
  };
  const one = form.applicant.trim() || t("oral.applicant");
  const other = form.respondent.trim() || t("oral.respondent");
  const sides = [
    { value: "respondent", label: other },
    { value: "applicant", label: one },
    { value: "both", label: t("oral.both") },
  ];
  return (
    <Section title={t("oral.terms")}>
      <Tick label={t("oral.performed")} value={form.performed} onChange={(performed) => set({ performed })} />
      {form.terms.map((term, at) => (
        <div key={at} className="stack" role="group" aria-label={t("form.item", { n: at + 1 })}>
          {form.terms.length > 1 && <h3>{t("form.item", { n: at + 1 })}</h3>}
          <ChoiceRow label={t("oral.term.who")} value={term.who} onChange={(who) => put(at, { who })} options={sides} />
          <TextBox label={t("oral.term.what")} required hint={t("oral.term.what.hint")} value={term.what} onChange={(what) => put(at, { what })} shown={shown} wrong={told(`terms.${at}.what`)} />
          <div className="grid2">
            <MoneyBox label={t("oral.term.amount")} value={term.amount} onChange={(amount) => put(at, { amount })} shown={shown} wrong={told(`terms.${at}.amount`)} />
            {!form.performed && (
              <DayBox label={t("oral.term.due")} required value={term.due} onChange={(due) => put(at, { due })} today={today} leaning="future" shown={shown} wrong={told(`terms.${at}.due`)} />
            )}
          </div>
          {form.terms.length > 1 && (
            <div className="buttons">
              <Button kind="quiet" icon="cross" onPress={() => set({ terms: form.terms.filter((_, where) => where !== at) })}>
                {t("form.item.remove", { n: at + 1 })}
              </Button>
            </div>
          )}
        </div>
      ))}
      {form.terms.length < MOST_TERMS && (
        <div className="buttons">
          <Button icon="plus" onPress={() => set({ terms: [...form.terms, emptyTerm()] })}>
            {t("form.item.add")}
          </Button>
        </div>
      )}
    </Section>
  );
}
