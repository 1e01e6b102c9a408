import { useState } from "react";
import { useSteps } from "../../api/cases";
import type { Step } from "../../api/types";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Button, LinkButton } from "../../components/ui/Button";
import { Failure } from "../../components/ui/Notice";
import { href } from "../../lib/route";
import { PartysRight } from "./PartysRight";
import { StepsMenu } from "./StepsMenu";

/** The next lawful step as the one filled button; the others with why not; the party's right beside them. */
export function NextStep({ id, contested }: { id: string; contested: boolean }) {
  const { t, pick } = useText();
  const say = useProblemText();
  const steps = useSteps(id);
  const [more, setMore] = useState(false);
  if (!steps.data) return <Failure error={steps.error} />;
  const next = steps.data.find((step) => step.next && step.allowed);
  const blocked = steps.data.find((step) => step.next && !step.allowed);
  const others: Step[] = steps.data.filter((step) => step !== next);
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
      <PartysRight id={id} steps={steps.data} />
      {more && <StepsMenu id={id} steps={others} />}
    </section>
  );
}
