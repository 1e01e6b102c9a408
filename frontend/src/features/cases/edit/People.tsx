import { useState } from "react";
import { patchCase, useCaseChanged } from "../../../api/cases";
import { draftPart, useDrafts } from "../../../api/drafts";
import type { CaseView, PartyView } from "../../../api/types";
import { DraftLine } from "../../../components/DraftLine";
import { useNow } from "../../../components/now";
import { useText } from "../../../components/text";
import { useDraft } from "../../../components/useDraft";
import { useAnnounce } from "../../../components/ui/Announce";
import { Button } from "../../../components/ui/Button";
import { Failure, Notice } from "../../../components/ui/Notice";
import { readBased, type Based } from "../../../lib/based";
import { uuidv7 } from "../../../lib/uuid";
import { PartyFields } from "../PartyFields";
import { PersonCard } from "../party/PersonCard";
import { callParty, emptyParty, fromParty, partyChanges, partyWrong, readPartyForm, toParty, type PartyForm } from "../partyForm";

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

// The others of a side, as they may be chosen to represent a party.
function sameSide(view: CaseView, party: PartyView | null, side: string): string[] {
  const names = view.parties.map((one) => one.name);
  return view.parties.flatMap((one, at) => (one.id !== party?.id && one.side === side && !one.represented_by ? [callParty(names, at)] : []));
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
      <PartyFields form={typed} change={(part) => draft.set((all) => ({ ...all, typed: { ...all.typed, ...part } }))} today={today} shown={shown} others={sameSide(view, party, typed.side)} />
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
