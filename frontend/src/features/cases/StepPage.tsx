import { useState } from "react";
import { previewStep, takeStep, useCase, useCaseChanged, useSteps } from "../../api/cases";
import { draftPart } from "../../api/drafts";
import { asProblem } from "../../api/errors";
import { useTable } from "../../api/tables";
import type { Step, StepPreview } from "../../api/types";
import { DraftLine } from "../../components/DraftLine";
import { useNow } from "../../components/now";
import { useProblemText } from "../../components/problem";
import { useSession } from "../../components/session";
import { knownAnswers, questionsOf } from "../../components/specs/knownAnswers";
import { SpecForm } from "../../components/specs/SpecFields";
import { drawn, readSpecForm, specFields, specPath, specWrong, startForm, type SpecForm as Form } from "../../components/specs/specForm";
import { useText } from "../../components/text";
import { useDraft } from "../../components/useDraft";
import { useAnnounce } from "../../components/ui/Announce";
import { Button, LinkButton } from "../../components/ui/Button";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { timeOf } from "../../lib/days";
import { isKey } from "../../lib/messages";
import { goTo, href, useRoute } from "../../lib/route";
import { uuidv7 } from "../../lib/uuid";
import { AgreementCard } from "./AgreementCard";
import { BeforeSending, isSent } from "./BeforeSending";

// Steps about the wording of an agreement: whoever takes one has it before the eyes.
const OF_WORDING = ["sign", "refuse-draft", "enter-agreement"];

/** One step of the lifecycle: its form, or why it can't be taken now. */
export function StepPage({ id, step }: { id: string; step: string }) {
  const { t, pick } = useText();
  const say = useProblemText();
  const steps = useSteps(id);
  const view = useCase(id);
  const back = { href: href(["cases", id]), label: view.data?.title ? t("back.to", { title: view.data.title }) : t("case.back") };
  const found: Step | undefined = steps.data?.find((one) => one.step === step);
  // It stands above the form and above the reason why there is none any more.
  const [stale, setStale] = useState<unknown>(null);
  // What the case answers itself is there when the form begins; without the table a person answers all.
  const asks = step === "confirm-apply";
  const table = useTable("confirmation", asks);
  if (steps.isPending || view.isPending || (asks && table.isPending)) return <Waiting>{t("wait.loading")}</Waiting>;
  if (!found) {
    return (
      <Page title={t("steps.missing")} back={back}>
        <div className="content">
          <Failure error={steps.error} />
        </div>
      </Page>
    );
  }
  // Where a step carries something out of the notes, or binds, it is said first.
  const about = `step.about.${step}`;
  return (
    <Page title={pick(found.label)} back={back} sub={found.article && pick(found.article)}>
      <div className="content narrow">
        <Failure error={stale} safe={t("steps.stale")} />
        {found.allowed && isKey(about) && <p className="read">{t(about)}</p>}
        {found.allowed && view.data && OF_WORDING.includes(step) && <AgreementCard view={view.data} />}
        {found.allowed ? (
          <StepEditor id={id} step={found} known={asks ? { answers: knownAnswers(questionsOf(table.data?.document), view.data) } : {}} setStale={setStale} />
        ) : (
          <Notice tone="wait">
            <p>{t("steps.whynot", { why: found.why_not ? say(found.why_not) : "" })}</p>
            <LinkButton href={href(["cases", id])}>{back.label}</LinkButton>
          </Notice>
        )}
      </div>
    </Page>
  );
}

/** The code of a step that was decided on a view in which something was missing. */
const STALE = "stale";

/** The answers by which a station refuses a step, other than not answering at all. */
const REFUSED = [400, 403, 409, 422];

/** What the station said of single fields, by the paths of the form. */
function saidOf(error: unknown, say: ReturnType<typeof useProblemText>): Record<string, string> {
  if (!error) return {};
  const problem = asProblem(error);
  const said: Record<string, string> = {};
  for (const reason of [problem, ...(problem.fields ?? [])]) {
    if (reason.field) said[specPath(reason.field)] = say(reason);
  }
  return said;
}

