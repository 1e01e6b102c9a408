import type { CaseView, PartyView } from "../../../api/types";
import { useCodeTable } from "../../../components/codes";
import { useNow } from "../../../components/now";
import { useText } from "../../../components/text";
import { Button } from "../../../components/ui/Button";
import { Tag } from "../../../components/ui/Tag";
import { maskAddress, maskElectronic, maskId, maskPhone } from "../../../lib/mask";
import { href } from "../../../lib/route";
import { showDay } from "../../../lib/when";
import { Covered } from "./Covered";
import { NeedsMet } from "./NeedsMet";
import { NeedsOwed } from "./NeedsOwed";

/** One party as the case has it. Numbers and addresses are covered until asked for. */
export function PersonCard({ view, party, edit }: { view: CaseView; party: PartyView; edit: () => void }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();
  const facts = [
    party.alias && t("people.alias", { name: party.alias }),
    party.sex && word("sexes", party.sex),
    party.birth_date && t("people.born", { day: showDay(party.birth_date, language, today) }),
    party.occupation,
    party.legal_representative && t("people.legal", { name: party.legal_representative }),
  ].filter(Boolean);
  const contested = view.conflicts.find((conflict) => conflict.field.startsWith(`parties.${party.id}.`));
  const label = (path: string) => word("fields", `parties.${path}`);
  const limited = party.capacity_counts === "limited" || party.capacity_counts === "none";
  const chosenBy = view.parties.filter((other) => other.represented_by?.names.includes(party.name)).map((other) => other.name);
  const comma = language === "en" ? ", " : "、";
  return (
    <div className="card person">
      <div className="soft small">{word("sides", party.side)}</div>
      <b>{party.name}</b> <span className="soft">{facts.join(" · ")}</span>
      {limited && (
        <div>
          <Tag tone="due" icon="warn">
            {t(party.capacity ? "people.capacity" : "people.capacity.age", { capacity: word("capacities", party.capacity_counts ?? "") })}
          </Tag>
          {!party.guardian && <span className="small"> {t("people.guardian.missing")}</span>}
        </div>
      )}
      <Named name={label("address")} value={party.address} mask={maskAddress} />
      <Named name={label("phone")} value={party.phone} mask={maskPhone} />
      {party.contact && <div>{t("people.contact", { name: party.contact })}</div>}
      <Named name={label("contact_phone")} value={party.contact_phone} mask={maskPhone} />
      <Named name={party.id_kind ? word("id_kinds", party.id_kind) : label("id_number")} label={label("id_number")} value={party.id_number} mask={maskId} />
      <Guardian party={party} />
      <Agent party={party} />
      {party.represented_by && (
        <div className="small">
          {t(party.represented_by.may_settle ? "people.represented.settle" : "people.represented", { names: party.represented_by.names.join(comma) })}
        </div>
      )}
      {chosenBy.length > 0 && <div className="small">{t("people.represents", { names: chosenBy.join(comma) })}</div>}
      <Delivery party={party} />
      {party.needs && party.needs.length > 0 && (
        <>
          <Tag tone="due" icon="info">
            {party.needs.map((need) => word("needs", need)).join(comma)}
          </Tag>
          <NeedsMet view={view} party={party} />
          <NeedsOwed needs={party.needs} />
        </>
      )}
      {contested && (
        <a className="line-link" href={href(["conflicts", view.id, contested.field])}>
          {t("stage.conflict")}
        </a>
      )}
      <div className="edit">
        <Button kind="quiet" icon="edit" onPress={edit} aria-label={t("people.edit", { name: party.name })}>
          {t("edit.change")}
        </Button>
      </div>
    </div>
  );
}

// A covered value on a line of its own, with what it is.
function Named({ name, label = name, value, mask }: { name: string; label?: string; value: string | undefined; mask: (value: string) => string }) {
  if (!value) return null;
  return (
    <div className="named">
      <span className="soft small">{name}</span> <Covered label={label} value={value} mask={mask} />
    </div>
  );
}

function Guardian({ party }: { party: PartyView }) {
  const { t } = useText();
  const { word } = useCodeTable();
  const { guardian } = party;
  if (!guardian) return null;
  return (
    <div className="small">
      {t("people.guardian", { name: guardian.name, relation: word("guardian_relations", guardian.relation) })}{" "}
      {guardian.phone && <Covered label={word("fields", "parties.guardian.phone")} value={guardian.phone} mask={maskPhone} />}{" "}
      {guardian.id_number && <Covered label={word("fields", "parties.guardian.id_number")} value={guardian.id_number} mask={maskId} />}
    </div>
  );
}

function Agent({ party }: { party: PartyView }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();
  const { agent } = party;
  if (!agent) return null;
  const powers = [...(agent.powers ?? []).map((power) => word("agent_powers", power)), ...(agent.powers_note ? [agent.powers_note] : [])];
  const ended = agent.until !== undefined && agent.until < today;
  return (
    <div className="small">
      {t("people.agent", { name: agent.name, kind: word("agent_kinds", agent.kind), authority: word("authorities", agent.authority) })}{" "}
      {agent.until && <span>{t(ended ? "people.agent.ended" : "people.agent.until", { day: showDay(agent.until, language, today) })} </span>}
      {agent.phone && <Covered label={word("fields", "parties.agent.phone")} value={agent.phone} mask={maskPhone} />}{" "}
      {agent.id_number && <Covered label={word("fields", "parties.agent.id_number")} value={agent.id_number} mask={maskId} />}
      {powers.length > 0 && <div className="soft">{powers.join(language === "en" ? "; " : "；")}</div>}
    </div>
  );
}

function Delivery({ party }: { party: PartyView }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();
  const { delivery } = party;
  if (!delivery) return null;
  return (
    <div className="small">
      {word("fields", "parties.delivery")} {delivery.recipient} <Covered label={word("fields", "parties.delivery.address")} value={delivery.address} mask={maskAddress} />{" "}
      {delivery.phone && <Covered label={word("fields", "parties.delivery.phone")} value={delivery.phone} mask={maskPhone} />}{" "}
      {delivery.electronic !== undefined && <span>{t(delivery.electronic ? "people.electronic" : "people.electronic.not")} </span>}
      {delivery.electronic_to && <Covered label={word("fields", "parties.delivery.electronic_to")} value={delivery.electronic_to} mask={maskElectronic} />}{" "}
      {delivery.confirmed_on && <span className="soft">{t("people.confirmed", { day: showDay(delivery.confirmed_on, language, today) })}</span>}
    </div>
  );
}
