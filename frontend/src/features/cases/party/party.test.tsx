import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { CaseView, PartyView } from "../../../api/types";
import { draw } from "../../../test/render";
import { PartyFields } from "../PartyFields";
import { emptyParty, type PartyForm } from "../partyForm";
import { PersonCard } from "./PersonCard";

const needs = { document: { table: "needs", content: { needs: [{ id: "vision", zh: "视力不便", en: "Sight", items: [
  { id: "vision_read", duty: "law", zh: "逐句宣读文书", en: "Read papers out", article: { zh: "残疾人保障法第55条", en: "art. 55" } },
] }] } } };

function answer() {
  vi.stubGlobal("fetch", vi.fn((url: string) => Promise.resolve(new Response(JSON.stringify(url.endsWith("/steps") ? [] : needs), { status: 200, headers: { "content-type": "application/json" } }))));
}

afterEach(() => vi.unstubAllGlobals());

const party: PartyView = {
  id: "a-1", side: "applicant", kind: "person", name: "李小样", phone: "13812345678", id_kind: "resident", id_number: "11010519491231002X", address: "青禾县清溪镇河湾村3组",
  capacity_counts: "limited", needs: ["vision"], represented_by: { names: ["李大样"], may_settle: true },
  agent: { name: "王示", kind: "lawyer", authority: "special", powers: ["receive"], phone: "000-0000-0012", until: "2020-01-01" },
};
const view = { id: "c", conflicts: [], events: [], parties: [party, { ...party, id: "a-2", name: "李大样" }] } as unknown as CaseView;

describe("a party's card", () => {
  it("covers numbers and address until each is asked for", async () => {
    answer();
    draw(<PersonCard view={view} party={party} edit={() => undefined} />);
    expect(document.body.textContent).toContain("110105********002X");
    for (const secret of ["11010519491231002X", "13812345678", "河湾村", "000-0000-0012"]) expect(document.body.textContent).not.toContain(secret);
    await userEvent.click(screen.getByRole("button", { name: "显示证件号码" }));
    expect(document.body.textContent).toContain("11010519491231002X");
    expect(document.body.textContent).not.toContain("13812345678");
    await userEvent.click(screen.getByRole("button", { name: "遮住证件号码" }));
    expect(document.body.textContent).not.toContain("11010519491231002X");
  });
  it("has no button where the station covered the value already", () => {
    answer();
    draw(<PersonCard view={view} party={{ id: "a-3", side: "third", kind: "person", name: "陈例公", phone: "138****5678" }} edit={() => undefined} />);
    expect(screen.getAllByRole("button")).toHaveLength(1);
  });
  it("says capacity, the missing guardian, the agent's ended authority, representatives and what is owed", async () => {
    answer();
    draw(<PersonCard view={view} party={party} edit={() => undefined} />);
    expect(await screen.findByText("逐句宣读文书（依法应当，残疾人保障法第55条）")).toBeTruthy();
    for (const said of ["限制民事行为能力（按年龄）", "还没有登记监护人", "由李大样代表，可以代为和解", "领取文书"]) expect(document.body.textContent).toContain(said);
    expect(document.body.textContent).toMatch(/授权已于.*到期/);
  });
});

function Form({ others }: { others: string[] }) {
  const [form, setForm] = useState<PartyForm>(emptyParty("applicant"));
  return (
    <>
      <PartyFields form={form} change={(part) => setForm((before) => ({ ...before, ...part }))} today="2026-03-10" shown others={others} />
      <output>{JSON.stringify(form)}</output>
    </>
  );
}

const typed = () => JSON.parse(screen.getByRole("status").textContent) as PartyForm;

describe("a party's form", () => {
  it("opens a part by its tick, takes what is typed, and empties it again", async () => {
    answer();
    draw(<Form others={["李大样"]} />);
    const group = screen.getByRole("group", { name: "有监护人" });
    expect(within(group).queryAllByRole("textbox")).toHaveLength(0);
    await userEvent.click(within(group).getByRole("checkbox"));
    await userEvent.type(within(group).getAllByRole("textbox")[0]!, "李例");
    expect(typed().guardian_name).toBe("李例");
    expect(group.textContent).toContain("这一栏要填写");
    await userEvent.click(within(group).getByRole("checkbox"));
    expect(typed().guardian_name).toBe("");
  });
  it("lets one of the same side be chosen by keyboard, and offers nobody where there is no other", async () => {
    answer();
    const page = draw(<Form others={["李大样"]} />);
    const tick = within(screen.getByRole("group", { name: "推选了代表人" })).getByRole("checkbox");
    tick.focus();
    await userEvent.keyboard(" ");
    screen.getByRole("checkbox", { name: "李大样" }).focus();
    await userEvent.keyboard(" ");
    expect(typed().represented_names).toEqual(["李大样"]);
    page.unmount();
    draw(<Form others={[]} />);
    expect(screen.queryByRole("group", { name: "推选了代表人" })).toBeNull();
  });
  it("shows what is owed for a need that is ticked", async () => {
    answer();
    draw(<Form others={[]} />);
    await userEvent.click(screen.getByRole("checkbox", { name: "视力不便" }));
    expect(await screen.findByText(/逐句宣读文书/)).toBeTruthy();
  });
});
