// What was done for people is read at a glance, and not out of the timeline.
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CaseView, PartyView } from "../../../api/types";
import { SpecForm } from "../../../components/specs/SpecFields";
import type { FieldSpec, SpecForm as Form } from "../../../components/specs/specForm";
import { axeFindings } from "../../../test/axe";
import { draw } from "../../../test/render";
import { fakeStation } from "../../../test/station";
import { NeedsMet } from "../party/NeedsMet";
import { HelpCard } from "./HelpCard";

afterEach(() => {
  vi.unstubAllGlobals();
});

const step = (name: string, field: string, code: string, zh: string) => ({ step: name, allowed: true, label: { zh: "", en: "" }, fields: [{ name: field, kind: "choice", choices: [{ code, zh, en: zh }] }] });
const steps = () =>
  fakeStation({ "GET /cases/c1/steps": () => [step("consent", "purpose", "mediate", "调解"), step("notice", "what", "rights", "权利和义务"), step("proxy", "confirmed", "fingerprint", "按指印确认"), step("assist", "need", "vision", "视力")] });
let n = 0;
const event = (name: string, fields: object, more: object = {}) => ({ id: `e${++n}`, step: name, track: "mediation", at: "2026-03-01", seat: "s", unit: "u", fields, ...more });
const party = (name: string, needs?: string[]) => ({ id: name, side: "applicant", kind: "person", name, needs }) as unknown as PartyView;
const caseOf = (events: object[], parties: PartyView[] = []) => ({ id: "c1", parties, events, conflicts: [] }) as unknown as CaseView;

describe("help, notices and consent", () => {
  it("stand in one card: of consents what each person said last, and nothing that was set aside", async () => {
    steps();
    const { container } = draw(
      <HelpCard
        view={caseOf([
          event("notice", { what: "rights", notified: ["李大样", "王小例"], how: "oral" }),
          event("consent", { purpose: "mediate", given: false, by: ["李大样", "王小例"], how: "written" }),
          event("consent", { purpose: "mediate", given: true, by: ["李大样"], how: "written" }),
          event("consent", { purpose: "mediate", given: false, by: ["李大样"], how: "written" }, { standing: "aside" }),
          event("helper", { name: "戚例安", role: "experienced", consent_by: ["李大样", "王小例"] }),
          event("proxy", { for: "李大样", name: "尤示兰", relation: "女儿", confirmed: "fingerprint" }),
        ])}
      />,
    );
    expect(await screen.findByText(/^权利和义务：李大样、王小例（.*3月1日，oral）/)).toBeVisible();
    expect(screen.getByText(/^调解：李大样同意/)).toBeVisible();
    expect(screen.getByText(/^调解：王小例不同意/)).toBeVisible();
    expect(screen.getByText(/^戚例安（experienced），.*李大样、王小例同意$/)).toBeVisible();
    expect(screen.getByText(/^尤示兰（女儿）代李大样填写，李大样按指印确认/)).toBeVisible();
    expect(await axeFindings(container)).toEqual([]);
  });
  it("are no card where there is nothing", () => {
    steps();
    draw(<HelpCard view={caseOf([event("accept", {})])} />);
    expect(screen.queryByRole("heading")).toBeNull();
  });
  it("say of each need what was done and by whom, or lead to where it is written down", async () => {
    steps();
    const one = party("李大样", ["vision"]);
    const { unmount } = draw(<NeedsMet view={caseOf([event("assist", { for: "王小例", need: "vision", what: "宣读" })])} party={one} />);
    expect(screen.getByText("视力不便：还没有记下做了什么")).toBeVisible();
    expect(await screen.findByRole("link", { name: "记下来：给李大样的帮助（视力不便）" })).toHaveAttribute("href", expect.stringMatching(/step\/assist\?for=.*&need=vision/));
    unmount();
    draw(<NeedsMet view={caseOf([event("assist", { for: "李大样", need: "vision", what: "逐句宣读", name: "刘例芳" })])} party={one} />);
    expect(screen.getByText(/视力不便：逐句宣读（刘例芳，.*3月1日）/)).toBeVisible();
    expect(screen.queryByRole("link")).toBeNull();
  });
});

const terms: FieldSpec[] = [{ name: "terms", kind: "list", required: true, label: { zh: "约定", en: "Terms" }, items: [{ name: "who", kind: "text", required: true, label: { zh: "谁", en: "Who" } }] }];
const sent = vi.fn();
function Asked() {
  const [form, setForm] = useState<Form>({ terms: [{}] });
  const set = (next: Form) => {
    sent(next);
    setForm(next);
  };
  return <SpecForm specs={terms} form={form} set={set} scene={{ today: "2026-03-10", shown: false, wrong: {}, said: {}, changed: () => undefined, view: caseOf([], [party("李大样"), party("王小例")]), step: "agree" }} />;
}

describe("who promises", () => {
  it("is chosen from the parties, or written where it is somebody else", async () => {
    draw(<Asked />);
    const box = screen.getByRole("combobox", { name: /谁/ });
    await userEvent.type(box, "王");
    await userEvent.click(await screen.findByRole("option", { name: "王小例" }));
    expect(sent).toHaveBeenLastCalledWith({ terms: [{ who: "王小例" }] });
    await userEvent.clear(box);
    await userEvent.type(box, "王小例之子");
    await userEvent.tab();
    expect(sent).toHaveBeenLastCalledWith({ terms: [{ who: "王小例之子" }] });
    expect(box).toHaveValue("王小例之子");
  });
});
