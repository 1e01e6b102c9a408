import { useNow } from "../../components/now";
import { useText } from "../../components/text";
import { CaseList } from "./CaseList";
import { CasePage } from "./CasePage";
import { useSession } from "../../components/session";
import { LinkButton } from "../../components/ui/Button";
import { Page } from "../../components/ui/Page";
import { href } from "../../lib/route";
import { DraftsLine } from "./DraftsLine";

/** List left, case right where there is room; one at a time where there is not. */
export function CasesPage({ open, query }: { open?: string | undefined; query: Readonly<Record<string, string>> }) {
  const { t } = useText();
  const { may } = useSession();
  const { today } = useNow();
  return (
    <div className={open ? "cases open" : "cases"}>
      <div className="cases-list">
        <Page
          title={t("cases.title")}
          actions={may("new_case") && (
            <LinkButton kind="primary" icon="plus" href={href(["cases", "new"])}>
              {t("cases.new")}
            </LinkButton>
          )}
        >
          <DraftsLine />
          <CaseList open={open} query={query} today={today} />
        </Page>
      </div>
      {open && (
        <div className="cases-one">
          <CasePage key={open} id={open} />
        </div>
      )}
    </div>
  );
}
