import { useEffect, useMemo, useRef, useState } from "react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCaseList } from "../../api/cases";
import type { CaseCounts, CaseRow } from "../../api/types";
import { LeftOut } from "../../components/LeftOut";
import { useText } from "../../components/text";
import { Failure, Waiting } from "../../components/ui/Notice";
import type { Day } from "../../lib/days";
import { href, replaceWith } from "../../lib/route";
import { useDebounced } from "../../lib/useDebounced";
import { LinkButton } from "../../components/ui/Button";
import { Page } from "../../components/ui/Page";
import { useSession } from "../../components/session";
import { DraftsLine } from "./DraftsLine";
import { ListFilter } from "./ListFilter";
import { ListFind } from "./ListFind";
import { ListRow } from "./ListRow";
import { useRowKeys } from "./useRowKeys";

// Short enough to feel at once, long enough not to ask at every keystroke.
const FILTER_PAUSE_MS = 120;
// A guess until a row was measured, in rem.
const ROW_REM = 3.8125;
// Rows beyond the last visible one at which more are asked for.
const AHEAD = 60;

interface Props {
  open?: string | undefined;
  query: Readonly<Record<string, string>>;
  today: Day;
}

export function CaseList({ open, query, today }: Props) {
  const { t } = useText();
  const { may } = useSession();
  const [text, setText] = useState(query["q"] ?? "");
  const group = (query["group"] ?? "all") as keyof CaseCounts;
  const wanted = useDebounced(text.trim(), FILTER_PAUSE_MS);
  const list = useCaseList({ text: wanted, group });
  const rows = useMemo<CaseRow[]>(() => list.data?.pages.flatMap((page) => page.cases) ?? [], [list.data]);
  const counts = list.data?.pages[0]?.counts;

  const address = (changes: Record<string, string>) => href(open ? ["cases", open] : ["cases"], { ...query, ...changes });
  useEffect(() => {
    if (wanted !== (query["q"] ?? "")) replaceWith(href(open ? ["cases", open] : ["cases"], { ...query, q: wanted }));
  }, [wanted, open, query]);

  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_REM * parseFloat(getComputedStyle(document.documentElement).fontSize),
    overscan: 8,
    getItemKey: (at) => rows[at]?.id ?? at,
  });
  const items = virtual.getVirtualItems();
  const last = items[items.length - 1]?.index ?? 0;
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = list;
  useEffect(() => {
    if (hasNextPage && !isFetchingNextPage && last >= rows.length - AHEAD) void fetchNextPage();
  }, [last, rows.length, hasNextPage, isFetchingNextPage, fetchNextPage]);

  const openAt = (at: number) => {
    const row = rows[at];
    if (row) window.location.hash = href(["cases", row.id], query).slice(1);
  };
  const keys = useRowKeys(rows.length, (at) => virtual.scrollToIndex(at), openAt);
  const total = counts?.[group] ?? rows.length;

  return (
    <Page
      title={t("cases.title")}
      middle={<ListFind text={text} setText={setText} down={keys.enter} />}
      actions={
        may("new_case") && (
          <LinkButton kind="primary" icon="plus" href={href(["cases", "new"])}>
            {t("cases.new")}
          </LinkButton>
        )
      }
    >
      <DraftsLine />
      <ListFilter group={group} counts={counts} choose={(next) => replaceWith(address({ group: next === "all" ? "" : next }))} />
      {list.isPending && <Waiting>{t("wait.loading")}</Waiting>}
      <div style={{ padding: "0 1.5rem" }}>
        <Failure error={list.error} />
        <LeftOut cases={list.data?.pages.flatMap((page) => page.left_out ?? [])} />
      </div>
      {list.data && rows.length === 0 && <Empty filtered={wanted !== "" || group !== "all"} />}
      {rows.length > 0 && (
        <div className="rows" role="grid" aria-label={t("cases.title")} aria-rowcount={total + 1} ref={scroller}>
          <div role="rowgroup" className="rows-head">
            <div className="row head" role="row" aria-rowindex={1}>
              <span role="columnheader">{t("cases.column.case")}</span>
              <span role="columnheader">{t("cases.column.stage")}</span>
              <span role="columnheader">{t("cases.column.received")}</span>
              <span role="columnheader">{t("cases.column.next")}</span>
            </div>
          </div>
          <div role="rowgroup" style={{ height: virtual.getTotalSize(), position: "relative" }}>
            {items.map((item) => {
              const row = rows[item.index];
              if (!row) return null;
              return (
                <ListRow
                  key={item.key}
                  row={row}
                  at={item.index}
                  top={item.start}
                  today={today}
                  open={row.id === open}
                  current={keys.current === item.index}
                  keys={keys}
                  openRow={openAt}
                  measure={virtual.measureElement}
                />
              );
            })}
          </div>
        </div>
      )}
      <p className="visually-hidden" role="status">
        {list.data && t("cases.found", { n: total })}
      </p>
    </Page>
  );
}

function Empty({ filtered }: { filtered: boolean }) {
  const { t } = useText();
  return (
    <div className="empty read">
      <h2>{t(filtered ? "cases.none.filtered" : "cases.none")}</h2>
      <p className="soft">{t(filtered ? "cases.none.filtered.do" : "cases.none.do")}</p>
    </div>
  );
}
