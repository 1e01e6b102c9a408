import { useState } from "react";
import { patchNotes, useCase, useCaseChanged, useNotes } from "../../api/cases";
import { draftPart } from "../../api/drafts";
import type { NotesView } from "../../api/types";
import { DraftLine } from "../../components/DraftLine";
import { useText } from "../../components/text";
import { useDraft } from "../../components/useDraft";
import { useAnnounce } from "../../components/ui/Announce";
import { Button } from "../../components/ui/Button";
import { TextBox } from "../../components/ui/Fields";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { readBased, type Based } from "../../lib/based";
import { href } from "../../lib/route";
import { uuidv7 } from "../../lib/uuid";

const PARTS = ["minutes", "proposals"] as const;
const MOST = 20_000;
type Texts = Record<(typeof PARTS)[number], string>;

function readTexts(kept: unknown): Texts | null {
  if (typeof kept !== "object" || kept === null) return null;
  const texts = kept as Partial<Record<string, unknown>>;
  return PARTS.every((part) => typeof texts[part] === "string") ? (texts as Texts) : null;
}

/** Minutes and proposals: kept apart, never given to a court. */
export function NotesPage({ id }: { id: string }) {
  const { t } = useText();
  const view = useCase(id);
  const notes = useNotes(id);
  // The form begins anew after a save only: a note that comes in while somebody
  // types must not take the page from under the hands.
  const [round, setRound] = useState(0);
  return (
    <Page title={t("notes.title")} back={{ href: href(["cases", id]), label: view.data?.title ? t("back.to", { title: view.data.title }) : t("case.back") }}>
      <div className="content narrow">
        <Notice tone="wait">{t("notes.why")}</Notice>
        {notes.isPending && <Waiting>{t("wait.loading")}</Waiting>}
        <Failure error={notes.error} />
        {notes.data && <NotesForm key={round} id={id} notes={notes.data} saved={() => setRound((n) => n + 1)} />}
      </div>
    </Page>
  );
}

function NotesForm({ id, notes, saved }: { id: string; notes: NotesView; saved: () => void }) {
  const { t } = useText();
  const changed = useCaseChanged();
  const announce = useAnnounce();
  const [token] = useState(() => uuidv7());
  const now: Texts = { minutes: notes.minutes, proposals: notes.proposals };
  const draft = useDraft<Based<Texts, Texts>>(`notes.${draftPart(id)}`.slice(0, 100), { typed: now, heads: notes.heads, before: now }, (kept) => readBased(kept, readTexts, readTexts));
  const { typed, heads, before } = draft.value;
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!draft.ready) return null;
  const save = async () => {
    const fields = Object.fromEntries(PARTS.filter((part) => typed[part] !== before[part]).map((part) => [part, typed[part] || null]));
    setBusy(true);
    setError(null);
    try {
      if (Object.keys(fields).length > 0) await patchNotes(token, id, { base: [...heads], fields });
      await draft.discard();
      await changed(id);
      announce(t("saved"));
      saved();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {draft.found && <Notice tone="wait">{t("draft.back")}</Notice>}
      {PARTS.map((part) => (
        <TextBox key={part} label={t(`notes.${part}`)} hint={t(`notes.${part}.hint`)} long value={typed[part]} onChange={(text) => draft.set((all) => ({ ...all, typed: { ...all.typed, [part]: text } }))} maxLength={MOST} />
      ))}
      <Failure error={error} safe={t("draft.safe")} />
      <div className="buttons">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {t("edit.save")}
        </Button>
        <DraftLine status={draft.status} />
      </div>
    </form>
  );
}
