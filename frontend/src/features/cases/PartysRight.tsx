import type { Step } from "../../api/types";
import { useText } from "../../components/text";
import { LinkButton } from "../../components/ui/Button";
import { href } from "../../lib/route";

/**
 * A party's right to refuse mediation, to stop it and to sue (人民调解法 art. 23):
 * one step away wherever it is lawful, said plainly, held against nobody.
 */
export function PartysRight({ id, steps }: { id: string; steps: readonly Step[] }) {
  const { t } = useText();
  const may = (name: string) => steps.some((step) => step.step === name && step.allowed);
  const stop = may("stop");
  const sue = !stop && may("sue");
  if (!stop && !sue) return null;
  return (
    <div className="right-line">
      <span className="small">{t(stop ? "right.stop" : "right.sue")}</span>
      <LinkButton href={href(["cases", id, "step", stop ? "stop" : "sue"])}>{t(stop ? "right.stop.go" : "right.sue.go")}</LinkButton>
    </div>
  );
}
