import { useNeedTable } from "../../../api/needs";
import { useCodeTable } from "../../../components/codes";
import { useText } from "../../../components/text";

/** What is owed to a party with these needs; nothing where the table can't be read. */
export function NeedsOwed({ needs }: { needs: readonly string[] }) {
  const { t, pick } = useText();
  const { word } = useCodeTable();
  const table = useNeedTable().data;
  const owed = needs.filter((need) => (table?.get(need) ?? []).length > 0);
  if (!table || owed.length === 0) return null;
  return (
    <details className="small">
      <summary>{t("party.owed")}</summary>
      {owed.map((need) => (
        <div key={need}>
          <b>{word("needs", need)}</b>
          <ul>
            {table.get(need)?.map((item) => (
              <li key={item.id}>{t(item.law ? "party.owed.law" : "party.owed.practice", { what: pick(item.text), article: pick(item.article) })}</li>
            ))}
          </ul>
        </div>
      ))}
    </details>
  );
}
