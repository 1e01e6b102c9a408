// Draws a part of the pages with everything that stands around it.
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { render, type RenderResult } from "@testing-library/react";
import type { ReactNode } from "react";
import type { Codes } from "../api/types";
import { CodesProvider } from "../components/codes";
import { SessionContext } from "../components/session";
import { TextProvider } from "../components/text";
import { Announcer } from "../components/ui/Announce";
import type { Language } from "../lib/messages";

const label = (code: string, zh: string, en: string) => ({ code, zh, en });

export const codes: Codes = {
  categories: [label("02", "邻里纠纷", "Neighbours"), label("99", "其他纠纷", "Others")],
  sources: [label("application", "当事人申请", "Application")],
  tags: [label("elderly", "涉老", "Elderly")],
  needs: [label("vision", "视力不便", "Vision")],
  sides: [label("applicant", "申请人", "Applicant"), label("respondent", "被申请人", "Respondent"), label("third", "第三人", "Third")],
  party_kinds: [label("person", "自然人", "Person"), label("organisation", "单位", "Organisation")],
  sexes: [label("male", "男", "Male")],
  ethnicities: [label("01", "汉族", "Han")],
  id_kinds: [label("resident", "居民身份证", "Resident identity card")],
  agent_kinds: [label("lawyer", "律师", "Lawyer")],
  authorities: [label("general", "一般授权", "General"), label("special", "特别授权", "Special")],
  agent_powers: [label("admit_change_waive", "承认、变更、放弃请求", "Admit, change or waive claims"), label("receive", "领取文书", "Receive papers")],
  capacities: [label("full", "完全民事行为能力", "Full capacity"), label("limited", "限制民事行为能力", "Limited capacity")],
  guardian_relations: [label("parent", "父母", "Parent")],
  bodies: [],
  roles: [label("mediator", "调解员", "Mediator")],
  states: { mediation: [label("mediating", "调解中", "Mediating")], performance: [label("performing", "履行中", "Performing")], confirmation: [], referral: [] },
  steps: [label("accept", "受理", "Accept"), label("agree", "达成协议", "Agree"), label("terminate", "终止调解", "Terminate")],
  fields: [
    label("amount_fen", "涉及金额", "Amount"), label("title", "案件名称", "Title"), label("facts", "案情", "Story"), label("name", "姓名", "Name"),
    label("category", "类别", "Category"), label("agent_kind", "代理人类型", "Kind of agent"), label("id_number", "证件号码", "Document number"),
  ],
  amount_bands: [],
  organisation_kinds: [label("enterprise", "企业", "Enterprise")],
  helper_roles: [label("neighbour", "邻里", "Neighbour")],
  step_tables: {},
  tables: {},
  agreement_forms: [label("oral", "口头", "Oral"), label("written", "书面", "Written")],
};

export const person = {
  seat: "s1", seat_name: "赵示和", roles: ["mediator"], unit: "u1", unit_code: "990101001001-tw", unit_name: "枫源村调委会", demo: false, rules: { tree: 1, known: 1 }, abilities: ["new_case", "settle"],
};

export function draw(page: ReactNode, language: Language = "zh-CN"): RenderResult {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  return render(
    <TextProvider initial={{ language }}>
      <QueryClientProvider client={client}>
        <Announcer>
          <CodesProvider codes={codes}>
            <SessionContext.Provider value={{ person, may: (ability) => person.abilities.includes(ability), lock: () => undefined }}>{page}</SessionContext.Provider>
          </CodesProvider>
        </Announcer>
      </QueryClientProvider>
    </TextProvider>,
  );
}
