import { useState } from "react";
import { ApiError } from "../../api/errors";
import { useUnitCode } from "../../api/station";
import { NewSecret, secretWrong } from "../../components/NewSecret";
import { useProblemText } from "../../components/problem";
import { RolePicker } from "../../components/RolePicker";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Section, TextBox } from "../../components/ui/Fields";
import { Failure } from "../../components/ui/Notice";
import { useDebounced } from "../../lib/useDebounced";

export interface UnitAnswers {
  unit: string;
  unit_name: string;
  seat_name: string;
  roles: string[];
  secret: string;
}

interface Props {
  title: string;
  about: string;
  go: string;
  roles: string[];
  code?: string;
  submit: (answers: UnitAnswers) => Promise<void>;
  back: () => void;
}

const CODE_PAUSE_MS = 300;
// 330681109219-tw: twelve digits, a body, perhaps a serial.
const CODE_FORM = /^\d{12}-[a-z]{2,3}\d{0,4}$/;

/** What the code says, while it is typed: the place and the kind of body. */
function useCodeMeaning(code: string): { meaning: string | undefined; wrong: string | null } {
  const { t, pick, language } = useText();
  const say = useProblemText();
  const complete = CODE_FORM.test(code);
  const settled = useDebounced(complete ? code : "", CODE_PAUSE_MS);
  const found = useUnitCode(settled);
  if (code === "") return { meaning: t("unit.code.hint"), wrong: t("wrong.required") };
  if (!complete) return { meaning: t("unit.code.hint"), wrong: t("wrong.code") };
  if (found.error instanceof ApiError) return { meaning: undefined, wrong: say(found.error.problem) };
  if (!found.data || settled !== code) return { meaning: t("wait.loading"), wrong: null };
  const place = found.data.division.join(language === "en" ? " " : "");
  const says = [place, found.data.body && pick(found.data.body)].filter(Boolean).join(" · ");
  return { meaning: [says, ...(found.data.warnings ?? []).map(say)].filter(Boolean).join(" — "), wrong: null };
}

/** Who this computer is: unit, person, roles, secret. */
export function UnitForm({ title, about, go, roles: first, code: firstCode = "", submit, back }: Props) {
  const { t } = useText();
  const [code, setCode] = useState(firstCode);
  const [unitName, setUnitName] = useState("");
  const [name, setName] = useState("");
  const [roles, setRoles] = useState(first);
  const [secret, setSecret] = useState<[string, string]>(["", ""]);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { meaning, wrong } = useCodeMeaning(code);
  const required = (text: string) => (text.trim() === "" ? t("wrong.required") : null);
  const send = async () => {
    setShown(true);
    if (wrong || required(unitName) || required(name) || roles.length === 0 || secretWrong(...secret)) return;
    setBusy(true);
    setError(null);
    try {
      await submit({ unit: code, unit_name: unitName.trim(), seat_name: name.trim(), roles, secret: secret[0] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <header>
        <h1>{title}</h1>
        <p className="read">{about}</p>
      </header>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <Section title={t("unit.title")}>
          <TextBox label={t("unit.code")} value={code} onChange={(next) => setCode(next.trim().toLowerCase())} hint={meaning} required shown={shown} wrong={wrong} />
          <TextBox label={t("unit.name")} value={unitName} onChange={setUnitName} hint={t("unit.name.hint")} required shown={shown} wrong={required(unitName)} maxLength={100} />
        </Section>
        <Section title={t("person.title")}>
          <TextBox label={t("seat.name")} value={name} onChange={setName} required shown={shown} wrong={required(name)} maxLength={100} />
          <RolePicker value={roles} onChange={setRoles} shown={shown} />
        </Section>
        <Section title={t("secret.title")}>
          <NewSecret first={secret[0]} again={secret[1]} change={(one, two) => setSecret([one, two])} shown={shown} />
        </Section>
        <Failure error={error} safe={t("setup.safe")} />
        <div className="buttons">
          <Button kind="primary" type="submit" isDisabled={busy}>
            {busy ? t("setup.making") : go}
          </Button>
          <Button isDisabled={busy} onPress={back}>
            {t("edit.back")}
          </Button>
        </div>
      </form>
    </>
  );
}
