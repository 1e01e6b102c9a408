import { useEffect, useRef, useState } from "react";
import { useCaseChanged } from "../../api/cases";
import { asProblem } from "../../api/errors";
import { newOral } from "../../api/lifecycle";
import type { Saved } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { DraftLine } from "../../components/DraftLine";
import { useNow } from "../../components/now";
import { useProblemText } from "../../components/problem";
import { useSession } from "../../components/session";
import { useText } from "../../components/text";
import { useDraft } from "../../components/useDraft";
import { useAnnounce } from "../../components/ui/Announce";
import { Button, LinkButton } from "../../components/ui/Button";
import { MomentBox } from "../../components/ui/DayBox";
import { Section, TextBox } from "../../components/ui/Fields";
import { Failure, Notice } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { PickBox } from "../../components/ui/PickBox";
import { timeOf } from "../../lib/days";
import { href } from "../../lib/route";
import { uuidv7 } from "../../lib/uuid";
import { enterMoves } from "./enterMoves";
import { emptyOral, oralWrong, readOral, toOral, type OralForm } from "./oralForm";
import { Terms } from "./Terms";

const DRAFT = "oral";

/** From nothing to a saved, effective oral agreement, by the keyboard alone. */
export function OralPage() {
  const { t } = useText();
  const [done, setDone] = useState<Saved | null>(null);
  const [round, setRound] = useState(0);
  return (
    <Page title={t("oral.title")} sub={done ? undefined : t("oral.sub")}>
      <div className="content narrow">
        {done ? (
          <Done saved={done} again={() => { setDone(null); setRound(round + 1); }} />
        ) : (
          <OralEditor key={round} done={setDone} />
        )}
      </div>
    </Page>
  );
}

function OralEditor({ done }: { done: (saved: Saved) => void }) {
  const { t } = useText();
  const { now, today } = useNow();
  const { person } = useSession();
  const { table } = useCodeTable();
  const { pick } = useText();
  const say = useProblemText();
  const announce = useAnnounce();
  const changed = useCaseChanged();
  const [token] = useState(() => uuidv7());
  const draft = useDraft<OralForm>(DRAFT, emptyOral(person.seat_name, today, timeOf(now)), readOral);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!draft.ready) return null;
  const form = draft.value;
  const wrong = oralWrong(form, today);
  const said = error ? saidByField(error, say) : {};
  const set = (part: Partial<OralForm>) => draft.set((before) => ({ ...before, ...part }));
  const box = (name: "applicant" | "respondent" | "about" | "place" | "mediators") => {
    const key = wrong[name];
    return { value: form[name], onChange: (value: string) => set({ [name]: value }), shown: shown || said[name] !== undefined, wrong: said[name] ?? (key ? t(key, { most: 1000 }) : null) };
  };
  const save = async () => {
    setShown(true);
    const faults = Object.keys(oralWrong(form, today)).length;
    if (faults > 0) {
      announce(t("form.wrong", { n: faults }));
      return;
    }
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      const saved = await newOral(token, toOral(form, today));
      await draft.discard();
      await changed(saved.id);
      announce(t("oral.done"));
      done(saved);
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <form
      className="stack"
      noValidate
      onKeyDownCapture={(event) => enterMoves(event, () => void save())}
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      {draft.found && <Notice tone="wait">{t("draft.back")}</Notice>}
      <Section title={t("oral.who")}>
        <PickBox
          label={t("oral.category")}
          hint={t("oral.category.hint")}
          required
          autoFocus
          value={form.category}
          onChange={(category) => set({ category })}
          options={table("categories").map((row) => ({ value: row.code, label: pick(row), also: row.code }))}
          shown={shown}
          wrong={wrong["category"] ? t(wrong["category"]) : null}
        />
        <div className="grid2">
          <TextBox label={t("oral.applicant")} required {...box("applicant")} />
          <TextBox label={t("oral.respondent")} required {...box("respondent")} />
        </div>
        <TextBox label={t("oral.about")} required hint={t("oral.about.hint")} {...box("about")} />
      </Section>
      <Terms form={form} set={set} wrong={wrong} shown={shown} today={today} />
      <Section title={t("oral.when")}>
        <TextBox label={t("oral.mediators")} required {...box("mediators")} />
        <MomentBox label={t("oral.at")} required day={form.day} time={form.time} onChange={(day, time) => set({ day, time })} today={today} leaning="past" shown={shown} />
        <TextBox label={t("oral.place")} {...box("place")} />
      </Section>
      {shown && Object.keys(wrong).length > 0 && <Notice tone="bad">{t("form.wrong", { n: Object.keys(wrong).length })}</Notice>}
      <Failure error={error} safe={t("draft.safe")} />
      <div className="buttons sticky-foot">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {t("oral.save")}
        </Button>
        <span className="soft small">{t("oral.keys")}</span>
        <DraftLine status={draft.status} />
      </div>
    </form>
  );
}

function saidByField(error: unknown, say: ReturnType<typeof useProblemText>): Record<string, string> {
  const problem = asProblem(error);
  const said: Record<string, string> = {};
  for (const reason of [problem, ...(problem.fields ?? [])]) if (reason.field) said[reason.field] = say(reason);
  return said;
}

function Done({ saved, again }: { saved: Saved; again: () => void }) {
  const { t, pick } = useText();
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const warnings = (saved.warnings ?? []).filter((warning) => warning.texts);
  return (
    <section className="stack">
      <Notice tone="ok">
        <h2 ref={heading} tabIndex={-1}>
          {t("oral.done")}
        </h2>
        <p>{t("oral.done.what")}</p>
      </Notice>
      {warnings.length > 0 && (
        <Notice tone="due">
          <ul>
            {warnings.map((warning, at) => (
              <li key={at}>{warning.texts && pick(warning.texts)}</li>
            ))}
          </ul>
        </Notice>
      )}
      <div className="buttons">
        <LinkButton kind="primary" href={href(["cases", saved.id])}>
          {t("oral.open")}
        </LinkButton>
        <LinkButton icon="print" href={href(["cases", saved.id, "sheet"])}>
          {t("case.print")}
        </LinkButton>
        <Button onPress={again}>{t("oral.again")}</Button>
      </div>
    </section>
  );
}
