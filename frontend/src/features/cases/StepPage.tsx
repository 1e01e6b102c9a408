import { useState } from "react";
import { takeStep, useCase, useCaseChanged, useSteps } from "../../api/cases";
import { draftPart } from "../../api/drafts";
import type { Step } from "../../api/types";
import { DraftLine } from "../../components/DraftLine";
import { useNow } from "../../components/now";
import { useProblemText } from "../../components/problem";
import { useSession } from "../../components/session";
import { useText } from "../../components/text";
import { useDraft } from "../../components/useDraft";
import { useAnnounce } from "../../components/ui/Announce";
import { Button, LinkButton } from "../../components/ui/Button";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { timeOf } from "../../lib/days";
import { goTo, href } from "../../lib/route";
import { uuidv7 } from "../../lib/uuid";
import { readStepForm, startForm, stepFields, stepWrong, type StepForm } from "./stepForm";
import { StepFields } from "./StepFields";

/** One step of the lifecycle: its form, or why it can't be taken now. */
export function StepPage({ id, step }: { id: string; step: string }) {
  const { t, pick } = useText();
  const say = useProblemText();
  const steps = useSteps(id);
  const view = useCase(id);
  const back = { href: href(["cases", id]), label: view.data?.title ? t("back.to", { title: view.data.title }) : t("case.back") };
  const found = steps.data?.find((one) => one.step === step);
  if (steps.isPending || view.isPending) return <Waiting>{t("wait.loading")}</Waiting>;
  if (!found) {
    return (
      <Page title={t("steps.missing")} back={back}>
        <div className="content">
          <Failure error={steps.error} />
        </div>
      </Page>
    );
  }
  return (
    <Page title={pick(found.label)} back={back}>
      <div className="content narrow">
        {found.allowed ? (
          <StepEditor id={id} step={found} />
        ) : (
          <Notice tone="wait">
            <p>
              {t("steps.whynot", { why: found.why_not ? say(found.why_not) : "" })}
            </p>
            <LinkButton href={href(["cases", id])}>{t("case.back")}</LinkButton>
          </Notice>
        )}
      </div>
    </Page>
  );
}

function StepEditor({ id, step }: { id: string; step: Step }) {
  const { t, pick } = useText();
  const { now, today } = useNow();
  const { person } = useSession();
  const view = useCase(id);
  const changed = useCaseChanged();
  const announce = useAnnounce();
  const [token] = useState(() => uuidv7());
  const name = `step.${draftPart(id)}.${draftPart(step.step)}`.slice(0, 100);
  const draft = useDraft<StepForm>(name, startForm(step.fields, today, timeOf(now), person.seat_name), readStepForm);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  if (!draft.ready) return null;
  const wrong = stepWrong(step.fields, draft.value, today);

  const submit = async () => {
    setShown(true);
    if (Object.keys(wrong).length > 0) {
      announce(t("form.wrong", { n: Object.keys(wrong).length }));
      return;
    }
    setBusy(true);
    setError(null);
    try {
      await takeStep(token, id, step.step, stepFields(step.fields, draft.value, today));
      await draft.discard();
      await changed(id);
      announce(t("saved"));
      goTo(href(["cases", id]));
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
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
      <StepFields specs={step.fields} form={draft.value} set={draft.set} wrong={wrong} shown={shown} today={today} view={view.data} />
      {shown && Object.keys(wrong).length > 0 && <Notice tone="bad">{t("form.wrong", { n: Object.keys(wrong).length })}</Notice>}
      <Failure error={error} safe={t("draft.safe")} />
      <div className="buttons">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {pick(step.label)}
        </Button>
        <LinkButton href={href(["cases", id])}>{t("edit.later")}</LinkButton>
        <DraftLine status={draft.status} />
      </div>
    </form>
  );
}
