import { useState, type ReactNode } from "react";
import { openFile } from "../../api/desktop/native";
import { join, previewJoin } from "../../api/station";
import type { JoinPreview, JoinRequest, RecoverySheet, SetupState } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { SheetToKeep } from "../../components/SheetToKeep";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Section, TextBox, Tick } from "../../components/ui/Fields";
import { Failure } from "../../components/ui/Notice";
import { Words } from "../../components/ui/Words";

/** The request went out; the certificate file brings the unit to life. */
export function Awaiting({ state, done, anew }: { state: SetupState; done: () => void; anew: () => void }) {
  const { t } = useText();
  const [certificate, setCertificate] = useState("");
  const [preview, setPreview] = useState<JoinPreview | null>(null);
  const [secret, setSecret] = useState("");
  const [error, setError] = useState<unknown>(null);
  const [sheet, setSheet] = useState<RecoverySheet | null>(null);
  const request = (data: string): JoinRequest => (secret === "" ? { certificate: data } : { certificate: data, secret });
  const choose = async () => {
    setError(null);
    setPreview(null);
    try {
      const file = await openFile(t("join.choose"), t("join.kind"));
      if (!file) return;
      setCertificate(file.data);
      setPreview(await previewJoin(request(file.data)));
    } catch (thrown) {
      setError(thrown);
    }
  };
  const take = async () => {
    setError(null);
    try {
      const made = await join(request(certificate));
      if (made.recovery) setSheet(made.recovery);
      else done();
    } catch (thrown) {
      setError(thrown);
    }
  };
  if (sheet) return <SheetToKeep sheet={sheet} done={done} />;
  return (
    <>
      <header>
        <h1>{t("await.title", { unit: state.unit_name ?? "" })}</h1>
        <p className="read">{t("await.about", { name: state.seat_name ?? "" })}</p>
      </header>
      {state.words && (
        <Section title={t("await.words")}>
          <p className="read">{t("words.why")}</p>
          <Words words={state.words} label={t("await.words")} />
        </Section>
      )}
      <Section title={t("join.title")}>
        <p className="read">{t("join.about")}</p>
        <div className="buttons">
          <Button kind={preview ? "plain" : "primary"} onPress={() => void choose()}>
            {t("join.choose")}
          </Button>
        </div>
        <Failure error={error} safe={t("join.safe")} />
        {preview && (
          <Compare preview={preview} ready={secret !== ""} take={() => void take()}>
            <TextBox label={t("join.secret")} hint={t("join.secret.hint", { name: state.seat_name ?? "" })} type="password" value={secret} onChange={setSecret} required autoComplete="current-password" />
          </Compare>
        )}
      </Section>
      <div className="buttons">
        <Button kind="quiet" onPress={anew}>
          {t("await.anew")}
        </Button>
      </div>
    </>
  );
}

/** What the file says, to compare with the other side; the secret of who asked opens the folder for it. */
function Compare({ preview, ready, take, children }: { preview: JoinPreview; ready: boolean; take: () => void; children: ReactNode }) {
  const { t, list } = useText();
  const { word } = useCodeTable();
  const [same, setSame] = useState(false);
  return (
    <div className="stack">
      <div>
        <b className="book">{preview.unit_name}</b>{" "}
        <span className="soft">
          {preview.seat_name} {list(preview.roles.map((role) => word("roles", role)))}
        </span>
      </div>
      <p className="read">{t("join.compare")}</p>
      <h3>{t("words.root", { name: preview.root.name })}</h3>
      <Words words={preview.root.words} label={t("words.root", { name: preview.root.name })} />
      <h3>{t("words.parent", { name: preview.parent.name })}</h3>
      <Words words={preview.parent.words} label={t("words.parent", { name: preview.parent.name })} />
      <Tick label={t("join.same")} value={same} onChange={setSame} />
      {children}
      <div className="buttons">
        <Button kind="primary" isDisabled={!same || !ready} onPress={take}>
          {t("join.take")}
        </Button>
      </div>
    </div>
  );
}
