import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { relate, useUnits } from "../../api/station";
import type { Related } from "../../api/types";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { ChoiceBox, Section } from "../../components/ui/Fields";
import { Failure, Notice } from "../../components/ui/Notice";
import { MasterFields } from "./MasterFields";
import { given, isBureau, isCourt, UNCHOSEN } from "./masters";

/** Names the court and bureau of a unit that is there already, and says how many cases wait. */
export function RelateSection() {
  const { t } = useText();
  const client = useQueryClient();
  const all = useUnits().data ?? [];
  const own = all.find((unit) => unit.own);
  const units = all.filter((unit) => !isCourt(unit.body) && (unit.own || unit.parent === own?.unit));
  const [of, setOf] = useState("");
  const [chosen, setChosen] = useState(UNCHOSEN);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState<Related | null>(null);
  const [error, setError] = useState<unknown>(null);
  const unit = units.find((one) => one.unit === of);
  const left = (id: string | undefined) => {
    const name = all.find((one) => one.unit === id)?.name;
    return name ? t("masters.keep", { name }) : t("masters.none");
  };
  if (units.length === 0 || !all.some((one) => isCourt(one.body) || isBureau(one))) return null;
  const choose = (id: string) => {
    setOf(id);
    setChosen(UNCHOSEN);
    setDone(null);
    setError(null);
  };
  const save = async () => {
    setBusy(true);
    setError(null);
    setDone(null);
    try {
      setDone(await relate({ unit: of, ...given(chosen) }));
      setChosen(UNCHOSEN);
      await client.invalidateQueries({ queryKey: ["units"] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t("masters.title")}>
      <p className="read">{t("masters.why")}</p>
      <ChoiceBox label={t("masters.unit")} hint={t("masters.unit.hint")} value={of} onChange={choose} options={units.map((one) => ({ value: one.unit, label: one.name }))} />
      {unit && <MasterFields units={all} of={unit.unit} value={chosen} onChange={setChosen} left={{ court: left(unit.court), bureau: left(unit.bureau) }} />}
      {done && unit && (
        <Notice tone="ok" live>
          {t("masters.saved", { name: unit.name })}
          {done.waiting > 0 && ` ${t("masters.waiting", { n: done.waiting })}`}
        </Notice>
      )}
      <Failure error={error} safe={t("masters.safe")} />
      <div className="buttons">
        <Button isDisabled={busy || !unit || (chosen.court === "" && chosen.bureau === "")} onPress={() => void save()}>
          {t("masters.save")}
        </Button>
      </div>
    </Section>
  );
}
