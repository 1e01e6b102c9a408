import type { FieldSpec, Step } from "../../src/api/types";
import { codes, list, text } from "./codes";

const at: FieldSpec = { name: "at", kind: "date", required: true, label: text("日期", "Date") };
const label = (step: string) => codes.steps.find((row) => row.code === step) ?? { code: step, zh: step, en: step };
const no = (zh: string, en: string) => ({ code: "step_order", texts: text(zh, en), rule: "人民调解法第29条" });

/** The steps as they stand while a case is being mediated. */
export const steps: Step[] = [
  { step: "accept", label: label("accept"), track: "mediation", allowed: false, next: false, why_not: no("这件案件已经受理", "this case is accepted already"), fields: [at] },
  { step: "refuse", label: label("refuse"), track: "mediation", allowed: false, next: false, why_not: no("已经受理，可以终止调解", "accepted already; it can be terminated"),
    fields: [{ name: "ground", kind: "choice", required: true, label: text("理由", "Ground"), choices: list("refusal_ground") }, at] },
  { step: "assign", label: label("assign"), track: "mediation", allowed: true, next: false,
    fields: [{ name: "mediators", kind: "names", required: true, label: text("调解员", "Mediators") }, { name: "by", kind: "choice", required: true, label: text("由谁决定", "Chosen by"), choices: list("assigned_by") }, { ...at, required: false }] },
  { step: "start-session", label: label("start-session"), track: "mediation", allowed: true, next: false, fields: [{ ...at, kind: "datetime" }, { name: "place", kind: "text", required: false, label: text("地点", "Place") }] },
  { step: "agree", label: label("agree"), track: "mediation", allowed: true, next: true,
    fields: [
      { name: "form", kind: "choice", required: true, label: text("协议形式", "Form"), choices: list("agreement_form") },
      { name: "terms", kind: "list", required: true, label: text("协议内容", "Terms"), items: [
        { name: "who", kind: "text", required: true, label: text("履行人", "Who"), max_length: 100 },
        { name: "what", kind: "text", required: true, label: text("履行内容", "What"), max_length: 1000 },
        { name: "amount_fen", kind: "money", required: false, label: text("金额", "Amount") },
        { name: "due", kind: "date", required: true, label: text("履行期限", "Due") } ] },
      at,
    ] },
  { step: "terminate", label: label("terminate"), track: "mediation", allowed: true, next: false, fields: [{ name: "reason", kind: "choice", required: true, label: text("原因", "Reason"), choices: list("termination_reason") }, at] },
  { step: "close", label: label("close"), track: "mediation", allowed: false, next: false, why_not: no("要等协议履行完毕或者终止", "the agreement must be performed or mediation terminated first"), fields: [at] },
];
