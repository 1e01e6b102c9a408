// One entry of a register, added or changed: its form, what is wrong beside the
// fields, one save.
import { useState } from "react";
import { asProblem } from "../api/errors";
import { uuidv7 } from "../lib/uuid";
import { useNow } from "./now";
import { useProblemText } from "./problem";
import { SpecForm } from "./specs/SpecFields";
import { specFields, specWrong, type FieldSpec, type SpecForm as Form } from "./specs/specForm";
import { useText } from "./text";
import { Button } from "./ui/Button";
import { Failure } from "./ui/Notice";

interface Props {
  specs: readonly FieldSpec[];
  start: Form;
  action: string;
  /** Saves under a token that makes a second press harmless. */
  save: (token: string, fields: Record<string, unknown>) => Promise<void>;
  cancel?: () => void;
}

export function EntryForm({ specs, start, action, save, cancel }: Props) {
  const { t } = useText();
  const say = useProblemText();
  const { today } = useNow();
  const [token, setToken] = useState(() => uuidv7());
  const [form, setForm] = useState(start);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const wrong = specWrong(specs, form, today);
  const said: Record<string, string> = {};
  if (error) {
    for (const reason of [asProblem(error), ...(asProblem(error).fields ?? [])]) {
      // mediators.+.name, members.<id>.name: the form knows the last part.
      const name = reason.field?.split(".").at(-1);
      if (name) said[name] = say(reason);
    }
  }
  const submit = async () => {
    setShown(true);
    if (Object.keys(wrong).length > 0 || busy) return;
    setBusy(true);
    setError(null);
    try {
      await save(token, specFields(specs, form, today));
      setForm(start);
      setShown(false);
      setToken(uuidv7());
    } catch (thrown) {
      setError(thrown);
    }
    setBusy(false);
  };
  return (
    <form
      className="stack"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <SpecForm specs={specs} form={form} set={setForm} scene={{ today, shown, wrong, said, view: undefined, step: "", changed: () => undefined }} />
      <Failure error={error} />
      <div className="buttons">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {action}
        </Button>
        {cancel && <Button onPress={cancel}>{t("edit.cancel")}</Button>}
      </div>
    </form>
  );
}
