// The order of what is due: what is late first, then by day; of one day what is
// mine before what is others', duties before targets.
import type { DueItem } from "../../api/lifecycleTypes";

/** Whether it is this person's to do: of a case he mediates, or of one that nobody was given yet. */
export function mine(item: DueItem, person: string): boolean {
  const mediators = item.mediators ?? [];
  return item.mine !== false && (mediators.length === 0 || mediators.includes(person));
}

export interface DueGroup {
  /** The day, or "over" for all that is late. */
  day: string;
  items: DueItem[];
}

export function byDay(items: readonly DueItem[], person: string): DueGroup[] {
  const rank = (item: DueItem) => (mine(item, person) ? 0 : 2) + (item.soft ? 1 : 0);
  const sorted = [...items].sort((a, b) => rank(a) - rank(b) || (a.due_on < b.due_on ? -1 : a.due_on > b.due_on ? 1 : 0) || (a.case < b.case ? -1 : 1));
  const groups = new Map<string, DueItem[]>();
  for (const item of sorted) {
    const day = item.days_over > 0 && !item.soft ? "over" : item.due_on;
    groups.set(day, [...(groups.get(day) ?? []), item]);
  }
  return [...groups]
    .map(([day, list]) => ({ day, items: list }))
    .sort((a, b) => (a.day === "over" ? -1 : b.day === "over" ? 1 : a.day < b.day ? -1 : 1));
}
