// The sync sentence: only words of one table, only facts that the station
// gave. What it does not know, it does not say.
import type { Reason, SyncState } from "../../api/types";
import type { Key, Values } from "../../lib/messages";

export interface Line {
  key: Key;
  values: Values;
  /** Why the last try failed, to be said in the reader's words. */
  trouble?: Reason;
}

/** The lines under "safe on this computer", the most telling first. */
export function sentence(state: SyncState, time: (moment: string) => string): Line[] {
  const lines: Line[] = [];
  for (const partner of state.partners) {
    const unit = partner.unit_name;
    if (partner.trouble) {
      lines.push({ key: "sync.trouble", values: { unit }, trouble: partner.trouble });
    } else if (partner.running) {
      lines.push({ key: "sync.running", values: { unit } });
    }
    if (partner.waiting > 0) lines.push({ key: "sync.waiting", values: { unit, n: partner.waiting } });
    if (partner.trouble) continue;
    if (partner.in_step_at && partner.waiting === 0) {
      lines.push({ key: "sync.instep", values: { unit, time: time(partner.in_step_at) } });
    } else if (partner.received_at && partner.waiting === 0) {
      lines.push({ key: "sync.received", values: { unit, time: time(partner.received_at) } });
    }
  }
  if (state.road === "none") lines.unshift({ key: "sync.noroad", values: {} });
  return lines;
}
