import { useCallback, useEffect, useRef, useState, type KeyboardEvent } from "react";

const PAGE_ROWS = 10;

export interface RowKeys {
  current: number;
  focused: (at: number) => void;
  enter: () => void;
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** Arrows, Page, Home and End walk through the rows; Enter opens one. */
export function useRowKeys(count: number, bring: (at: number) => void, open: (at: number) => void): RowKeys {
  const [current, setCurrent] = useState(0);
  const wanted = useRef<number | null>(null);

  // A row that was scrolled to is there only after the next drawing.
  useEffect(() => {
    const at = wanted.current;
    if (at === null) return;
    const row = document.querySelector<HTMLElement>(`[role="row"][data-index="${at}"]`);
    if (!row) return;
    wanted.current = null;
    row.focus({ preventScroll: true });
  });

  const go = useCallback(
    (to: number) => {
      if (count === 0) return;
      const at = Math.max(0, Math.min(count - 1, to));
      wanted.current = at;
      setCurrent(at);
      bring(at);
      requestAnimationFrame(() => document.querySelector<HTMLElement>(`[role="row"][data-index="${at}"]`)?.focus({ preventScroll: true }));
    },
    [count, bring],
  );

  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE_ROWS, PageUp: -PAGE_ROWS, Home: -count, End: count };
  return {
    current: Math.min(current, Math.max(0, count - 1)),
    focused: setCurrent,
    enter: () => go(current),
    onKeyDown: (event) => {
      const step = steps[event.key];
      if (step !== undefined) {
        event.preventDefault();
        go(current + step);
      } else if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        open(current);
      }
    },
  };
}
