import { useText } from "../../components/text";

type Row = Record<string, unknown>;

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is { zh: string; en: string } => isRow(value) && typeof value["zh"] === "string" && typeof value["en"] === "string" && Object.keys(value).length === 2;

// What tells rows apart comes first; the names of a row in both languages are one column.
function columnsOf(rows: readonly Row[]): string[] {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return all.filter((name) => name !== "en" || !all.includes("zh"));
}

/** What stands in a table, whatever its shape: lists of rows as tables, the rest as names with values. */
export function Content({ value, level = 2 }: { value: unknown; level?: number }) {
  const said = useCell();
  if (Array.isArray(value)) {
    const rows = value.filter(isRow);
    if (rows.length === value.length && rows.length > 0) return <Rows rows={rows} />;
    return <p>{said(value)}</p>;
  }
  if (!isRow(value)) return <p>{said(value)}</p>;
  const Heading = level === 2 ? "h2" : "h3";
  return (
    <>
      {Object.entries(value).map(([name, part]) => (
        <section key={name} className="stack tight">
          <Heading className="code-name">{name}</Heading>
          <Content value={part} level={level + 1} />
        </section>
      ))}
    </>
  );
}

function useCell(): (value: unknown) => string {
  const { t, pick, list } = useText();
  const say = (value: unknown): string => {
    if (value === null || value === undefined || value === "") return "";
    if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
    if (isText(value)) return pick(value);
    if (Array.isArray(value)) return list(value.map(say));
    if (isRow(value)) return Object.entries(value).map(([name, part]) => `${name} ${say(part)}`).join("; ");
    return typeof value === "string" ? value : JSON.stringify(value);
  };
  return say;
}

function Rows({ rows }: { rows: readonly Row[] }) {
  const { t, pick } = useText();
  const said = useCell();
  const columns = columnsOf(rows);
  return (
    // The wide table is read by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-wrap" tabIndex={0} role="region" aria-label={t("tables.rows", { n: rows.length })}>
      <table>
        <thead>
          <tr>
            {columns.map((name) => (
              <th key={name} scope="col">
                {name === "zh" ? t("tables.name") : <span className="code-name">{name}</span>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {columns.map((name) => (
                <td key={name}>{name === "zh" && typeof row["en"] === "string" ? pick({ zh: String(row["zh"]), en: row["en"] }) : said(row[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
