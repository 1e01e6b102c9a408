import { useEffect, useState } from "react";
import { useText } from "../../../components/text";
import { Page } from "../../../components/ui/Page";
import { href, replaceWith } from "../../../lib/route";
import { uuidv7 } from "../../../lib/uuid";
import { CaseEditor } from "./CaseEditor";

/** Recording a case. The address names the draft, so that it can be reopened. */
export function NewCasePage({ draft }: { draft?: string | undefined }) {
  const { t } = useText();
  const [fresh] = useState(() => uuidv7());
  useEffect(() => {
    if (!draft) replaceWith(href(["cases", "new", fresh]));
  }, [draft, fresh]);
  return (
    <Page title={t("new.title")} back={{ href: href(["cases"]), label: t("case.back") }} sub={t("new.sub")}>
      {draft && <CaseEditor draft={draft} />}
    </Page>
  );
}
