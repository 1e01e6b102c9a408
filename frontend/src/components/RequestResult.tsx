import { useState } from "react";
import { saveFile } from "../api/desktop/native";
import type { RequestFile } from "../api/types";
import { useText } from "./text";
import { Button } from "./ui/Button";
import { Failure, Notice } from "./ui/Notice";
import { Words } from "./ui/Words";

/** The request that goes to the parent: the file to carry, the words to compare. */
export function RequestResult({ file, words }: { file: RequestFile["file"] | null; words: readonly string[] }) {
  const { t } = useText();
  const [saved, setSaved] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const save = async () => {
    if (!file) return;
    setError(null);
    try {
      setSaved(await saveFile(t("request.save"), file));
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <div className="stack">
      {file && (
        <>
          <p className="read">{t("request.carry")}</p>
          <div className="buttons">
            <Button kind="primary" onPress={() => void save()}>
              {t("request.save")}
            </Button>
            <span className="soft">{file.name}</span>
          </div>
          {saved && (
            <Notice tone="ok" live>
              {t("request.saved")}
            </Notice>
          )}
          <Failure error={error} />
        </>
      )}
      <h2>{t("words.compare")}</h2>
      <p className="read">{t("words.why")}</p>
      <Words words={words} label={t("words.compare")} />
    </div>
  );
}
