import { useState } from "react";
import { docketFolder, useCase } from "../../api/cases";
import { saveFile } from "../../api/desktop/native";
import type { DocketArchive } from "../../api/types";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Failure, Notice } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { href } from "../../lib/route";

/** The folder from which a court dockets the case: what is in it, what stays here, one button. */
export function DocketPage({ id }: { id: string }) {
  const { t, language } = useText();
  const view = useCase(id);
  const [made, setMade] = useState<DocketArchive | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const make = async () => {
    setBusy(true);
    setError(null);
    setMade(null);
    try {
      const archive = await docketFolder(id, language === "en" ? "en" : "zh");
      if (await saveFile(t("docket.save"), archive.file)) setMade(archive);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Page title={t("docket.title")} back={{ href: href(["cases", id]), label: view.data?.title ? t("back.to", { title: view.data.title }) : t("case.back") }}>
      <div className="content stack">
        <p className="read">{t("docket.what")}</p>
        <p className="read">{t("docket.stays")}</p>
        <p className="read">{t("docket.scans")}</p>
        <div className="buttons">
          <Button kind="primary" onPress={() => void make()} isDisabled={busy}>
            {t("docket.save")}
          </Button>
        </div>
        <Failure error={error} safe={t("docket.safe")} />
        {made && <Holds made={made} />}
      </div>
    </Page>
  );
}

/** What the saved folder holds, and what a person should look at. */
function Holds({ made }: { made: DocketArchive }) {
  const { t } = useText();
  const say = useProblemText();
  return (
    <>
      <Notice tone="ok" live>
        <p>{t(made.kind === "suit" ? "docket.saved.suit" : "docket.saved.confirmation", { name: made.file.name })}</p>
        <p>{t("docket.holds", { n: made.documents, made: made.made, paper: made.paper, missing: made.missing })}</p>
      </Notice>
      {made.warnings.length > 0 && (
        <Notice tone="due">
          <ul>
            {made.warnings.map((warning, at) => (
              <li key={at}>{say(warning)}</li>
            ))}
          </ul>
        </Notice>
      )}
    </>
  );
}
