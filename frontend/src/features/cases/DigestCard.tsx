import type { CaseView } from "../../api/types";
import { useCodeTable, type Table } from "../../components/codes";
import { useText } from "../../components/text";
import { Notice } from "../../components/ui/Notice";
import { useNow } from "../../components/now";
import { writeMoney } from "../../lib/money";
import { showDay } from "../../lib/when";
import { stage } from "./rowWords";

// In the order in which they are read: people, then meetings, then what was agreed.
const COUNTS = ["parties", "applicants", "respondents", "third", "persons", "organisations", "mediators", "sessions", "terms", "terms_open"] as const;

/** What a court or supervisor sees: figures and states, no names, no story. */
export function DigestCard({ view }: { view: CaseView }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();
  const digest = view.digest;
  const comma = language === "en" ? ", " : "、";
  const days = (list: readonly string[] = []) => list.map((day) => showDay(day, language, today)).join(comma);
  const counted = (table: Table, of: Readonly<Record<string, number>> = {}) =>
    Object.entries(of).map(([code, n]) => t("digest.counted", { what: word(table, code), n })).join(comma);
  const agreed = digest?.agreed_fen;
  const rows: [string, string][] = [
    [word("fields", "category"), view.category ? word("categories", view.category) : ""],
    [word("fields", "source"), view.source ? word("sources", view.source) : ""],
    [t("digest.month"), digest ? showDay(digest.month_received, language, today) : ""],
    [word("fields", "tags"), (digest?.tags ?? []).map((tag) => word("tags", tag)).join(comma)],
    [t("cases.column.stage"), stage(view.state, word)],
    [word("fields", "amount_fen"), digest?.amount_band ? word("amount_bands", digest.amount_band) : ""],
    [word("fields", "form"), digest?.form ? word("agreement_forms", digest.form) : ""],
    [word("fields", "effective_on"), digest?.effective_on ? days([digest.effective_on]) : ""],
    [word("fields", "agreed_fen"), agreed === undefined ? "" : t("value.money", { yuan: writeMoney(agreed) })],
    [word("fields", "due_on"), days(digest?.due_on)],
    [word("fields", "roster"), (digest?.mediators ?? []).join(comma)],
    [word("fields", "helpers"), counted("helper_roles", digest?.helpers)],
    ...COUNTS.flatMap((name): [string, string][] => {
      const n = digest?.counts[name];
      return n === undefined ? [] : [[word("fields", `counts.${name}`), String(n)]];
    }),
    [word("fields", "organisation_kinds"), counted("organisation_kinds", digest?.organisation_kinds)],
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
