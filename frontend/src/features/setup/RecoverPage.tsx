import { useState } from "react";
import { recover } from "../../api/station";
import type { RequestFile } from "../../api/types";
import { NewSecret, secretWrong } from "../../components/NewSecret";
import { RequestResult } from "../../components/RequestResult";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { TextBox } from "../../components/ui/Fields";
import { Failure } from "../../components/ui/Notice";

/** A forgotten secret: the recovery sheet opens the folder for a new seat. */
export function RecoverPage({ back, done }: { back: () => void; done: () => void }) {
  const { t } = useText();
  const [sheet, setSheet] = useState("");
  const [name, setName] = useState("");
  const [secret, setSecret] = useState<[string, string]>(["", ""]);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [made, setMade] = useState<RequestFile | null>(null);
  const send = async () => {
    setShown(true);
    if (sheet.trim() === "" || name.trim() === "" || secretWrong(...secret)) return;
    setBusy(true);
    setError(null);
    try {
      setMade(await recover({ sheet, seat_name: name.trim(), secret: secret[0] }));
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  if (made) {
    return (
      <>
        <h1>{t("request.title")}</h1>
        <RequestResult file={made.file} words={made.words} />
        <div className="buttons">
          <Button kind="primary" onPress={done}>
            {t("request.go")}
          </Button>
        </div>
      </>
    );
  }
  const required = (text: string) => (text.trim() === "" ? t("wrong.required") : null);
  return (
    <>
      <header>
        <h1>{t("recover.title")}</h1>
        <p className="read">{t("recover.about")}</p>
      </header>
      <form
        className="stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <TextBox label={t("recover.code")} hint={t("recover.code.hint")} long value={sheet} onChange={setSheet} required shown={shown} wrong={required(sheet)} />
        <TextBox label={t("seat.name")} value={name} onChange={setName} required shown={shown} wrong={required(name)} maxLength={100} />
        <NewSecret first={secret[0]} again={secret[1]} change={(one, two) => setSecret([one, two])} shown={shown} />
        <Failure error={error} safe={t("setup.safe")} />
        <div className="buttons">
          <Button kind="primary" type="submit" isDisabled={busy}>
            {t(busy ? "setup.making" : "recover.go")}
          </Button>
          <Button isDisabled={busy} onPress={back}>
            {t("edit.back")}
          </Button>
        </div>
      </form>
    </>
  );
}
