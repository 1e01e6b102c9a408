import type { ReactNode } from "react";
import { asProblem } from "../../api/errors";
import { useProblemText } from "../problem";
import { useText } from "../text";
import { Icon } from "./Icon";
import { TONE_ICONS, type Tone } from "./Tag";

/** A sentence that stays until what it says is no longer so. */
export function Notice({ tone, live, children }: { tone: Exclude<Tone, "plain">; live?: boolean; children: ReactNode }) {
  return (
    <div className={`notice ${tone}`} role={live ? (tone === "bad" ? "alert" : "status") : undefined}>
      <Icon name={TONE_ICONS[tone]} />
      <div>{children}</div>
    </div>
  );
}

/** What happened, what is safe, what to do. */
export function Failure({ error, safe }: { error: unknown; safe?: string }) {
  const say = useProblemText();
  const { t } = useText();
  if (!error) return null;
  const problem = asProblem(error);
  const several = problem.fields && problem.fields.length > 1 ? problem.fields : [];
  return (
    <Notice tone="bad" live>
      <p>{say(problem)}</p>
      {several.length > 0 && (
        <ul>
          {several.map((field) => (
            <li key={`${field.field} ${field.code}`}>{say(field)}</li>
          ))}
        </ul>
      )}
      {problem.retry_after !== undefined && problem.retry_after > 0 && <p>{t("problem.retry", { seconds: problem.retry_after })}</p>}
      {safe && <p className="soft">{safe}</p>}
    </Notice>
  );
}

/** A wait, in words. */
export function Waiting({ children }: { children: ReactNode }) {
  return (
    <p className="soft" role="status" style={{ padding: "1.5rem" }}>
      {children}
    </p>
  );
}
