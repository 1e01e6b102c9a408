import { useCodeTable, type Table } from "../../components/codes";
import { useText } from "../../components/text";
import { ChoiceBox, ChoiceRow, ManyRow, TextBox, Tick } from "../../components/ui/Fields";
import { DayBox } from "../../components/ui/DayBox";
import type { Day } from "../../lib/days";
import { NeedsOwed } from "./party/NeedsOwed";
import { AgentFields, DeliveryFields, GuardianFields, RepresentedFields } from "./party/parts";
import { partyWrong, type PartyForm } from "./partyForm";
import { useState } from "react";

const MOST = { name: 100, id_number: 40, phone: 40, contact: 100, address: 300, occupation: 100, legal_representative: 100, alias: 100, contact_phone: 40 } as const;
// The choice of a list can't be empty text.
const BY_AGE = "age";
const DETAILS = ["id_number", "birth_date", "ethnicity", "occupation", "contact", "contact_phone", "alias", "capacity"] as const;

interface Props {
  form: PartyForm;
  change: (part: Partial<PartyForm>) => void;
  today: Day;
  shown: boolean;
  /** How the other parties of its side are called: it may choose them to represent it. */
  others?: readonly string[];
}

/** The fields of one party. */
export function PartyFields({ form, change, today, shown, others = [] }: Props) {
  const { t } = useText();
  const { table, word } = useCodeTable();
  const { pick } = useText();
  const [details, setDetails] = useState(() => DETAILS.some((name) => form[name] !== ""));
  const wrong = partyWrong(form, today);
  const person = form.kind !== "organisation";
  const options = (name: Table) => table(name).map((row) => ({ value: row.code, label: pick(row) }));
  const label = (name: string) => word("fields", `parties.${name}`);
  const say = (name: keyof PartyForm) => {
    const key = wrong[name];
    return key ? t(key) : null;
  };
  const box = (name: keyof typeof MOST, required = false) => (
    <TextBox label={label(name)} value={form[name]} onChange={(value) => change({ [name]: value })} maxLength={MOST[name]} required={required} shown={shown} wrong={say(name)} />
  );
  const parts = { form, change, today, shown };
  return (
    <div className="stack">
      <div className="grid2">
        <ChoiceRow label={label("side")} value={form.side} onChange={(side) => change({ side })} options={options("sides")} required shown={shown} wrong={say("side")} />
        <ChoiceRow label={label("kind")} value={form.kind} onChange={(kind) => change({ kind })} options={options("party_kinds")} required shown={shown} wrong={say("kind")} />
      </div>
      <div className="grid2">
        {box("name", true)}
        {box("phone")}
      </div>
      {person && <ChoiceRow label={label("sex")} value={form.sex} onChange={(sex) => change({ sex })} options={options("sexes")} />}
      {!person && box("legal_representative")}
      {box("address")}
      {!details && (
        <div className="choices">
          <Tick label={t("party.more")} value={false} onChange={() => setDetails(true)} />
        </div>
      )}
      {details && (
        <>
          <div className="grid2">
            <ChoiceBox label={label("id_kind")} value={form.id_kind} onChange={(id_kind) => change({ id_kind })} options={options("id_kinds")} />
            {box("id_number")}
          </div>
          {person && (
            <div className="grid2">
              <DayBox label={label("birth_date")} value={form.birth_date} onChange={(birth_date) => change({ birth_date })} today={today} leaning="past" shown={shown} wrong={say("birth_date")} />
              <ChoiceBox label={label("ethnicity")} value={form.ethnicity} onChange={(ethnicity) => change({ ethnicity })} options={options("ethnicities")} />
            </div>
          )}
          <div className="grid2">
            {box("alias")}
            {person && box("occupation")}
          </div>
          <div className="grid2">
            {box("contact")}
            {box("contact_phone")}
          </div>
          {person && <ChoiceBox label={label("capacity")} value={form.capacity || BY_AGE} onChange={(capacity) => change({ capacity: capacity === BY_AGE ? "" : capacity })} options={[{ value: BY_AGE, label: t("party.capacity.age") }, ...options("capacities")]} hint={t("party.capacity.hint")} />}
        </>
      )}
      <ManyRow label={label("needs")} value={form.needs} onChange={(needs) => change({ needs })} options={options("needs")} hint={t("party.needs.hint")} />
      <NeedsOwed needs={form.needs} />
      {person && <GuardianFields {...parts} />}
      <AgentFields {...parts} />
      <RepresentedFields {...parts} others={others} />
      <DeliveryFields {...parts} />
    </div>
  );
}
