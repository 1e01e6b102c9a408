import type { CaseView } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { useText } from "../../components/text";
import { Notice } from "../../components/ui/Notice";
import { useNow } from "../../components/now";
import { showDay } from "../../lib/when";
import { stage } from "./rowWords";

// In the order in which they are read: people, then meetings, then what was agreed.
const COUNTS = ["parties", "applicants", "respondents", "third", "persons", "organisations", "sessions", "terms", "terms_open"] as const;

/** What a court or supervisor sees: figures and states, no names, no story. */
export function DigestCard({ view }: { view: CaseView }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();
  const digest = view.digest;
  const rows: [string, string][] = [
    [word("fields", "category"), view.category ? word("categories", view.category) : ""],
    [word("fields", "source"), view.source ? word("sources", view.source) : ""],
    [t("digest.month"), digest ? showDay(digest.month_received, language, today) : ""],
    [t("cases.column.stage"), stage(view.state, word)],
    [word("fields", "amount_fen"), digest?.amount_band ? word("amount_bands", digest.amount_band) : ""],
    ...COUNTS.flatMap((name): [string, string][] => {
      const n = digest?.counts[name];
      return n === undefined ? [] : [[word("fields", `counts.${name}`), String(n)]];
    }),
  ];
  return (
    <section className="stack">
      <Notice tone="wait">{t("digest.why")}</Notice>
      <div className="card">
        <table>
          <tbody>
            {rows.filter(([, value]) => value !== "").map(([name, value]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                <td>{value}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
