import { more, type Letter, type Material, type Report } from "../../../api/lifecycleTypes";
import type { CaseView } from "../../../api/types";
import { useCodeTable } from "../../../components/codes";
import { useNow } from "../../../components/now";
import { useStepWords } from "../../../components/specs/useStepWords";
import { useText } from "../../../components/text";
import { Tag, type Tone } from "../../../components/ui/Tag";
import { showDay } from "../../../lib/when";
import { Facts } from "./Facts";

const TONES: Readonly<Record<string, Tone>> = {
  draft: "plain", sent: "wait", received: "wait", accepted: "wait", in_work: "wait", reported: "due", declined: "bad", lapsed: "bad", recalled: "plain", closed: "ok",
};

/** Letters of the case: from whom to whom, how far, with what, and what came back. */
export function LettersCard({ view }: { view: CaseView }) {
  const { t } = useText();
  const letters = more(view).referrals ?? [];
  if (letters.length === 0) return null;
  return (
    <section className="card stack">
      <h2>{t("letters.title")}</h2>
      {letters.map((letter) => (
        <LetterPart key={letter.id} letter={letter} id={view.id} />
      ))}
    </section>
  );
}

function LetterPart({ letter, id }: { letter: Letter; id: string }) {
  const { t, language } = useText();
  const { today } = useNow();
  const { word } = useCodeTable();
  const said = useStepWords(id);
  const day = (on: string | undefined) => (on ? showDay(on, language, today) : "");
  const declined = letter.declined_on !== undefined;
  return (
    <article className="stack tight">
      <div className="line-row">
        <b className="grow">{t("letters.way", { kind: said("refer", "kind", letter.kind), from: letter.from, to: letter.to })}</b>
        <Tag tone={TONES[letter.state] ?? "plain"}>{word("referral", letter.state)}</Tag>
      </div>
      <Facts
        rows={[
          [t("letters.no"), letter.letter_no],
          [t("letters.court_no"), letter.court_no],
          [t("letters.sent"), day(letter.sent_on)],
          [t("letters.received"), letter.received_on && [day(letter.received_on), letter.received_by].filter(Boolean).join(" · ")],
          [t("letters.accepted"), day(letter.accepted_on)],
          [t("letters.until"), day(letter.until)],
          [t("letters.declined"), day(letter.declined_on)],
          [t(declined ? "letters.declined.why" : "letters.why"), letter.why],
          [t("letters.consents"), (letter.consents ?? []).map((one) => one.who).join(language === "en" ? ", " : "、")],
          [t("letters.closed"), letter.closed_on && [day(letter.closed_on), letter.outcome && said("refer-close", "outcome", letter.outcome)].filter(Boolean).join(" · ")],
        ]}
      />
      <Materials title={t("letters.materials")} list={letter.materials ?? []} />
      {letter.report && <ReportPart report={letter.report} id={id} />}
    </article>
  );
}

// Enough of a fingerprint to compare over the telephone.
const DIGITS = 12;

function Materials({ title, list }: { title: string; list: readonly Material[] }) {
  const { t } = useText();
  if (list.length === 0) return null;
  return (
    <div>
      <div className="small soft">{title}</div>
      <ol className="short-list">
        {list.map((one, at) => (
          <li key={at}>
            {one.name}
            <span className="small soft">
              {" "}
              {[one.copies ? t("letters.copies", { n: one.copies }) : "", one.pages ? t("letters.pages", { n: one.pages }) : "", one.sha256 ? t("letters.print", { digits: one.sha256.slice(0, DIGITS) }) : ""].filter(Boolean).join(" · ")}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}

function ReportPart({ report, id }: { report: Report; id: string }) {
  const { t, language } = useText();
  const { today } = useNow();
  const said = useStepWords(id);
  return (
    <div className="report stack tight">
      <b>{t("letters.report", { day: showDay(report.on, language, today), result: said("refer-report", "result", report.result) })}</b>
      {(report.undisputed_facts ?? []).length > 0 && (
        <div>
          <div className="small soft">{t("letters.undisputed")}</div>
          <ol className="short-list">
            {(report.undisputed_facts ?? []).map((one, at) => (
              <li key={at}>{one.fact}</li>
            ))}
          </ol>
        </div>
      )}
      <Facts
        rows={[
          [t("letters.course"), report.course],
          [t("letters.why"), report.why],
          [t("letters.focus"), report.focus],
          [t("letters.conduct"), report.conduct],
          [t("letters.hints"), report.hints],
          [t("letters.sham"), report.sham],
          [t("letters.simple"), report.simple === undefined ? "" : t(report.simple ? "value.yes" : "value.no")],
        ]}
      />
      <Materials title={t("letters.returned")} list={report.materials ?? []} />
    </div>
  );
}
