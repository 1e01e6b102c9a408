import { describe, expect, it } from "vitest";
import type { FieldSpec } from "../../api/types";
import { caseWrong, countWrong, emptyCase, readCaseForm, suggestTitle, toDocument } from "./new/caseForm";
import { callParty, emptied, emptyParty, fromParty, GUARDIAN, partyChanges, partyWrong, readPartyForm, toParty } from "./partyForm";
import { specFields as stepFields, specWrong as stepWrong, startForm } from "../../components/specs/specForm";

const TODAY = "2026-03-10" as const;

describe("a party", () => {
  const full = { ...emptyParty("applicant"), name: " 李大样 ", birth_date: "56.2.11", id_kind: "resident", id_number: "11010519491231002x", needs: ["vision"], agent_name: "王示", agent_kind: "lawyer", agent_authority: "general" };
  it("becomes what the document takes, and comes back the same", () => {
    const party = toParty(full, TODAY);
    expect(party).toEqual({ side: "applicant", kind: "person", name: "李大样", birth_date: "1956-02-11", id_kind: "resident", id_number: "11010519491231002X", needs: ["vision"], agent: { name: "王示", kind: "lawyer", authority: "general" } });
    expect(toParty(fromParty(party), TODAY)).toEqual(party);
    expect(partyWrong(full, TODAY)).toEqual({});
  });
  it("names what is wrong by field", () => {
    expect(partyWrong({ ...full, name: "", id_number: "110105194912310021", birth_date: "2月30日", agent_kind: "" }, TODAY)).toEqual({
      name: "wrong.required", id_number: "wrong.id.check", birth_date: "wrong.day.impossible", agent_kind: "wrong.required",
    });
    expect(partyWrong({ ...full, birth_date: "明天" }, TODAY).birth_date).toBe("wrong.day.future");
  });
  it("drops of an organisation what only a person has", () => {
    expect(toParty({ ...full, kind: "organisation", sex: "male", id_kind: "", id_number: "" }, TODAY)).not.toHaveProperty("birth_date");
  });
  it("changes only what differs, an agent as one value, and clears with null", () => {
    const before = toParty(full, TODAY);
    const { agent: _, ...without } = before;
    expect(partyChanges("p", before, before)).toEqual({});
    expect(partyChanges("p", before, { ...without, phone: "1" })).toEqual({ "parties.p.phone": "1", "parties.p.agent": null });
  });
});

describe("the people around a party", () => {
  const minor = {
    ...emptyParty("applicant"), name: "李小样", alias: "样样", capacity: "limited", contact: "示例", contact_phone: "000-0000-0003",
    guardian_name: "李大样", guardian_relation: "parent", guardian_phone: "000-0000-0001", guardian_id_kind: "resident", guardian_id_number: "11010519491231002x",
    agent_name: "王示", agent_kind: "lawyer", agent_authority: "special", agent_powers: ["take_part_sign", "admit_change_waive"], agent_until: "2027.1.1",
    represented_names: ["李大样"], represented_settle: "no", represented_on: "3月9日",
    delivery_address: "清溪镇", delivery_electronic: "yes", delivery_to: "a@example.invalid",
  };
  const party = toParty(minor, TODAY);
  it("become what the document takes, and come back the same", () => {
    expect(partyWrong(minor, TODAY)).toEqual({});
    expect(party).toEqual({
      side: "applicant", kind: "person", name: "李小样", alias: "样样", capacity: "limited", contact: "示例", contact_phone: "000-0000-0003",
      guardian: { name: "李大样", relation: "parent", phone: "000-0000-0001", id_kind: "resident", id_number: "11010519491231002X" },
      agent: { name: "王示", kind: "lawyer", authority: "special", powers: ["take_part_sign", "admit_change_waive"], until: "2027-01-01" },
      represented_by: { names: ["李大样"], may_settle: false, chosen_on: "2026-03-09" },
      delivery: { address: "清溪镇", electronic: true, electronic_to: "a@example.invalid" },
    });
    expect(toParty(fromParty(party), TODAY)).toEqual(party);
    expect(readPartyForm(JSON.parse(JSON.stringify(minor)))).toEqual(minor);
  });
  it("name what is wrong by field", () => {
    const odd = { ...minor, agent_authority: "general", guardian_relation: "", represented_names: [], delivery_address: "", agent_until: "x" };
    expect(partyWrong(odd, TODAY)).toEqual({
      agent_powers: "wrong.powers.general", guardian_relation: "wrong.required", represented_names: "wrong.required", delivery_address: "wrong.required", agent_until: "wrong.day.unreadable",
    });
  });
  it("are changed each as one value, whatever the order of their parts", () => {
    const again = { ...party, agent: { ...party.agent!, powers: ["admit_change_waive", "take_part_sign"] } };
    expect(partyChanges("p", party, again)).toEqual({});
    const { guardian: _, ...alone } = party;
    expect(partyChanges("p", party, { ...alone, capacity: "none", delivery: { address: "河湾村" } })).toEqual({
      "parties.p.guardian": null, "parties.p.capacity": "none", "parties.p.delivery": { address: "河湾村" },
    });
  });
  it("go where their tick is taken away, and an organisation has no guardian", () => {
    expect(toParty({ ...minor, ...emptied(GUARDIAN) }, TODAY)).not.toHaveProperty("guardian");
    expect(toParty({ ...minor, kind: "organisation" }, TODAY)).not.toHaveProperty("guardian");
  });
  it("are called by name, or by number where a name says too little", () => {
    const names = ["李大样", "王例", "王例", "#1", " "];
    expect(names.map((_, at) => callParty(names, at))).toEqual(["李大样", "#2", "#3", "#4", "#5"]);
  });
});

