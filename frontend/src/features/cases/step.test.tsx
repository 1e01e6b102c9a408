// A step that was decided on a view in which something was missing.
import { screen, waitFor } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { draw } from "../../test/render";
import { fakeStation, Refused } from "../../test/station";
import { StepPage } from "./StepPage";

afterEach(() => {
  vi.unstubAllGlobals();
});

const said = { zh: "您打开本案之后，郑例贤办理了“暂停”（2026-03-12）。请重新查看本案，再作决定", en: "while you were looking, 郑例贤 recorded “Suspend” on 2026-03-12: look at the case again, then decide" };
const note = [{ name: "note", kind: "text", required: false, label: { zh: "说明", en: "Note" } }];

/** A station where somebody else's step comes while the form is filled in. */
function apart(after: object) {
  let heads = ["h1"];
  let allowed: object = { allowed: true };
  return fakeStation({
    "GET /cases/c1": () => ({ id: "c1", title: "墙界纠纷", heads, parties: [], events: [], conflicts: [], mediators: [], state: {} }),
    "GET /cases/c1/steps": () => [{ step: "close", label: { zh: "结案", en: "Close" }, track: "mediation", next: true, fields: note, ...allowed }],
    "POST /cases/c1/steps/close": ({ body }) => {
      if ((body as { base: string[] }).base[0] !== "h2") {
        heads = ["h2"];
        allowed = after;
        return new Refused(409, { code: "stale", detail: said.en, texts: said });
      }
      return { id: "c1", heads: ["h3"] };
    },
    "PUT /drafts/step.c1.close": () => ({ name: "d", saved_at: "2026-03-10T01:00:00Z" }),
  });
}

it("sends the heads of the view, and on a stale one says why, keeps what was typed, and goes on from the new view", async () => {
  const station = apart({ allowed: true });
  draw(<StepPage id="c1" step="close" />);
  await userEvent.type(await screen.findByLabelText(/说明/), "双方都到了");
  await userEvent.click(screen.getByRole("button", { name: "结案" }));
  expect(await screen.findByText(said.zh)).toBeVisible();
  expect(screen.getByText("现在看到的是最新的内容，您填写的还在这里。")).toBeVisible();
  expect(screen.getByLabelText(/说明/)).toHaveValue("双方都到了");
  await waitFor(() => expect(station.of("GET /cases/c1").length).toBeGreaterThan(1));
  await waitFor(() => expect(screen.getByRole("button", { name: "结案" })).toBeEnabled());
  await userEvent.click(screen.getByRole("button", { name: "结案" }));
  await waitFor(() => expect(station.of("POST /cases/c1/steps/close")).toHaveLength(2));
  expect(station.of("POST /cases/c1/steps/close").map((one) => one.body)).toEqual([
    { base: ["h1"], fields: { note: "双方都到了" } },
    { base: ["h2"], fields: { note: "双方都到了" } },
  ]);
});

it("still says what came where the step is no longer possible", async () => {
  apart({ allowed: false, why_not: { code: "step_state", texts: { zh: "现在是中止", en: "it is suspended" } } });
  draw(<StepPage id="c1" step="close" />, "en");
  await userEvent.click(await screen.findByRole("button", { name: "Close" }));
  expect(await screen.findByText("Not now: it is suspended")).toBeVisible();
  expect(screen.getByText(said.en)).toBeVisible();
});
