import { useState } from "react";
import { useSteps } from "../../api/cases";
import { handOver, useOpenCases, useRegister } from "../../api/register";
import { asProblem } from "../../api/errors";
import type { Handover, HandoverRequest } from "../../api/types";
import { DraftLine } from "../../components/DraftLine";
import { useNow } from "../../components/now";
import { useProblemText } from "../../components/problem";
import { SpecForm } from "../../components/specs/SpecFields";
import { readSpecForm, specWrong, textOf, type SpecForm as Form } from "../../components/specs/specForm";
import { useText } from "../../components/text";
import { useDraft, type DraftField } from "../../components/useDraft";
import { Button } from "../../components/ui/Button";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { href, useRoute } from "../../lib/route";
import { apart, choicesOf, handoverOf, handoverSpecs } from "./handoverForm";
import { HandoverDone, HandoverReview } from "./HandoverReview";

interface Looked {
  ask: HandoverRequest;
  would: Handover;
}

// Each person's hand-over is a draft of its own, named by letters that the station takes.
const draftName = (from: string) => ["handover", ...Array.from(from, (letter) => letter.charCodeAt(0).toString(16))].join(".").slice(0, 100);

/** Hands the open cases of somebody who leaves to others: asked, looked at case by case, done. */
export function HandoverPage() {
  const { t } = useText();
  const { today } = useNow();
  const { query } = useRoute();
  const from = query["from"] ?? "";
  const draft = useDraft<Form>(draftName(from), { at: today, ...(from === "" ? {} : { from }) }, readSpecForm);
  const [looked, setLooked] = useState<Looked | null>(null);
  const [done, setDone] = useState<Handover | null>(null);
  const finish = (made: Handover) => {
    setDone(made);
    // It is done, whether or not the draft goes now.
    draft.discard().catch(() => undefined);
  };
  return (
    <Page title={t("handover.title")} back={{ href: href(["unit"]), label: t("handover.back") }}>
      <div className="content narrow">
        {done ? (
          <HandoverDone done={done} />
        ) : looked ? (
          <HandoverReview {...looked} finish={finish} back={() => setLooked(null)} />
        ) : (
          draft.ready && <Asked draft={draft} look={setLooked} />
        )}
      </div>
    </Page>
  );
}

/** Who leaves, who takes over and why; the next step only looks. */
function Asked({ draft, look }: { draft: DraftField<Form>; look: (looked: Looked) => void }) {
  const { t } = useText();
  const say = useProblemText();
  const { today } = useNow();
  const open = useOpenCases();
  const register = useRegister();
  // The reasons come with the steps of any case.
  const any = open.data?.find((one) => one.cases.length > 0)?.cases[0]?.id ?? "";
  const steps = useSteps(any, any !== "");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const failed = open.error ?? register.error ?? steps.error;
  if (failed) return <Failure error={failed} />;
  if (!open.data || !register.data || (any !== "" && !steps.data)) return <Waiting>{t("wait.loading")}</Waiting>;
  if (!open.data.some((one) => one.mediator !== "" && one.cases.length > 0)) return <p className="soft read">{t("handover.none")}</p>;

  const form = draft.value;
  const specs = handoverSpecs(open.data, register.data, choicesOf(steps.data, "assign", "handover"), textOf(form["from"]));
  const wrong = specWrong(specs, form, today);
  const problem = error ? asProblem(error) : null;
  const said = problem?.field ? { [problem.field]: say(problem) } : {};
  const submit = async () => {
    setShown(true);
    if (Object.keys(wrong).length > 0 || busy) return;
    setBusy(true);
    setError(null);
    const ask = handoverOf(specs, form, today);
    try {
      look({ ask, would: await handOver({ ...ask, dry_run: true }) });
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
      <SpecForm
        specs={specs}
        form={form}
        set={(next) => draft.set(apart(next))}
        scene={{ today, shown, wrong, said, view: undefined, step: "handover", changed: () => setError(null) }}
      />
      {shown && Object.keys(wrong).length > 0 && <Notice tone="bad">{t("form.wrong", { n: Object.keys(wrong).length })}</Notice>}
      <Failure error={error} safe={t("draft.safe")} />
      <div className="buttons">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {t("handover.look")}
        </Button>
        <DraftLine status={draft.status} />
      </div>
    </form>
  );
}
