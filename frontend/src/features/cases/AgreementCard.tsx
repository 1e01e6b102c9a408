import type { CaseView, Term } from "../../api/types";
import { useNow } from "../../components/now";
import { useText } from "../../components/text";
import { Tag } from "../../components/ui/Tag";
import { writeMoney } from "../../lib/money";
import type { Day } from "../../lib/days";
import { href } from "../../lib/route";
import { showDay, showMoment } from "../../lib/when";

/** What was agreed: who does what until when, what is done, whose name is missing. */
export function AgreementCard({ view }: { view: CaseView }) {
  const { t, language } = useText();
  const { today } = useNow();
  const agreement = view.agreement;
  if (!agreement) return null;
  const join = (names: readonly string[]) => names.join(language === "en" ? ", " : "、");
  // Days count once the agreement binds: before that nobody is late.
  const contested = agreement.contested || view.conflicts.some((conflict) => conflict.field.startsWith("agreement") || conflict.field.startsWith("terms"));
  const counts = !contested && (Boolean(agreement.effective_on) || view.state.mediation === "effective");
  return (
    <section className="paper-sheet">
      <h2 className="soft" style={{ fontSize: "1rem" }}>
        {t(agreement.form === "oral" ? "agreement.oral" : "agreement.written", { day: showMoment(agreement.at, language, today) })}
      </h2>
      {contested && (
        <p>
          <Tag tone="wait">{t("stage.conflict")}</Tag> <a href={href(["conflicts", view.id])}>{t("agreement.contested")}</a>
        </p>
      )}
      {agreement.draft && <Tag tone="wait">{agreement.complete_on ? t("agreement.complete", { day: showDay(agreement.complete_on, language, today) }) : t("agreement.draft")}</Tag>}
      {!agreement.draft && !contested && agreement.effective_on && <Tag tone="ok">{t("agreement.effective", { day: showDay(agreement.effective_on, language, today) })}</Tag>}
      <ol>
        {agreement.terms.map((term: Term) => (
          <li key={term.id}>
            {term.who}
            {language === "en" ? ": " : "："}
            {term.what}
            {term.amount_fen !== undefined && ` · ${t("value.money", { yuan: writeMoney(term.amount_fen) })}`}
            {term.to && ` · ${t("agreement.to", { name: term.to })}`}
            {term.due && ` · ${t("agreement.due", { day: showDay(term.due, language, today) })}`} <TermState term={term} counts={counts} today={today} />
          </li>
        ))}
      </ol>
      {agreement.clauses && agreement.clauses.length > 0 && (
        <>
          <h3 className="soft small">{t("agreement.clauses")}</h3>
          <ul>
            {agreement.clauses.map((clause, i) => (
              <li key={i}>{clause}</li>
            ))}
          </ul>
        </>
      )}
      {agreement.form !== "oral" && (
        <p className="small" style={{ fontFamily: "var(--ui)" }}>
          {agreement.signed_by && agreement.signed_by.length > 0 && t("agreement.signed", { names: join(agreement.signed_by) })}{" "}
          {agreement.missing && agreement.missing.length > 0 && <Tag tone="due">{t("agreement.missing", { names: join(agreement.missing) })}</Tag>}{" "}
          {agreement.sealed ? <Tag tone="ok">{t("agreement.sealed")}</Tag> : <Tag tone="due">{t("agreement.unsealed")}</Tag>}
        </p>
      )}
    </section>
  );
}

/** How far one term is: performed, paid in part, late, in default. */
function TermState({ term, counts, today }: { term: Term; counts: boolean; today: Day }) {
  const { t, language } = useText();
  if (term.performed_at) return <Tag tone="ok">{t("agreement.done", { day: showMoment(term.performed_at, language, today) })}</Tag>;
  const paid = term.paid_fen;
  return (
    <>
      {paid !== undefined && (
        <Tag tone="wait">
          {term.amount_fen === undefined
            ? t("agreement.paid", { paid: writeMoney(paid) })
            : t("agreement.paid.of", { paid: writeMoney(paid), left: writeMoney(Math.max(0, term.amount_fen - paid)) })}
        </Tag>
      )}{" "}
      {term.default_on ? (
        <Tag tone="bad">{t("agreement.default", { day: showDay(term.default_on, language, today) })}</Tag>
      ) : (
        counts && term.due !== undefined && term.due < today && <Tag tone="bad">{t("agreement.overdue")}</Tag>
      )}
    </>
  );
}
