import type { CaseView } from "../../../api/types";
import { ByLine } from "../../../components/ByLine";
import { useNow } from "../../../components/now";
import { useStepValues } from "../../../components/stepValues";
import { useText } from "../../../components/text";
import { showMoment } from "../../../lib/when";
import { Facts } from "./Facts";

type Given = CaseView["events"][number];

// By which field each tells who stands behind it.
const BEHIND: Readonly<Record<string, string>> = { undisputed: "confirmed_by", "give-minutes": "by", release: "released_by" };

/** What the parties let out of the notes: facts that they confirmed, minutes that they signed, words that they released. */
export function GivenCard({ view }: { view: CaseView }) {
  const { t } = useText();
  const given = view.events.filter((event) => event.step in BEHIND && (event.standing ?? "stands") === "stands");
  if (given.length === 0) return null;
  return (
    <section className="card stack" aria-labelledby="given">
      <h2 id="given">{t("given.title")}</h2>
      {given.map((event) => (
        <One key={event.id} event={event} />
      ))}
    </section>
  );
}

function One({ event }: { event: Given }) {
  const { t, list, language } = useText();
  const { today } = useNow();
  const said = useStepValues();
  const fields = event.fields ?? {};
  const names = namesOf(fields[BEHIND[event.step] ?? ""]);
  const facts = factsOf(fields["undisputed_facts"]);
  const text = typeof fields["text"] === "string" ? fields["text"] : "";
  return (
    <article className="stack tight">
      <b>
        {event.at && showMoment(event.at, language, today)} {t(TITLES[event.step] ?? "given.title")}
      </b>
      {facts.length > 0 && (
        <ol className="short-list">
          {facts.map((fact, at) => (
            <li key={at}>{fact}</li>
          ))}
        </ol>
      )}
      {text !== "" && (
        <div className="read">
          {text.split("\n").map((line, at) => (
            <p key={at}>{line}</p>
          ))}
        </div>
      )}
      <Facts
        rows={[
          [t("given.purpose"), fields["purpose"] === undefined ? "" : said(event.step, "purpose", fields["purpose"])],
          [t(event.step === "undisputed" ? "given.confirmed" : event.step === "release" ? "given.released" : "given.signed"), list(names)],
        ]}
      />
      <ByLine by={event} at="" />
    </article>
  );
}

const TITLES = { undisputed: "given.undisputed", "give-minutes": "given.minutes", release: "given.release" } as Readonly<Record<string, "given.undisputed" | "given.minutes" | "given.release">>;

const namesOf = (value: unknown): string[] => (Array.isArray(value) ? value.filter((one) => typeof one === "string") : []);

const factsOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : []).flatMap((row: unknown) => {
    const fact = typeof row === "object" && row !== null ? (row as Record<string, unknown>)["fact"] : undefined;
    return typeof fact === "string" ? [fact] : [];
  });