/** What a step would do; what the station refuses is thrown as the step's own refusal, null where it can't tell. */
async function previewOf(...asked: Parameters<typeof previewStep>): Promise<StepPreview | null> {
  try {
    return await previewStep(...asked);
  } catch (thrown) {
    const { status } = asProblem(thrown);
    if (REFUSED.includes(status)) throw thrown;
    return null;
  }
}

interface EditorProps {
  id: string;
  step: Step;
  /** What the case says of the form's fields already. */
  known: Form;
  setStale: (error: unknown) => void;
}

function StepEditor({ id, step, known, setStale }: EditorProps) {
  const { t, pick } = useText();
  const say = useProblemText();
  const { now, today } = useNow();
  const { person } = useSession();
  const view = useCase(id);
  const changed = useCaseChanged();
  const announce = useAnnounce();
  const { query } = useRoute();
  const [token] = useState(() => uuidv7());
  const specs = drawn(step.step, step.fields);
  const name = `step.${draftPart(id)}.${draftPart(step.step)}`.slice(0, 100);
  const draft = useDraft<Form>(name, { ...startForm(specs, today, timeOf(now), person.seat_name, query), ...known }, readSpecForm);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  // What the step would give, looked at before it is taken; null where that could not be told.
  const [sure, setSure] = useState<{ preview: StepPreview | null } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [answered, setAnswered] = useState<readonly string[]>([]);
  // What the person saw when the page was opened. What comes while the form is
  // filled in is not seen here, so the view's newer heads don't count as seen.
  const [seen, setSeen] = useState(view.data?.heads);
  if (!draft.ready) return null;
  const wrong = specWrong(specs, draft.value, today);
  const said = Object.fromEntries(Object.entries(saidOf(error, say)).filter(([path]) => !answered.includes(path)));

  const submit = async () => {
    setShown(true);
    if (Object.keys(wrong).length > 0) {
      announce(t("form.wrong", { n: Object.keys(wrong).length }));
      return;
    }
    setBusy(true);
    setError(null);
    setStale(null);
    try {
      const fields = specFields(specs, draft.value, today);
      if (isSent(step.step) && !sure) {
        setSure({ preview: await previewOf(id, step.step, fields, seen) });
        setBusy(false);
        return;
      }
      await takeStep(token, id, step.step, fields, seen);
      await draft.discard();
      await changed(id);
      announce(t("saved"));
      goTo(href(["cases", id]));
    } catch (thrown) {
      setAnswered([]);
      setSure(null);
      if (asProblem(thrown).code === STALE) {
        setStale(thrown);
        const fresh = await view.refetch();
        await changed(id);
        setSeen(fresh.data?.heads);
      } else {
        setError(thrown);
      }
      setBusy(false);
    }
  };
  const failure = <Failure error={error} safe={t("draft.safe")} />;
  if (sure) {
    return (
      <BeforeSending step={step} form={draft.value} view={view.data} preview={sure.preview} busy={busy} send={() => void submit()} back={() => setSure(null)}>
        {failure}
      </BeforeSending>
    );
  }
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {draft.found && <Notice tone="wait">{t("draft.back")}</Notice>}
      <SpecForm
        specs={specs}
        form={draft.value}
        set={draft.set}
        scene={{ today, shown, wrong, said, view: view.data, step: step.step, changed: (path) => setAnswered((before) => [...before, path]) }}
      />
      {shown && Object.keys(wrong).length > 0 && <Notice tone="bad">{t("form.wrong", { n: Object.keys(wrong).length })}</Notice>}
      {failure}
      <div className="buttons">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {isSent(step.step) ? t("send.review") : pick(step.label)}
        </Button>
        <LinkButton href={href(["cases", id])}>{t("edit.later")}</LinkButton>
        <DraftLine status={draft.status} />
      </div>
    </form>
  );
}
