import { useState } from "react";
import { useSuggestions } from "../../api/lifecycle";
import { useUnits } from "../../api/station";
import type { CaseView } from "../../api/types";
import { useText } from "../text";
import { Button } from "../ui/Button";
import { PickBox } from "../ui/PickBox";

const MOST_SUGGESTED = 5;

interface Props {
  label: string;
  hint?: string | undefined;
  value: string;
  onChange: (code: string) => void;
  required?: boolean;
  shown?: boolean;
  wrong?: string | null;
  view: CaseView | undefined;
  referral: boolean;
}

/** A unit of the tree, found by its name or code; of a referral with whom the roster suggests and why. */
export function UnitBox({ view, referral, value, onChange, hint, ...rest }: Props) {
  const { t, pick } = useText();
  const units = useUnits();
  const [asked, setAsked] = useState(false);
  const suggested = useSuggestions(view?.id ?? "", "roster", referral && view !== undefined);
  const all = units.data ?? [];
  const rows = (suggested.data?.suggestions ?? []).filter((one) => one.unit);
  const shown = asked ? rows : rows.filter((one) => one.place === "fits").slice(0, MOST_SUGGESTED);
  const unitOf = (text: string | undefined) => all.find((unit) => unit.code === text || unit.unit === text);
  return (
    <div className="stack tight">
      <PickBox
        {...rest}
        hint={hint ?? t("unitbox.hint")}
        value={unitOf(value)?.code ?? value}
        onChange={onChange}
        options={all.map((unit) => ({ value: unit.code, label: unit.name, also: unit.code }))}
      />
      {rows.length > 0 && (
        <section className="card stack tight" aria-label={t("unitbox.suggested")}>
          <h2>{t("unitbox.suggested")}</h2>
          <p className="soft small">{t("unitbox.suggested.why")}</p>
          <ul className="plain-list stack tight">
            {shown.map((one) => {
              const unit = unitOf(one.unit);
              return (
                <li key={one.id} className="line-row">
                  <span className="grow">
                    <b>{one.name}</b>
                    <span className="small soft block">{pick(one.line)}</span>
                  </span>
                  {one.place !== "not" && unit && (
                    <Button onPress={() => onChange(unit.code)}>{t("unitbox.take", { name: one.name })}</Button>
                  )}
                </li>
              );
            })}
          </ul>
          {!asked && shown.length < rows.length && (
            <div className="buttons">
              <Button kind="quiet" onPress={() => setAsked(true)}>
                {t("unitbox.all", { n: rows.length })}
              </Button>
            </div>
          )}
        </section>
      )}
    </div>
  );
}
