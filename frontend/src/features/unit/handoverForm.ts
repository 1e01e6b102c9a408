// What is asked before a hand-over. Who leaves, who may take over and the
// reasons are the station's; a form holds what was typed.
import type { CodeLabel, HandoverRequest, MediatorCases, RegisterView, Step } from "../../api/types";
import { namesOf, specFields, type FieldSpec, type SpecForm } from "../../components/specs/specForm";
import type { Day } from "../../lib/days";
import { both, fill } from "../../lib/messages";

const named = (name: string): CodeLabel => ({ code: name, zh: name, en: name });

/** The choices of a field of a step, as the station names them. */
export const choicesOf = (steps: readonly Step[] | undefined, step: string, field: string): readonly CodeLabel[] =>
  steps?.find((one) => one.step === step)?.fields.find((one) => one.name === field)?.choices ?? [];

/** The fields of the form: who can be chosen follows from the register and from whose cases they are. */
export function handoverSpecs(open: readonly MediatorCases[], register: RegisterView, reasons: readonly CodeLabel[], from: string): FieldSpec[] {
  const people = open.filter((one) => one.mediator !== "" && one.cases.length > 0);
  const mediators = [...new Set(register.mediators.map((one) => one.name))].filter((name) => name !== from);
  // Without mediators in the register the station takes any name.
  const free = register.mediators.length === 0;
  const whom = free ? "handover.to.free" : mediators.length === 0 ? "handover.to.nobody" : "handover.to.several";
  const inRegister = [...register.mediators, ...register.members].some((one) => one.name === from);
  const specs: FieldSpec[] = [
    {
      name: "from", kind: "choice", required: true, label: both("handover.from"),
      choices: people.map(({ mediator, cases }) => {
        const said = both("open.of");
        const values = { name: mediator, n: cases.length };
        return { code: mediator, zh: fill(said.zh, values), en: fill(said.en, values) };
      }),
    },
    { name: "to", kind: "names", required: true, label: both("handover.to"), hint: both(whom), choices: mediators.map(named) },
    { name: "reason", kind: "choice", required: true, label: both("handover.reason"), choices: [...reasons] },
    { name: "at", kind: "date", required: true, label: both("handover.at") },
    { name: "note", kind: "text", required: false, label: both("handover.note"), max_length: 1000 },
  ];
  if (inRegister) specs.push({ name: "leave_register", kind: "bool", required: false, label: both("handover.leave") });
  return specs;
}

/** Nobody takes over from himself, also where the choice was made before it was said whose cases they are. */
export function apart(form: SpecForm): SpecForm {
  return Array.isArray(form["to"]) ? { ...form, to: namesOf(form["to"]).filter((name) => name !== form["from"]) } : form;
}

/** What the station is asked. */
export const handoverOf = (specs: readonly FieldSpec[], form: SpecForm, today: Day): HandoverRequest => specFields(specs, form, today) as unknown as HandoverRequest;
