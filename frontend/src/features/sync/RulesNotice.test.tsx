import { screen, waitFor } from "@testing-library/react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { SyncState } from "../../api/types";
import { axeFindings } from "../../test/axe";
import { draw } from "../../test/render";
import { fakeStation } from "../../test/station";
import { RulesNotice } from "./RulesNotice";

afterEach(() => {
  vi.unstubAllGlobals();
});

function rules(tree: number, known: number) {
  const state: SyncState = { saved: true, road: "none", running: false, unsent: 0, partners: [], rules: { tree, known } };
  return fakeStation({ "GET /sync": () => state });
}

describe("rules that this program does not know", () => {
  it("are told on the page", async () => {
    rules(3, 1);
    const { container } = draw(<RulesNotice />);
    const notice = await screen.findByRole("status");
    expect(notice).toHaveTextContent("第 3 号规则");
    expect(notice).toHaveTextContent("第 1 号");
    expect(notice).toHaveTextContent("请更新程序");
    expect(await axeFindings(container)).toEqual([]);
  });
  it("are told in English", async () => {
    rules(2, 1);
    draw(<RulesNotice />, "en");
    expect(await screen.findByText(/goes by rules 2 .* knows 1/)).toBeVisible();
  });
  it("say nothing where the program knows them", async () => {
    const station = rules(1, 1);
    draw(<RulesNotice />);
    await waitFor(() => expect(station.of("GET /sync")).toHaveLength(1));
    expect(screen.queryByRole("status")).toBeNull();
  });
});
