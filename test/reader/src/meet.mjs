// The command `meet`: an enrolled machine's folder meets a served station; with --set it makes and pushes one own edit.
import { hex, need } from './bytes.mjs';
import { editOf } from './edit.mjs';
import { counts, OPERATION } from './folder.mjs';
import { Holds } from './holds.mjs';
import { machineIn, Road } from './road.mjs';
import { meet } from './session.mjs';

const MEETINGS = 4; // receipts follow what was moved: the second or third meeting is in step

/** meetStation gives what the command prints. `edit` is {seat, case, fields}, or nothing. */
export async function meetStation(url, folder, { peer, edit, log }) {
  const { own } = folder;
  need(own.machineSeed && own.tree && own.unit, 'folder', 'no machine of this folder is enrolled');
  need(folder.damage.length === 0, 'damaged', folder.damage.join('; '));
  const road = new Road(url, own.machineSeed, (key) => machineIn(folder.tree, key, peer));
  try {
    const met = await road.greet();
    const holds = new Holds(folder, met.unit);
    const out = { peer: { machine: hex(met.key), unit: hex(met.unit) }, meetings: await untilInStep(road, holds, log) };
    if (edit) {
      need(out.meetings.at(-1).in_step, 'edit', 'not in step before the edit: nothing was written');
      const [id] = holds.take([{ kind: OPERATION, bytes: editOf(folder, edit.seat, edit.case, edit.fields) }]);
      const more = await untilInStep(road, holds, log);
      out.edit = { id: hex(id), case: edit.case, outcome: more.map((m) => m.outcomes[hex(id)]).find((o) => o !== undefined) };
      out.meetings.push(...more);
    }
    return { ...out, in_step: out.meetings.at(-1).in_step, bytes_sent: road.sent, bytes_received: road.received, round_trips: road.trips, holds: counts(folder) };
  } finally {
    road.destroy();
  }
}

/** untilInStep meets until a hello finds nothing that differs, with its proof. */
async function untilInStep(road, holds, log) {
  const all = [];
  do all.push(await meet(road, holds, log));
  while (all.length < MEETINGS && !(all.at(-1).in_step && all.at(-1).differed.at(-1) === 0));
  return all;
}
