import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { openFile, saveFile } from "../../api/desktop/native";
import { enrol, previewEnrolment, useUnits } from "../../api/station";
import type { Enrolled, EnrolmentPreview, EnrolRequest } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { ChoiceRow, Section, Tick } from "../../components/ui/Fields";
import { Failure, Notice } from "../../components/ui/Notice";
import { Words } from "../../components/ui/Words";
import { MasterFields } from "./MasterFields";
import { bodyIn, given, isCourt, UNCHOSEN } from "./masters";
import { RelateSection } from "./RelateSection";

/** Admits a unit or a person: read the request, compare six words, give the certificate. */
export function EnrolSection() {
  const { t } = useText();
  const [request, setRequest] = useState("");
  const [preview, setPreview] = useState<EnrolmentPreview | null>(null);
  const [done, setDone] = useState<Enrolled | null>(null);
  const [error, setError] = useState<unknown>(null);
  const choose = async () => {
    setError(null);
    try {
      const file = await openFile(t("enrol.choose"), t("enrol.kind"));
      if (!file) return;
      setPreview(await previewEnrolment(file.data));
      setRequest(file.data);
      setDone(null);
    } catch (thrown) {
      setError(thrown);
      setPreview(null);
    }
  };
  return (
    <div className="stack">
      <p className="read">{t("enrol.why")}</p>
      <div className="buttons">
        <Button kind={preview ? "plain" : "primary"} onPress={() => void choose()}>
          {t("enrol.choose")}
        </Button>
      </div>
      <Failure error={error} safe={t("enrol.safe")} />
      {preview && !done && <Admit key={request} request={request} preview={preview} done={setDone} />}
      {done && <Result enrolled={done} />}
      {!preview && <RelateSection />}
    </div>
  );
}

function Admit({ request, preview, done }: { request: string; preview: EnrolmentPreview; done: (enrolled: Enrolled) => void }) {
  const { t, list } = useText();
  const { word } = useCodeTable();
  const say = useProblemText();
  const client = useQueryClient();
  const [same, setSame] = useState(false);
  const [as, setAs] = useState(preview.kind === "seat" ? "seat" : "");
  const [masters, setMasters] = useState(UNCHOSEN);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const units = useUnits().data ?? [];
  const own = units.find((unit) => unit.own);
  const left = (id: string | undefined) => {
    const name = units.find((unit) => unit.unit === id)?.name;
    return name ? t("masters.same", { name }) : t("masters.none");
  };
  const asks = preview.taken && preview.kind === "unit";
  const admits = preview.kind === "unit" && as !== "seat" && !isCourt(bodyIn(preview.unit_code));
  const admit = async () => {
    setBusy(true);
    setError(null);
    const body: EnrolRequest = { request };
    if (as === "seat") body.seat_of = preview.kind === "seat" ? preview.unit : preview.unit_code;
    if (as === "body") body.another_body = true;
    if (admits) Object.assign(body, given(masters));
    try {
      done(await enrol(body));
      await client.invalidateQueries({ queryKey: ["units"] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t(preview.kind === "seat" ? "enrol.seat" : "enrol.unit")}>
      <div>
        <b className="book">{preview.unit_name}</b> <span className="soft">{preview.unit_code}</span>
        <br />
        {preview.seat_name} <span className="soft">{list(preview.roles.map((role) => word("roles", role)))}</span>
      </div>
      {(preview.warnings ?? []).map((warning, at) => (
        <Notice tone="due" key={at}>
          {say(warning)}
        </Notice>
      ))}
      {admits && <MasterFields units={units} value={masters} onChange={setMasters} left={{ court: left(own?.court), bureau: left(own?.bureau) }} />}
      <p className="read">{t("enrol.compare")}</p>
      <Words words={preview.words} label={t("words.compare")} />
      {asks && (
        <ChoiceRow
          label={t("enrol.taken")}
          value={as}
          onChange={setAs}
          options={[
            { value: "seat", label: t("enrol.as.seat") },
            { value: "body", label: t("enrol.as.body") },
          ]}
          required
        />
      )}
      <Tick label={t("enrol.same")} value={same} onChange={setSame} />
      <Failure error={error} safe={t("enrol.safe")} />
      <div className="buttons">
        <Button kind="primary" isDisabled={!same || busy || (asks && as === "")} onPress={() => void admit()}>
          {t("enrol.admit")}
        </Button>
      </div>
    </Section>
  );
}

function Result({ enrolled }: { enrolled: Enrolled }) {
  const { t } = useText();
  const [saved, setSaved] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    setError(null);
    try {
      setSaved(await saveFile(t("enrol.save"), enrolled.file));
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <Section title={t("enrol.done")}>
      <p className="read">{t("enrol.carry")}</p>
      <div className="buttons">
        <Button kind="primary" onPress={() => void save()}>
          {t("enrol.save")}
        </Button>
        <span className="soft">{enrolled.file.name}</span>
      </div>
      {saved && (
        <Notice tone="ok" live>
          {t("enrol.saved")}
        </Notice>
      )}
      <Failure error={error} />
      <h3>{t("words.root", { name: enrolled.root.name })}</h3>
      <Words words={enrolled.root.words} label={t("words.root", { name: enrolled.root.name })} />
      <h3>{t("words.parent", { name: enrolled.parent.name })}</h3>
      <Words words={enrolled.parent.words} label={t("words.parent", { name: enrolled.parent.name })} />
    </Section>
  );
}
