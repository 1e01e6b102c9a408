import type { Key } from "../lib/messages";
import { LEAST_SECRET, strengthOf } from "../lib/secret";
import { useText } from "./text";
import { TextBox } from "./ui/Fields";

export function secretWrong(first: string, again: string): { first?: Key; again?: Key } | null {
  if (strengthOf(first) === "short") return { first: "wrong.secret.short" };
  return first === again ? null : { again: "wrong.secret.again" };
}

/** A new secret, twice, with how strong it is in words. */
export function NewSecret({ first, again, change, shown }: { first: string; again: string; change: (first: string, again: string) => void; shown: boolean }) {
  const { t } = useText();
  const wrong = secretWrong(first, again);
  const strength = first === "" ? t("secret.hint", { least: LEAST_SECRET }) : t(`secret.${strengthOf(first)}`, { least: LEAST_SECRET });
  return (
    <>
      <TextBox
        label={t("secret.new")}
        type="password"
        value={first}
        onChange={(next) => change(next, again)}
        required
        shown={shown}
        hint={strength}
        wrong={wrong?.first ? t(wrong.first, { least: LEAST_SECRET }) : null}
        autoComplete="new-password"
      />
      <TextBox label={t("secret.again")} type="password" value={again} onChange={(next) => change(first, next)} required shown={shown} wrong={wrong?.again ? t(wrong.again) : null} autoComplete="new-password" />
    </>
  );
}
