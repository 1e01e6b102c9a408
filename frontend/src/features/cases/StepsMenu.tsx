import { useState } from "react";
import type { Step } from "../../api/types";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Button, LinkButton } from "../../components/ui/Button";
import type { Key } from "../../lib/messages";
import { href } from "../../lib/route";

const TRACKS = ["mediation", "performance", "confirmation", "referral"] as const;
const TITLES: Readonly<Record<(typeof TRACKS)[number], Key>> = {
  mediation: "track.mediation", performance: "track.performance", confirmation: "track.confirmation", referral: "track.referral",
};

/** All other steps by track: what can be done now, and behind a button what can't, with why and what would allow it. */
export function StepsMenu({ id, steps }: { id: string; steps: readonly Step[] }) {
  const { t } = useText();
  return (
    <div className="stack steps-menu" role="group" aria-label={t("steps.more")}>
      {TRACKS.map((track) => (
        <Track key={track} id={id} title={t(TITLES[track])} steps={steps.filter((step) => step.track === track)} />
      ))}
    </div>
  );
}

function Track({ id, title, steps }: { id: string; title: string; steps: readonly Step[] }) {
  const { t, pick } = useText();
  const say = useProblemText();
  const [open, setOpen] = useState(false);
  const now = steps.filter((step) => step.allowed);
  const not = steps.filter((step) => !step.allowed);
  if (steps.length === 0) return null;
  return (
    <section className="card stack tight" aria-label={title}>
      <h2>{title}</h2>
      {now.length > 0 ? (
        <ul className="step-links">
          {now.map((step) => (
            <li key={step.step}>
              <LinkButton href={href(["cases", id, "step", step.step])}>{pick(step.label)}</LinkButton>
            </li>
          ))}
        </ul>
      ) : (
        <p className="soft small">{t("steps.track.none")}</p>
      )}
      {not.length > 0 && (
        <>
          <div className="buttons">
            <Button kind="quiet" icon="down" aria-expanded={open} onPress={() => setOpen(!open)}>
              {t("steps.refused", { n: not.length })}
            </Button>
          </div>
          {open && (
            <ul className="refused-steps">
              {not.map((step) => (
                <li key={step.step}>
                  <b>{pick(step.label)}</b>
                  <span className="small">{t("steps.whynot", { why: step.why_not ? say(step.why_not) : "" })}</span>
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  );
}
