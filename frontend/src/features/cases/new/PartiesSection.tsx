import { useText } from "../../../components/text";
import { Button } from "../../../components/ui/Button";
import { Section } from "../../../components/ui/Fields";
import type { Day } from "../../../lib/days";
import { PartyFields } from "../PartyFields";
import { callParty, emptyParty, type PartyForm } from "../partyForm";

const MOST_PARTIES = 500;

interface Props {
  parties: readonly PartyForm[];
  set: (next: (before: PartyForm[]) => PartyForm[]) => void;
  today: Day;
  shown: boolean;
}

// Only who has a name can be chosen; two of one name are told apart by #n.
function sameSide(parties: readonly PartyForm[], at: number): string[] {
  const named = parties.filter((party) => party.name.trim() !== "");
  const names = named.map((party) => party.name);
  return named.flatMap((party, n) => (party !== parties[at] && party.side === parties[at]?.side && party.represented_names.length === 0 ? [callParty(names, n)] : []));
}

/** The people of a new case, one after another. */
export function PartiesSection({ parties, set, today, shown }: Props) {
  const { t } = useText();
  return (
    <Section title={t("people.label")}>
      {parties.map((party, at) => (
        <div key={at} className="stack" role="group" aria-label={t("people.number", { n: at + 1 })}>
          <div className="buttons">
            <h3>{party.name.trim() === "" ? t("people.number", { n: at + 1 }) : party.name}</h3>
            <span className="spring" />
            {parties.length > 1 && (
              <Button kind="quiet" icon="cross" onPress={() => set((before) => before.filter((_, other) => other !== at))}>
                {t("people.drop")}
              </Button>
            )}
          </div>
          <PartyFields form={party} change={(part) => set((before) => before.map((one, other) => (other === at ? { ...one, ...part } : one)))} today={today} shown={shown && (at === 0 || party.name.trim() !== "")} others={sameSide(parties, at)} />
          {at < parties.length - 1 && <hr style={{ width: "100%", border: 0, borderTop: "1px solid var(--line)" }} />}
        </div>
      ))}
      {parties.length < MOST_PARTIES && (
        <div className="buttons">
          <Button icon="plus" onPress={() => set((before) => [...before, emptyParty(before.length === 1 ? "respondent" : "third")])}>
            {t("people.add")}
          </Button>
        </div>
      )}
    </Section>
  );
}
