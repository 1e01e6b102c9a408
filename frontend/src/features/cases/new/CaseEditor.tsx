import { useState } from "react";
import { newCase, useCaseChanged } from "../../../api/cases";
import { draftPart } from "../../../api/drafts";
import type { Saved } from "../../../api/types";
import { useCodeTable, type Table } from "../../../components/codes";
import { DraftLine } from "../../../components/DraftLine";
import { useNow } from "../../../components/now";
import { useProblemText } from "../../../components/problem";
import { useText } from "../../../components/text";
import { useDraft } from "../../../components/useDraft";
import { useAnnounce } from "../../../components/ui/Announce";
import { Button, LinkButton } from "../../../components/ui/Button";
import { MomentBox } from "../../../components/ui/DayBox";
import { ChoiceBox, ManyRow, Section, TextBox } from "../../../components/ui/Fields";
import { MoneyBox } from "../../../components/ui/MoneyBox";
import { Failure, Notice } from "../../../components/ui/Notice";
import { timeOf } from "../../../lib/days";
import { goTo, href } from "../../../lib/route";
import { uuidv7 } from "../../../lib/uuid";
import { NEW_CASE_DRAFTS } from "../DraftsLine";
import { caseWrong, countWrong, emptyCase, MOST, readCaseForm, suggestTitle, toDocument, type CaseForm, type TextName } from "./caseForm";
import { PartiesSection } from "./PartiesSection";

export function CaseEditor({ draft: id }: { draft: string }) {
  const { t } = useText();
  const { now, today } = useNow();
  const announce = useAnnounce();
  const changed = useCaseChanged();
  const draft = useDraft<CaseForm>(`${NEW_CASE_DRAFTS}${draftPart(id)}`, emptyCase(uuidv7(), today, timeOf(now)), readCaseForm);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [saved, setSaved] = useState<Saved | null>(null);
  if (!draft.ready) return null;
  const form = draft.value;
  const wrong = countWrong(form, today);

  const submit = async () => {
    setShown(true);
    if (wrong > 0) {
      announce(t("form.wrong", { n: wrong }));
      document.querySelector<HTMLElement>('[data-invalid] input, [data-invalid] textarea, [data-invalid] button, [aria-invalid="true"]')?.focus();
      return;
    }
    setBusy(true);
    setError(null);
    try {
      const done = await newCase(form.token, toDocument(form, today));
      await draft.discard();
      await changed(done.id);
      announce(t("new.saved"));
      if (done.warnings && done.warnings.length > 0) setSaved(done);
      else goTo(href(["cases", done.id]));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  if (saved) return <SavedWithWarnings saved={saved} />;
  return (
    <form
      className="content narrow"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {draft.found && <Notice tone="wait">{t("draft.back")}</Notice>}
      <Fields form={form} set={draft.set} shown={shown} />
      {shown && wrong > 0 && <Notice tone="bad">{t("form.wrong", { n: wrong })}</Notice>}
      <Failure error={error} safe={t("draft.safe")} />
      <div className="buttons">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {t(busy ? "new.saving" : "new.save")}
        </Button>
        <LinkButton href={href(["cases"])}>{t("edit.later")}</LinkButton>
        <Button kind="quiet" isDisabled={busy} onPress={() => void draft.discard().then(() => goTo(href(["cases"])))}>
          {t("new.discard")}
        </Button>
        <DraftLine status={draft.status} />
      </div>
    </form>
  );
}

/** Saved all the same; what looked odd is said once, without haste. */
function SavedWithWarnings({ saved }: { saved: Saved }) {
  const { t } = useText();
  const say = useProblemText();
  return (
    <div className="content narrow">
      <Notice tone="ok" live>
        {t("new.saved")}
      </Notice>
      <Notice tone="due">
        <p>{t("new.warnings")}</p>
        <ul>
          {(saved.warnings ?? []).map((warning, at) => (
            <li key={at}>{say(warning)}</li>
          ))}
        </ul>
      </Notice>
      <div className="buttons">
        <LinkButton kind="primary" href={href(["cases", saved.id])}>
          {t("new.open")}
        </LinkButton>
      </div>
    </div>
  );
}

function Fields({ form, set, shown }: { form: CaseForm; set: (next: (before: CaseForm) => CaseForm) => void; shown: boolean }) {
  const { t, pick } = useText();
  const { table, word } = useCodeTable();
  const { today } = useNow();
  const wrong = caseWrong(form, today);
  const change = (part: Partial<CaseForm>) => set((before) => ({ ...before, ...part }));
  const options = (name: Table) => table(name).map((row) => ({ value: row.code, label: pick(row) }));
  const label = (name: string) => word("fields", name);
  const say = (name: TextName) => {
    const key = wrong[name];
    return key ? t(key, { most: MOST[name] ?? 0 }) : null;
  };
  const suggested = suggestTitle(form, form.category ? word("categories", form.category) : "");
  return (
    <>
      <Section title={t("new.dispute")}>
        <div className="grid2">
          <ChoiceBox label={label("category")} value={form.category} onChange={(category) => change({ category })} options={options("categories")} required shown={shown} wrong={say("category")} />
          <ChoiceBox label={label("source")} value={form.source} onChange={(source) => change({ source })} options={options("sources")} required shown={shown} wrong={say("source")} />
        </div>
        <MomentBox
          label={label("received_at")}
          day={form.received_day}
          time={form.received_time}
          onChange={(received_day, received_time) => change({ received_day, received_time })}
          today={today}
          leaning="past"
          required
          timeRequired
          shown={shown}
          wrong={say("received_day")}
        />
      </Section>
      <PartiesSection parties={form.parties} set={(next) => set((before) => ({ ...before, parties: next(before.parties) }))} today={today} shown={shown} />
      <Section title={t("new.story")}>
        <TextBox
          label={label("title")}
          value={form.title}
          onChange={(title) => change({ title })}
          required
          shown={shown}
          wrong={say("title")}
          hint={
            form.title === "" && suggested !== "" ? (
              <Button kind="quiet" onPress={() => change({ title: suggested })}>
                {t("new.suggest", { title: suggested })}
              </Button>
            ) : undefined
          }
        />
        <TextBox label={label("facts")} hint={t("new.facts.hint")} value={form.facts} onChange={(facts) => change({ facts })} long paper required shown={shown} wrong={say("facts")} />
        <TextBox label={label("claims")} hint={t("new.claims.hint")} value={form.claims} onChange={(claims) => change({ claims })} long shown={shown} wrong={say("claims")} />
        <MoneyBox label={label("amount_fen")} value={form.amount} onChange={(amount) => change({ amount })} shown={shown} />
      </Section>
      <Section title={t("new.place")}>
        <TextBox label={label("place")} value={form.place} onChange={(place) => change({ place })} shown={shown} wrong={say("place")} />
        <ManyRow label={label("tags")} value={form.tags} onChange={(tags) => change({ tags })} options={options("tags")} />
        <TextBox label={label("external_id")} hint={t("new.external.hint")} value={form.external_id} onChange={(external_id) => change({ external_id })} shown={shown} wrong={say("external_id")} />
      </Section>
    </>
  );
}
