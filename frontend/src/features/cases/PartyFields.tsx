import { useCodeTable, type Table } from "../../components/codes";
import { useText } from "../../components/text";
import { ChoiceBox, ChoiceRow, ManyRow, TextBox, Tick } from "../../components/ui/Fields";
import { DayBox } from "../../components/ui/DayBox";
import type { Day } from "../../lib/days";
import { hasAgent, partyWrong, type PartyForm } from "./partyForm";
import { useState } from "react";

const MOST = { name: 100, id_number: 40, phone: 40, contact: 100, address: 300, occupation: 100, legal_representative: 100 } as const;

interface Props {
  form: PartyForm;
  change: (part: Partial<PartyForm>) => void;
  today: Day;
  shown: boolean;
}

/** The fields of one party. */
export function PartyFields({ form, change, today, shown }: Props) {
  const { t } = useText();
  const { table, word } = useCodeTable();
  const { pick } = useText();
  const [agent, setAgent] = useState(hasAgent(form));
  const [details, setDetails] = useState(() => ["id_number", "birth_date", "ethnicity", "occupation", "contact"].some((name) => form[name as "phone"] !== ""));
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
            {person && box("occupation")}
            {box("contact")}
          </div>
        </>
      )}
      <ManyRow label={label("needs")} value={form.needs} onChange={(needs) => change({ needs })} options={options("needs")} hint={t("party.needs.hint")} />
      <div className="choices">
        <Tick
          label={t("party.agent")}
          value={agent}
          onChange={(on) => {
            setAgent(on);
            if (!on) change({ agent_name: "", agent_kind: "", agent_authority: "" });
          }}
        />
      </div>
      {agent && (
        <div className="grid2">
          <TextBox label={word("fields", "parties.agent.name")} value={form.agent_name} onChange={(agent_name) => change({ agent_name })} maxLength={100} required shown={shown} wrong={say("agent_name")} />
          <ChoiceBox label={word("fields", "parties.agent.kind")} value={form.agent_kind} onChange={(agent_kind) => change({ agent_kind })} options={options("agent_kinds")} required shown={shown} wrong={say("agent_kind")} />
          <ChoiceRow label={word("fields", "parties.agent.authority")} value={form.agent_authority} onChange={(agent_authority) => change({ agent_authority })} options={options("authorities")} required shown={shown} wrong={say("agent_authority")} />
        </div>
      )}
    </div>
  );
}
