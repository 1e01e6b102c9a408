import { useState } from "react";
import { useSteps } from "../../api/cases";
import type { Step } from "../../api/types";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Button, LinkButton } from "../../components/ui/Button";
import { Failure } from "../../components/ui/Notice";
import { href } from "../../lib/route";

/** The next lawful step as the one filled button; the others with why not. */
export function NextStep({ id, contested }: { id: string; contested: boolean }) {
  const { t, pick } = useText();
  const say = useProblemText();
  const steps = useSteps(id);
  const [more, setMore] = useState(false);
  if (!steps.data) return <Failure error={steps.error} />;
  const next = steps.data.find((step) => step.next && step.allowed);
  const blocked = steps.data.find((step) => step.next && !step.allowed);
  const others = steps.data.filter((step) => step !== next);
  return (
    <section aria-label={t("steps.label")}>
      <div className="next">
        <div className="what">
          {next && <b>{t("steps.next", { step: pick(next.label) })}</b>}
          {!next && blocked && (
            <>
              <b>{t("steps.next", { step: pick(blocked.label) })}</b>
              <div className="small soft">{blocked.why_not && say(blocked.why_not)}</div>
            </>
          )}
          {!next && !blocked && <b>{t(contested ? "next.settle" : "steps.none")}</b>}
        </div>
        <div className="buttons">
          {next && (
            <LinkButton kind="primary" href={href(["cases", id, "step", next.step])}>
              {pick(next.label)}
            </LinkButton>
          )}
          {others.length > 0 && (
            <Button aria-expanded={more} onPress={() => setMore(!more)}>
              {t("steps.more")}
            </Button>
          )}
        </div>
      </div>
      {more && <OtherSteps id={id} steps={others} />}
    </section>
  );
}

function OtherSteps({ id, steps }: { id: string; steps: readonly Step[] }) {
  const { pick, t } = useText();
  const say = useProblemText();
  return (
    <ul className="other-steps" aria-label={t("steps.more")} style={{ marginTop: "0.5rem" }}>
      {steps.map((step) =>
        step.allowed ? (
          <li key={step.step}>
            <span className="why">{pick(step.label)}</span>
            <LinkButton href={href(["cases", id, "step", step.step])}>{t("steps.do")}</LinkButton>
          </li>
        ) : (
          <li key={step.step}>
            <span>{pick(step.label)}</span>
            <span className="why small soft">
              {t("steps.whynot", { why: step.why_not ? say(step.why_not) : "" })}
            </span>
          </li>
        ),
      )}
    </ul>
  );
}
