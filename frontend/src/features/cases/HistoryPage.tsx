import { useCase, useHistory } from "../../api/cases";
import { ChangeLine } from "../../components/ChangeLine";
import { useText } from "../../components/text";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { href } from "../../lib/route";

/** Who changed what, from what to what; the newest first. */
export function HistoryPage({ id }: { id: string }) {
  const { t } = useText();
  const view = useCase(id);
  const history = useHistory(id);
  return (
    <Page title={t("history.title")} back={{ href: href(["cases", id]), label: view.data?.title ? t("back.to", { title: view.data.title }) : t("case.back") }}>
      <div className="content narrow">
        {history.isPending && <Waiting>{t("wait.loading")}</Waiting>}
        <Failure error={history.error} />
        {history.data && (
          <ol className="changes">
            {[...history.data].reverse().map((change, at) => (
              <ChangeLine key={`${change.id} ${change.field ?? ""} ${at}`} change={change} />
            ))}
          </ol>
        )}
      </div>
    </Page>
  );
}
