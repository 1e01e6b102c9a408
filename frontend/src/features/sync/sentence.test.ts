import { expect, it } from "vitest";
import type { Partner, SyncState } from "../../api/types";
import { translate } from "../../lib/messages";
import { sentence } from "./sentence";

const town: Partner = { unit: "t", unit_name: "枫桥镇", relation: "parent", waiting: 0, reachable: true };
const state = (partners: Partner[], road: SyncState["road"] = "network"): SyncState => ({ saved: true, road, running: false, unsent: 0, partners, rules: { tree: 1, known: 1 } });
const say = (given: SyncState) => sentence(given, (moment) => moment.slice(11, 16)).map((line) => translate("zh-CN", line.key, { ...line.values, why: line.trouble?.code ?? "" }));

const AT = "2026-03-10T10:42:00";

it.each<[string, SyncState, string[]]>([
  ["in step", state([{ ...town, in_step_at: AT, received_at: AT }]), ["与枫桥镇一致（10:42 核对）"]],
  ["received, not compared since", state([{ ...town, received_at: AT }]), ["枫桥镇已收到（10:42）"]],
  ["changes on the way", state([{ ...town, waiting: 3, received_at: AT }]), ["还有 3 处改动等待送达枫桥镇"]],
  ["never met", state([town]), []],
  ["no road", state([{ ...town, waiting: 1 }], "none"), ["未联网，照常工作", "还有 1 处改动等待送达枫桥镇"]],
  ["trouble", state([{ ...town, waiting: 2, in_step_at: AT, trouble: { code: "expired" } }]), ["送达枫桥镇未成：expired", "还有 2 处改动等待送达枫桥镇"]],
])("says exactly what is so: %s", (_, given, lines) => expect(say(given)).toEqual(lines));

it("never says in step while something waits or went wrong", () => {
  for (const waiting of [0, 1]) {
    for (const trouble of [undefined, { code: "x" }]) {
      const lines = sentence(state([{ ...town, in_step_at: AT, waiting, ...(trouble ? { trouble } : {}) }]), (moment) => moment);
      expect(lines.some((line) => line.key === "sync.instep")).toBe(waiting === 0 && !trouble);
    }
  }
});
