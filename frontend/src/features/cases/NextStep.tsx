import { useState } from "react";
import { useSteps } from "../../api/cases";
import { lettersOf } from "../../api/lifecycleTypes";
import type { CaseView, Step } from "../../api/types";
import { useProblemText } from "../../components/problem";
import { useSession } from "../../components/session";
import { useText } from "../../components/text";
import { Button, LinkButton } from "../../components/ui/Button";
import { Failure } from "../../components/ui/Notice";
import { href } from "../../lib/route";
import { PartysRight } from "./PartysRight";
import { StepsMenu } from "./StepsMenu";

// A letter that went out and is not answered.
const AWAY = ["sent", "received", "accepted", "in_work"];

/** The next lawful step as the one filled button; the others with why not; the party's right beside them. */
export function NextStep({ view }: { view: CaseView }) {
  const { id } = view;
  const contested = view.conflicts.length > 0;
  const { t, pick } = useText();
  const say = useProblemText();
  const { person } = useSession();
  const steps = useSteps(id);
  const [more, setMore] = useState(false);
  if (!steps.data) return <Failure error={steps.error} />;
  // What this unit sent away lies with another until its answer comes.
  const away = lettersOf(view).find((letter) => letter.from === person.unit_name && AWAY.includes(letter.state));
  const next = away ? undefined : steps.data.find((step) => step.next && step.allowed);
  const blocked = away ? undefined : steps.data.find((step) => step.next && !step.allowed);
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
          {away && <b>{t("next.letter", { unit: away.to })}</b>}
          {!away && !next && !blocked && <b>{t(contested ? "next.settle" : "steps.none")}</b>}
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
