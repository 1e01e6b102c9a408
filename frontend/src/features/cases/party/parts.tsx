// The parts of a party's form: agent, guardian, representatives, address for
// papers. Each is open only where there is one.
import { useState, type ReactNode } from "react";
import { useCodeTable, type Table } from "../../../components/codes";
import { useText } from "../../../components/text";
import { DayBox } from "../../../components/ui/DayBox";
import { ChoiceBox, ChoiceRow, ManyRow, TextBox, Tick } from "../../../components/ui/Fields";
import type { Day, Leaning } from "../../../lib/days";
import { AGENT, DELIVERY, emptied, GUARDIAN, hasPart, partyWrong, REPRESENTED, type PartyForm } from "../partyForm";

export interface PartProps {
  form: PartyForm;
  change: (part: Partial<PartyForm>) => void;
  today: Day;
  shown: boolean;
}

type TextName = { [K in keyof PartyForm]: PartyForm[K] extends string ? K : never }[keyof PartyForm];
type ListName = Exclude<keyof PartyForm, TextName>;

/** Boxes for the fields of a form, with what is wrong beside them. */
function useBoxes({ form, change, today, shown }: PartProps) {
  const { t, pick } = useText();
  const { table, word } = useCodeTable();
  const wrong = partyWrong(form, today);
  const say = (name: keyof PartyForm) => {
    const key = wrong[name];
    return key ? t(key) : null;
  };
  const label = (path: string) => word("fields", `parties.${path}`);
  const options = (name: Table) => table(name).map((row) => ({ value: row.code, label: pick(row) }));
  const common = (name: keyof PartyForm, path: string, required: boolean) => ({ label: label(path), shown, wrong: say(name), required });
  return {
    t,
    text: (name: TextName, path: string, most: number, required = false) => (
      <TextBox {...common(name, path, required)} value={form[name]} onChange={(value) => change({ [name]: value })} maxLength={most} />
    ),
    choice: (name: TextName, path: string, list: Table, required = false) => (
      <ChoiceBox {...common(name, path, required)} value={form[name]} onChange={(value) => change({ [name]: value })} options={options(list)} />
    ),
    row: (name: TextName, path: string, list: Table, required = false) => (
      <ChoiceRow {...common(name, path, required)} value={form[name]} onChange={(value) => change({ [name]: value })} options={options(list)} />
    ),
    yesNo: (name: TextName, path: string) => (
      <ChoiceRow
        {...common(name, path, false)}
        value={form[name]}
        onChange={(value) => change({ [name]: value })}
        options={[
          { value: "yes", label: t("value.yes") },
          { value: "no", label: t("value.no") },
        ]}
      />
    ),
    many: (name: ListName, path: string, rows: readonly { value: string; label: string }[], hint?: string) => (
      <ManyRow {...common(name, path, false)} value={form[name]} onChange={(value) => change({ [name]: value })} options={rows} hint={hint} />
    ),
    day: (name: TextName, path: string, leaning: Leaning) => (
      <DayBox label={label(path)} value={form[name]} onChange={(value) => change({ [name]: value })} today={today} leaning={leaning} shown={shown} wrong={say(name)} />
    ),
    options,
  };
}

/** A tick that opens a part, and empties it where it is taken away. */
function Part({ form, change, part, title, children }: { form: PartyForm; change: PartProps["change"]; part: readonly (keyof PartyForm)[]; title: string; children: ReactNode }) {
  const [open, setOpen] = useState(hasPart(form, part));
  return (
    <div role="group" aria-label={title} className="stack">
      <div className="choices">
        <Tick
          label={title}
          value={open}
          onChange={(on) => {
            setOpen(on);
            if (!on) change(emptied(part));
          }}
        />
      </div>
      {open && children}
    </div>
  );
}

export function AgentFields(props: PartProps) {
  const { t, text, choice, row, many, day, options } = useBoxes(props);
  const { form } = props;
  return (
    <Part {...props} part={AGENT} title={t("party.agent")}>
      <div className="grid2">
        {text("agent_name", "agent.name", 100, true)}
        {choice("agent_kind", "agent.kind", "agent_kinds", true)}
        {row("agent_authority", "agent.authority", "authorities", true)}
      </div>
      {many("agent_powers", "agent.powers", options("agent_powers"), t("party.powers.hint"))}
      {form.agent_powers.includes("other") && text("agent_powers_note", "agent.powers_note", 200)}
      <div className="grid2">
        {text("agent_phone", "agent.phone", 40)}
        {day("agent_until", "agent.until", "near")}
        {choice("agent_id_kind", "agent.id_kind", "id_kinds")}
        {text("agent_id_number", "agent.id_number", 40)}
      </div>
    </Part>
  );
}

export function GuardianFields(props: PartProps) {
  const { t, text, choice } = useBoxes(props);
  return (
    <Part {...props} part={GUARDIAN} title={t("party.guardian")}>
      <p className="small soft">{t("party.guardian.hint")}</p>
      <div className="grid2">
        {text("guardian_name", "guardian.name", 100, true)}
        {choice("guardian_relation", "guardian.relation", "guardian_relations", true)}
        {text("guardian_phone", "guardian.phone", 40)}
        {choice("guardian_id_kind", "guardian.id_kind", "id_kinds")}
        {text("guardian_id_number", "guardian.id_number", 40)}
      </div>
    </Part>
  );
}

/** others: how the parties of the same side are called. */
export function RepresentedFields({ others, ...props }: PartProps & { others: readonly string[] }) {
  const { t, many, yesNo, day } = useBoxes(props);
  // Who was chosen and is called otherwise by now stays in sight, to be taken off.
  const names = [...new Set([...others, ...props.form.represented_names])];
  if (names.length === 0) return null;
  return (
    <Part {...props} part={REPRESENTED} title={t("party.represented")}>
      {many("represented_names", "represented_by.names", names.map((name) => ({ value: name, label: name })), t("party.represented.hint"))}
      {yesNo("represented_settle", "represented_by.may_settle")}
      {day("represented_on", "represented_by.chosen_on", "past")}
    </Part>
  );
}

export function DeliveryFields(props: PartProps) {
  const { t, text, yesNo, day } = useBoxes(props);
  return (
    <Part {...props} part={DELIVERY} title={t("party.delivery")}>
      {text("delivery_address", "delivery.address", 300, true)}
      <div className="grid2">
        {text("delivery_recipient", "delivery.recipient", 100)}
        {text("delivery_phone", "delivery.phone", 40)}
        {yesNo("delivery_electronic", "delivery.electronic")}
        {props.form.delivery_electronic === "yes" && text("delivery_to", "delivery.electronic_to", 100)}
        {day("delivery_on", "delivery.confirmed_on", "past")}
      </div>
    </Part>
  );
}
