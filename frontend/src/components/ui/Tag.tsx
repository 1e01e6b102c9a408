import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

export type Tone = "plain" | "due" | "bad" | "wait" | "ok";

export const TONE_ICONS: Readonly<Record<Exclude<Tone, "plain">, IconName>> = { due: "clock", bad: "warn", wait: "wait", ok: "check" };

/** A short word with a meaning: never by colour alone, an icon stands with it. */
export function Tag({ tone = "plain", icon, children }: { tone?: Tone; icon?: IconName; children: ReactNode }) {
  if (tone === "plain") return <span className="tag edge">{children}</span>;
  return (
    <span className={`tag ${tone}`}>
      <Icon name={icon ?? TONE_ICONS[tone]} />
      <span>{children}</span>
    </span>
  );
}
