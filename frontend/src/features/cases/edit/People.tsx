import { useState } from "react";
import { patchCase, useCaseChanged } from "../../../api/cases";
import { draftPart, useDrafts } from "../../../api/drafts";
import type { CaseView, PartyView } from "../../../api/types";
import { useCodeTable } from "../../../components/codes";
import { DraftLine } from "../../../components/DraftLine";
import { useNow } from "../../../components/now";
import { useText } from "../../../components/text";
import { useDraft } from "../../../components/useDraft";
import { useAnnounce } from "../../../components/ui/Announce";
import { Button } from "../../../components/ui/Button";
import { Failure, Notice } from "../../../components/ui/Notice";
import { Tag } from "../../../components/ui/Tag";
import { readBased, type Based } from "../../../lib/based";
import { href } from "../../../lib/route";
import { uuidv7 } from "../../../lib/uuid";
import { showDay } from "../../../lib/when";
import { PartyFields } from "../PartyFields";
import { emptyParty, fromParty, partyChanges, partyWrong, readPartyForm, toParty, type PartyForm } from "../partyForm";

const draftName = (view: CaseView, party: string) => `party.${draftPart(view.id)}.${draftPart(party)}`.slice(0, 100);

/** The people of the case, at the top. */
export function People({ view }: { view: CaseView }) {
  const { t } = useText();
  const drafts = useDrafts();
  const [editing, setEditing] = useState<string | null>(null);
  const begun = new Set((drafts.data ?? []).map((draft) => draft.name));
  const isOpen = (id: string) => editing === id || (editing === null && begun.has(draftName(view, id)));
  return (
    <section aria-label={t("people.label")}>
      <div className="people">
        {view.parties.map((party) =>
          isOpen(party.id) ? (
            <PartyEditor key={party.id} view={view} party={party} done={() => setEditing("")} />
          ) : (
            <PersonCard key={party.id} view={view} party={party} edit={() => setEditing(party.id)} />
          ),
        )}
        {isOpen("new") && <PartyEditor view={view} party={null} done={() => setEditing("")} />}
      </div>
      {!isOpen("new") && (
        <Button kind="quiet" icon="plus" onPress={() => setEditing("new")}>
          {t("people.add")}
        </Button>
      )}
    </section>
  );
}

function PersonCard({ view, party, edit }: { view: CaseView; party: PartyView; edit: () => void }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();
  const facts = [
    party.sex && word("sexes", party.sex),
    party.birth_date && t("people.born", { day: showDay(party.birth_date, language, today) }),
    party.occupation,
    party.legal_representative && t("people.legal", { name: party.legal_representative }),
  ].filter(Boolean);
  const reach = [party.address, party.phone, party.contact].filter(Boolean);
  const contested = view.conflicts.find((conflict) => conflict.field.startsWith(`parties.${party.id}.`));
  return (
    <div className="card person">
      <div className="soft small">{word("sides", party.side)}</div>
      <b>{party.name}</b> <span className="soft">{facts.join(" · ")}</span>
      {reach.length > 0 && <div>{reach.join(" · ")}</div>}
      {party.id_number && <div className="small soft">{[word("id_kinds", party.id_kind ?? "other"), masked(party.id_number)].join(" ")}</div>}
      {party.agent && (
        <div className="small">
          {t("people.agent", { name: party.agent.name, kind: word("agent_kinds", party.agent.kind), authority: word("authorities", party.agent.authority) })}
        </div>
      )}
      {party.needs && party.needs.length > 0 && <Tag tone="due" icon="info">{party.needs.map((need) => word("needs", need)).join(language === "en" ? ", " : "、")}</Tag>}
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

// On a screen that others may see, the middle of a number stays covered.
function masked(number: string): string {
  return number.length >= 15 ? `${number.slice(0, 6)}********${number.slice(-4)}` : number;
}

function PartyEditor({ view, party, done }: { view: CaseView; party: PartyView | null; done: () => void }) {
  const { t } = useText();
  const { today } = useNow();
  const changed = useCaseChanged();
  const announce = useAnnounce();
  const [token] = useState(() => uuidv7());
  const now = party ? fromParty(party) : emptyParty("respondent");
  const draft = useDraft<Based<PartyForm, PartyForm>>(draftName(view, party?.id ?? "new"), { typed: now, heads: view.heads, before: now }, (kept) => readBased(kept, readPartyForm, readPartyForm));
  const { typed, heads, before } = draft.value;
  const [shown, setShown] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [removing, setRemoving] = useState(false);

  const save = async (fields: Record<string, unknown>) => {
    setBusy(true);
    setError(null);
    try {
      if (Object.keys(fields).length > 0) await patchCase(token, view.id, { base: [...heads], fields });
      await draft.discard();
      await changed(view.id);
      announce(t("saved"));
      done();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const submit = () => {
    setShown(true);
    if (Object.keys(partyWrong(typed, today)).length > 0) return;
    const next = toParty(typed, today);
    void save(party ? partyChanges(party.id, toParty(before, today), next) : { "parties.+": next });
  };
  if (!draft.ready) return null;
  return (
    <section className="card person wide stack" aria-label={party ? t("people.edit", { name: party.name }) : t("people.add")}>
      {draft.found && <Notice tone="wait">{t("draft.back")}</Notice>}
      <PartyFields form={typed} change={(part) => draft.set((all) => ({ ...all, typed: { ...all.typed, ...part } }))} today={today} shown={shown} />
      <Failure error={error} safe={t("draft.safe")} />
      <div className="buttons">
        <Button kind="primary" isDisabled={busy} onPress={submit}>
          {t("edit.save")}
        </Button>
        <Button isDisabled={busy} onPress={() => void draft.discard().finally(done)}>
          {t("edit.cancel")}
        </Button>
        {party && view.parties.length > 1 && !removing && (
          <Button kind="quiet" isDisabled={busy} onPress={() => setRemoving(true)}>
            {t("people.remove")}
          </Button>
        )}
        <DraftLine status={draft.status} />
      </div>
      {party && removing && (
        <Notice tone="due" live>
          <p>{t("people.remove.sure", { name: party.name })}</p>
          <div className="buttons">
            <Button isDisabled={busy} onPress={() => void save({ [`parties.${party.id}`]: null })}>
              {t("people.remove.yes")}
            </Button>
            <Button kind="quiet" onPress={() => setRemoving(false)}>
              {t("people.remove.no")}
            </Button>
          </div>
        </Notice>
      )}
    </section>
  );
}
