import { useState } from "react";
import { changeSecret } from "../../api/station";
import { NewSecret, secretWrong } from "../../components/NewSecret";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { TextBox } from "../../components/ui/Fields";
import { Failure, Notice } from "../../components/ui/Notice";

export function SecretSection() {
  const { t } = useText();
  const [old, setOld] = useState("");
  const [first, setFirst] = useState("");
  const [again, setAgain] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [done, setDone] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    setShown(true);
    setDone(false);
    if (old === "" || secretWrong(first, again)) return;
    setBusy(true);
    setError(null);
    try {
      await changeSecret(old, first);
      setOld("");
      setFirst("");
      setAgain("");
      setShown(false);
      setDone(true);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextBox label={t("secret.old")} type="password" value={old} onChange={setOld} required shown={shown} wrong={old === "" ? t("wrong.required") : null} autoComplete="current-password" />
      <NewSecret first={first} again={again} change={(one, two) => {
          setFirst(one);
          setAgain(two);
        }} shown={shown} />
      <Failure error={error} safe={t("secret.same")} />
      {done && (
        <Notice tone="ok" live>
          {t("secret.changed")}
        </Notice>
      )}
      <div className="buttons">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {t("secret.change")}
        </Button>
      </div>
    </form>
  );
}
