import type { ReactNode } from "react";
import { useCodeTable } from "../../components/codes";
import { useNow } from "../../components/now";
import { useText } from "../../components/text";
import { isKey, type Key } from "../../lib/messages";
import { showDay } from "../../lib/when";

type Row = Record<string, unknown>;

const isRow = (value: unknown): value is Row => typeof value === "object" && value !== null && !Array.isArray(value);
const isNamed = (value: unknown): value is Row & { zh: string; en: string } => isRow(value) && typeof value["zh"] === "string" && typeof value["en"] === "string";

// Rows with more to say than this are read one under another, not across.
const MOST_COLUMNS = 4;

type Names = ReadonlyMap<string, { zh: string; en: string }>;

/** What the rows of a table are called by their ids: its lists name each other's rows so. */
function namesIn(value: unknown, into = new Map<string, { zh: string; en: string }>()): Names {
  if (Array.isArray(value)) value.forEach((one) => namesIn(one, into));
  else if (isRow(value)) {
    if (isNamed(value) && typeof value["id"] === "string") into.set(value["id"], value);
    Object.values(value).forEach((one) => namesIn(one, into));
  }
  return into;
}

/**
 * What stands in a table, in words, whatever its shape: what this window has no
 * words for are the program's own codes, which say nothing to its reader.
 */
export function Content({ value }: { value: unknown }) {
  const names = namesIn(value);
  if (!isRow(value)) return null;
  return (
    <>
      {Object.entries(value).map(([name, part]) => (
        <Part key={name} name={name} part={part} names={names} />
      ))}
    </>
  );
}

function Part({ name, part, names }: { name: string; part: unknown; names: Names }) {
  const { t } = useText();
  const said = useCell(names);
  const title = `tables.part.${name}`;
  if (!isKey(title)) return null;
  const rows = Array.isArray(part) ? part.filter(isRow) : [];
  return (
    <section className="stack tight">
      <h2>{t(title)}</h2>
      {rows.length > 0 ? <Rows rows={rows} names={names} /> : <p>{said(name, part)}</p>}
    </section>
  );
}

const columnKey = (name: string): Key | null => {
  const key = `tables.col.${name}`;
  return isKey(key) ? key : null;
};

/** Says a value: a code by its name, a text in the reader's language, a list one after another. */
function useCell(names: Names): (column: string, value: unknown) => string {
  const { t, pick, list, language } = useText();
  const { today } = useNow();
  const { word } = useCodeTable();
  const say = (column: string, value: unknown): string => {
    if (value === null || value === undefined || value === "") return "";
    if (typeof value === "boolean") return t(value ? "value.yes" : "value.no");
    if (isNamed(value)) return [pick(value), ...parts(value)].join(" ");
    if (Array.isArray(value)) return column === "items" || column === "holidays" ? "" : list(value.map((one) => say(column, one)).filter(Boolean));
    if (isRow(value)) return parts(value).join(" ");
    if (typeof value === "number") return String(value);
    if (typeof value !== "string") return "";
    if (/^\d{4}-\d\d-\d\d$/.test(value)) return showDay(value, language, today);
    const own = `tables.code.${column}.${value}`;
    if (isKey(own)) return t(own);
    const named = names.get(value);
    if (named) return pick(named);
    if (column === "categories") return word("categories", value);
    const actor = `actor.${value}`;
    return column === "actor" && isKey(actor) ? t(actor) : value;
  };
  const parts = (row: Row): string[] => Object.entries(row).filter(([name]) => name !== "zh" && name !== "en" && columnKey(name) !== null).map(([name, part]) => say(name, part)).filter(Boolean);
  return say;
}

function Rows({ rows, names }: { rows: readonly Row[]; names: Names }) {
  const { t, pick } = useText();
  const said = useCell(names);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].flatMap((name) => {
    const key = columnKey(name);
    return key ? [{ name, key }] : [];
  });
  const titled = rows.some(isNamed);
  const title = (row: Row): string => (isNamed(row) ? pick(row) : "");
  const nested = columns.some(({ name }) => rows.some((row) => Array.isArray(row[name]) && (row[name] as unknown[]).some(isRow)));
  if (columns.length + (titled ? 1 : 0) > MOST_COLUMNS || nested) {
    return (
      <ul className="plain-list stack tight">
        {rows.map((row, at) => (
          <li key={at} className="card stack tight">
            {titled && <b>{title(row)}</b>}
            <dl className="facts">
              {columns.map(({ name, key }) => {
                const value = row[name];
                const inner = Array.isArray(value) && value.some(isRow);
                const shown: ReactNode = inner ? <Inner rows={value.filter(isRow)} said={said} /> : said(name, value);
                return (
                  shown !== "" && (
                    <div key={name} className={inner ? "whole" : undefined}>
                      <dt>{t(key)}</dt>
                      <dd>{shown}</dd>
                    </div>
                  )
                );
              })}
            </dl>
          </li>
        ))}
      </ul>
    );
  }
  return (
    // The wide table is read by the keyboard too.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="table-wrap" tabIndex={0} role="region" aria-label={t("tables.rows", { n: rows.length })}>
      <table>
        <thead>
          <tr>
            {titled && <th scope="col">{t("tables.name")}</th>}
            {columns.map(({ name, key }) => (
              <th key={name} scope="col">
                {t(key)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, at) => (
            <tr key={at}>
              {titled && <td>{title(row)}</td>}
              {columns.map(({ name }) => (
                <td key={name}>{said(name, row[name])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Rows inside a row: what is owed for a need, the holidays of a year. */
function Inner({ rows, said }: { rows: readonly Row[]; said: (column: string, value: unknown) => string }) {
  const { t, pick } = useText();
  return (
    <ul>
      {rows.map((row, at) => (
        <li key={at}>
          {isNamed(row) && pick(row)}
          <span className="small soft block">
            {Object.entries(row)
              .flatMap(([name, value]) => {
                const key = columnKey(name);
                const text = key && name !== "source" ? said(name, value) : "";
                return key && text !== "" ? [t("tables.pair", { name: t(key), text })] : [];
              })
              .join(" · ")}
          </span>
        </li>
      ))}
    </ul>
  );
}
