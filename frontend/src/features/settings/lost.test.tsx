// What is lost and comes back from nobody is given up by two presses, and by none
// where nothing is lost.
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { draw } from "../../test/render";
import { fakeStation } from "../../test/station";
import { StatusSection } from "./StatusSection";

afterEach(() => vi.unstubAllGlobals());

const status = (wrong: object[]) => ({
  unit: "", unit_code: "", unit_name: "", version: "", clock: "2026-03-01T08:00:00+08:00", pack_bytes: 0, free_bytes: 0, records: 1, operations: 1,
  conflicts: 0, unsent: 0, owed: 0, waiting: 0, late: 0, refused: 0, newer: 0, listening: [], peers: [], wrong,
});

it.each([
  ["zh-CN", "放弃别处也没有的……", "确认放弃"],
  ["en", "Give up what nobody has …", "Yes, give it up"],
] as const)("asks twice, in %s", async (language, give, sure) => {
  const accepted = vi.fn(() => ({ operations: 3 }));
  fakeStation({ "GET /status": () => status([{ code: "own_lost", detail: "", params: { count: "3" } }]), "POST /loss/accept": accepted });
  draw(<StatusSection />, language);
  await userEvent.click(await screen.findByRole("button", { name: give }));
  expect(accepted).not.toHaveBeenCalled();
  await userEvent.click(screen.getByRole("button", { name: sure }));
  expect(accepted).toHaveBeenCalledOnce();
});

it("offers nothing where nothing is lost", async () => {
  fakeStation({ "GET /status": () => status([]) });
  draw(<StatusSection />, "en");
  expect(await screen.findByRole("button", { name: "Check everything" })).toBeVisible();
  expect(screen.queryByRole("button", { name: "Give up what nobody has …" })).toBeNull();
});
