import { useState } from "react";
import { patchRegister, useRegister, useRegisterChanged } from "../../api/register";
import { EntryForm } from "../../components/EntryForm";
import { useNow } from "../../components/now";
import { codeKey, LISTS, SWEEP } from "../../components/registerSpecs";
import { useSession } from "../../components/session";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Failure } from "../../components/ui/Notice";
import { showDay } from "../../lib/when";

// The sweeps of about a year; older ones stay in the register.
const MOST_SHOWN = 26;

/** The sweeps that were made: where, by whom, what was found. A sweep that found nothing is reported too. */
export function Sweeps() {
  const { t, language } = useText();
  const { today } = useNow();
  const { person } = useSession();
  const register = useRegister();
  const changed = useRegisterChanged();
  const [adding, setAdding] = useState(false);
  const sweeps = [...(register.data?.sweeps ?? [])].sort((a, b) => (a.day < b.day ? 1 : -1)).slice(0, MOST_SHOWN);
  const writable = register.data?.writable.includes("sweeps") ?? false;
  const kind = (code: string) => (LISTS.sweep_kind.some((one) => one === code) ? t(codeKey("sweep_kind", code)) : code);
  return (
    <section className="stack tight">
      <div className="line-row">
        <h2 className="grow">{t("sweeps.title")}</h2>
        {writable && (
          <Button icon="plus" aria-expanded={adding} onPress={() => setAdding(!adding)}>
            {t("sweeps.new")}
          </Button>
        )}
      </div>
      <Failure error={register.error} />
      {adding && (
        <div className="card">
          <EntryForm
            specs={SWEEP}
            start={{ day: today, kind: "routine", who: person.seat_name }}
            action={t("sweeps.save")}
            cancel={() => setAdding(false)}
            save={async (token, fields) => {
              await patchRegister(token, { fields: { "sweeps.+": fields } });
              await changed();
              setAdding(false);
            }}
          />
        </div>
      )}
      {register.data && sweeps.length === 0 && <p className="soft read">{t("sweeps.none")}</p>}
      {sweeps.length > 0 && (
        <ul className="plain-list card-list">
          {sweeps.map((sweep) => (
            <li key={sweep.id}>
              <b>{t("sweeps.line", { day: showDay(sweep.day, language, today), area: sweep.area, kind: kind(sweep.kind) })}</b>
              <span className="block">{t("sweeps.found", { households: sweep.households, found: sweep.found, resolved: sweep.resolved })}</span>
              <span className="small soft block">{[sweep.who, sweep.note].filter(Boolean).join(" · ")}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