describe("a new case", () => {
  const form = { ...emptyCase("token", TODAY, "09:05"), category: "02", title: "墙界", facts: "拆墙", amount: "1.2万", tags: ["elderly"] };
  const first = form.parties[0]!;
  form.parties = [{ ...first, name: "李大样" }, emptyParty("respondent")];
  it("becomes a document with exact fen, Beijing's zone and only the people that were filled in", () => {
    expect(countWrong(form, TODAY)).toBe(0);
    expect(toDocument(form, TODAY)).toEqual({
      category: "02", source: "application", title: "墙界", received_at: "2026-03-10T09:05:00+08:00", facts: "拆墙", amount_fen: 1_200_000, tags: ["elderly"],
      parties: [{ side: "applicant", kind: "person", name: "李大样" }],
    });
  });
  it("comes back from a draft as it was typed, wrong fields too", () => {
    const odd = { ...form, received_day: "sometime", amount: "x" };
    expect(readCaseForm(JSON.parse(JSON.stringify(odd)))).toEqual(odd);
    expect(caseWrong(odd, TODAY)).toEqual({ received_day: "wrong.day.unreadable", amount: "wrong.money.unreadable" });
    expect(readCaseForm("nonsense")).toBeNull();
  });
  it("offers the usual title once both sides have names", () => {
    expect(suggestTitle(form, "邻里纠纷")).toBe("");
    expect(suggestTitle({ ...form, parties: [{ ...first, name: "李大样" }, { ...first, name: "孙示" }, { ...emptyParty("respondent"), name: "王小例" }] }, "邻里纠纷")).toBe("李大样等2人与王小例邻里纠纷");
  });
});

describe("a step", () => {
  const label = { zh: "", en: "" };
  const specs: FieldSpec[] = [
    { name: "form", kind: "choice", required: true, label, choices: [{ code: "written", zh: "", en: "" }] },
    { name: "terms", kind: "list", required: true, label, items: [
      { name: "who", kind: "text", required: true, label, max_length: 4 },
      { name: "amount_fen", kind: "money", required: false, label },
      { name: "due", kind: "date", required: true, label }] },
    { name: "at", kind: "datetime", required: true, label },
    { name: "seal", kind: "bool", required: false, label },
    { name: "by", kind: "names", required: false, label },
    { name: "term", kind: "whole", required: false, label },
  ];
  it("begins with what is almost always so", () => {
    expect(startForm(specs, TODAY, "09:05", "赵示和")).toEqual({ form: "written", terms: [{}], at: TODAY, "at time": "09:05" });
  });
  it("names what is wrong by path, down into the items", () => {
    expect(stepWrong(specs, { terms: [{ who: "五个字太长" }], at: "", term: "x" }, TODAY)).toEqual({
      form: "wrong.required", "terms.0.who": "wrong.long", "terms.0.due": "wrong.required", at: "wrong.required", term: "wrong.whole",
    });
  });
  it("becomes what the station takes; a term falls due ahead, what was done lies behind", () => {
    const typed = { form: "written", terms: [{ who: "王小例", amount_fen: "300", due: "3月5日" }], at: "3月5日", "at time": "", seal: "yes", by: "李大样、王小例", term: "2" };
    expect(stepWrong(specs, typed, TODAY)).toEqual({});
    expect(stepFields(specs, typed, TODAY)).toEqual({
      form: "written", terms: [{ who: "王小例", amount_fen: 30_000, due: "2027-03-05" }], at: "2026-03-05", seal: true, by: ["李大样", "王小例"], term: 2,
    });
  });
});
