import { useTable, useTables } from "../../api/tables";
import type { TableLine } from "../../api/types";
import { useNow } from "../../components/now";
import { useText } from "../../components/text";
import { LinkButton } from "../../components/ui/Button";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { Tag } from "../../components/ui/Tag";
import { href } from "../../lib/route";
import { showDay } from "../../lib/when";
import { Content } from "./Content";

/** The data tables in force here: which version, from whom, since when, and what others there are. */
export function TablesPage() {
  const { t } = useText();
  const tables = useTables();
  const names = [...new Set((tables.data ?? []).map((line) => line.table))];
  return (
    <Page title={t("tables.title")} sub={t("tables.sub")}>
      <div className="content narrow">
        {tables.isPending && <Waiting>{t("wait.loading")}</Waiting>}
        <Failure error={tables.error} />
        <ul className="plain-list stack">
          {names.map((name) => (
            <li key={name} className="card">
              <Versions lines={(tables.data ?? []).filter((line) => line.table === name)} />
            </li>
          ))}
        </ul>
      </div>
    </Page>
  );
}

function useFrom(): (line: TableLine) => string {
  const { t, language } = useText();
  const { today } = useNow();
  return (line) => t("tables.from", { unit: line.unit_name || (line.unit === "" ? t("tables.program") : (line.unit_code ?? line.unit.slice(0, 8))), n: line.version, day: showDay(line.valid_from, language, today) });
}

function Versions({ lines }: { lines: readonly TableLine[] }) {
  const { t, pick } = useText();
  const from = useFrom();
  const sorted = [...lines].sort((a, b) => Number(b.effective) - Number(a.effective));
  const first = sorted[0];
  if (!first) return null;
  return (
    <div className="stack tight">
      <div className="line-row">
        <h2 className="grow">{first.title ? pick(first.title) : first.table}</h2>
        <LinkButton href={href(["tables", first.table])}>{t("tables.show")}</LinkButton>
      </div>
      <ul className="plain-list stack tight">
        {sorted.map((line, at) => (
          <li key={at} className="line-row">
            {line.effective ? <Tag tone="ok">{t("tables.effective")}</Tag> : <Tag>{t(`tables.why.${line.why ?? "replaced"}`)}</Tag>}
            <span className="grow">
              {from(line)}
              <span className="small soft block" data-both>{line.source}</span>
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}

export function TablePage({ name }: { name: string }) {
  const { t, pick } = useText();
  const table = useTable(name);
  const from = useFrom();
  const back = { href: href(["tables"]), label: t("back.to", { title: t("tables.title") }) };
  if (table.isPending) return <Waiting>{t("wait.loading")}</Waiting>;
  return (
    <Page title={table.data?.title ? pick(table.data.title) : name} back={back} sub={table.data && from(table.data)}>
      <div className="content">
        <Failure error={table.error} />
        {table.data && (
          <>
            <p className="soft read" data-both>{table.data.source}</p>
            <div className="stack" data-both>
              <Content value={(table.data.document as { content?: unknown }).content} />
            </div>
          </>
        )}
      </div>
    </Page>
  );
}
