import { useState } from "react";
import { patchCase, useCaseChanged } from "../../../api/cases";
import { ApiError } from "../../../api/errors";
import type { CaseView } from "../../../api/types";
import { useCodeTable } from "../../../components/codes";
import { DraftLine } from "../../../components/DraftLine";
import { useNow } from "../../../components/now";
import { useText } from "../../../components/text";
import { useDraft } from "../../../components/useDraft";
import { useAnnounce } from "../../../components/ui/Announce";
import { Button, LinkButton } from "../../../components/ui/Button";
import { MomentBox } from "../../../components/ui/DayBox";
import { ChoiceBox, ManyRow, TextBox } from "../../../components/ui/Fields";
import { MoneyBox } from "../../../components/ui/MoneyBox";
import { Failure, Notice } from "../../../components/ui/Notice";
import { useValues } from "../../../components/values";
import { readBased, type Based } from "../../../lib/based";
import { href } from "../../../lib/route";
import { uuidv7 } from "../../../lib/uuid";
import { fieldDraft } from "./Editable";
import { readTyped, SPECS, typedFrom, typedValue, typedWrong, type FieldName, type Typed } from "./fieldKinds";

/** Changes one field; what is typed is kept until it is saved or given up. */
export function FieldEditor({ view, field, done }: { view: CaseView; field: FieldName; done: () => void }) {
  const { t } = useText();
  const { today } = useNow();
  const changed = useCaseChanged();
  const announce = useAnnounce();
  const [token] = useState(() => uuidv7());
  const now = typedFrom(view, field);
  const draft = useDraft<Based<Typed, Typed>>(fieldDraft(view.id, field), { typed: now, heads: view.heads, before: now }, (kept) => readBased(kept, readTyped, readTyped));
  const { typed, heads } = draft.value;
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!draft.ready) return null;

  const save = async () => {
    setShown(true);
    if (typedWrong(field, typed, today)) return;
    setBusy(true);
    setError(null);
    try {
      await patchCase(token, view.id, { base: [...heads], fields: { [field]: typedValue(field, typed, today) } });
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
  return (
    <form
      className="stack"
      style={{ fontFamily: "var(--ui)", fontSize: "1rem", lineHeight: 1.5 }}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {draft.found && <Notice tone="wait">{t("draft.back")}</Notice>}
      <Box field={field} typed={typed} set={(next) => draft.set((before) => ({ ...before, typed: next }))} shown={shown} />
      <Failure error={error} safe={t("draft.safe")} />
      {error instanceof ApiError && error.code === "contested" && (
        <div className="buttons">
          <LinkButton href={href(["conflicts", view.id, field])}>{t("conflict.go")}</LinkButton>
        </div>
      )}
      <div className="buttons">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {t("edit.save")}
        </Button>
        <Button isDisabled={busy} onPress={() => void draft.discard().finally(done)}>
          {t("edit.cancel")}
        </Button>
        <DraftLine status={draft.status} />
      </div>
    </form>
  );
}

function Box({ field, typed, set, shown }: { field: FieldName; typed: Typed; set: (typed: Typed) => void; shown: boolean }) {
  const { t, pick } = useText();
  const { table } = useCodeTable();
  const { label } = useValues();
  const { today } = useNow();
  const spec = SPECS[field];
  const text = typed[0] ?? "";
  const key = typedWrong(field, typed, today);
  const wrong = key && t(key, { most: spec.most ?? 0 });
  const options = spec.table ? table(spec.table).map((row) => ({ value: row.code, label: pick(row) })) : [];
  switch (spec.kind) {
    case "choice":
      return <ChoiceBox label={label(field)} value={text} onChange={(next) => set([next])} options={options} required={spec.required} shown={shown} wrong={wrong} />;
    case "tags":
      return <ManyRow label={label(field)} value={typed} onChange={set} options={options} />;
    case "money":
      return <MoneyBox label={label(field)} value={text} onChange={(next) => set([next])} shown={shown} />;
    case "moment":
      return <MomentBox label={label(field)} day={text} time={typed[1] ?? ""} onChange={(day, time) => set([day, time])} today={today} leaning="past" required timeRequired shown={shown} />;
    default:
      return (
        <TextBox label={label(field)} value={text} onChange={(next) => set([next])} long={spec.kind === "paper"} paper={spec.kind === "paper"} required={spec.required} shown={shown} wrong={wrong} autoFocus />
      );
  }
}
