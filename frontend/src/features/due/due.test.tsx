// An agreement that all have signed waits to be entered: no limit ran out.
import { screen } from "@testing-library/react";
import { afterEach, expect, it, vi } from "vitest";
import { draw } from "../../test/render";
import { fakeStation } from "../../test/station";
import { DuePage } from "./DuePage";

afterEach(() => vi.unstubAllGlobals());

it.each([
  ["zh-CN", "各方已签完，请办理协议入卷", /起等着办/, /超过/],
  ["en", "All have signed: enter the agreement", /^Waits since/, /over/],
] as const)("says so, in %s", async (language, what, since, over) => {
  fakeStation({ "GET /due": () => ({ items: [{ case: "c1", title: "李示田与王例水排水沟纠纷", what: "agreement", name: "enter-agreement", due_on: "2026-03-01", days_over: 3, days_left: 0, actor: "handler" }] }) });
  draw(<DuePage />, language);
  expect(await screen.findByText(what)).toBeVisible();
  expect(screen.getByText(since)).toBeVisible();
  expect(screen.queryByText((text, element) => element?.className === "tag bad" && over.test(text))).toBeNull();
});
