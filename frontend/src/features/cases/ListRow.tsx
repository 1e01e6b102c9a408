import { memo } from "react";
import type { CaseRow } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { useText } from "../../components/text";
import { Tag } from "../../components/ui/Tag";
import type { Day } from "../../lib/days";
import { showDay } from "../../lib/when";
import { nextWords, stage, titleOf, toneOf } from "./rowWords";
import type { RowKeys } from "./useRowKeys";

interface Props {
  row: CaseRow;
  at: number;
  top: number;
  today: Day;
  open: boolean;
  current: boolean;
  keys: RowKeys;
  openRow: (at: number) => void;
  measure: (element: Element | null) => void;
}

export const ListRow = memo(function ListRow({ row, at, top, today, open, current, keys, openRow, measure }: Props) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const next = nextWords(row.next, t, word);
  const tone = row.next ? toneOf(row.next) : "plain";
  // A case without a title is called by its category; whose it is tells more there.
  const about = [row.title ? word("categories", row.category) : row.unit_name, row.place, ...(row.tags ?? []).map((tag) => word("tags", tag))].filter(Boolean);
  return (
    <div
      ref={measure}
      data-index={at}
      className="row"
      role="row"
      aria-rowindex={at + 2}
      aria-selected={open}
      tabIndex={current ? 0 : -1}
      style={{ position: "absolute", top: 0, insetInline: 0, transform: `translateY(${top}px)` }}
      onClick={() => openRow(at)}
      onFocus={() => keys.focused(at)}
      onKeyDown={keys.onKeyDown}
    >
      <span role="gridcell" className="row-case">
        <b>{titleOf(row, t, word)}</b> {row.unknown && <Tag tone="wait">{t("case.unknown.row")}</Tag>}
        <span className="small soft">{about.join(" · ")}</span>
      </span>
      <span role="gridcell">{row.conflicts > 0 ? t("stage.conflict") : stage(row.state, word)}</span>
      <span role="gridcell" className="soft">
        {showDay(row.received_on, language, today)}
      </span>
      <span role="gridcell">{next && (tone === "plain" ? <span className="soft">{next}</span> : <Tag tone={tone}>{next}</Tag>)}</span>
    </div>
  );
});
