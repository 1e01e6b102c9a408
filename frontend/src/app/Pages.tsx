// Which page an address opens. Pages never lie deeper than two.
import type { ReactNode } from "react";
import { useText } from "../components/text";
import { LinkButton } from "../components/ui/Button";
import { Page } from "../components/ui/Page";
import { CasesPage } from "../features/cases/CasesPage";
import { NewCasePage } from "../features/cases/new/NewCasePage";
import { DocketPage } from "../features/cases/DocketPage";
import { HistoryPage } from "../features/cases/HistoryPage";
import { NotesPage } from "../features/cases/NotesPage";
import { SheetPage } from "../features/cases/SheetPage";
import { StepPage } from "../features/cases/StepPage";
import { ConflictPage } from "../features/conflicts/ConflictPage";
import { ConflictsPage } from "../features/conflicts/ConflictsPage";
import { DuePage } from "../features/due/DuePage";
import { InboxPage } from "../features/inbox/InboxPage";
import { LeadsPage } from "../features/leads/LeadsPage";
import { OralPage } from "../features/oral/OralPage";
import { SettingsPage } from "../features/settings/SettingsPage";
import { TablePage, TablesPage } from "../features/tables/TablesPage";
import { HandoverPage } from "../features/unit/HandoverPage";
import { UnitPage } from "../features/unit/UnitPage";
import { href, useRoute } from "../lib/route";

function NoSuchPage() {
  const { t } = useText();
  return (
    <Page title={t("app.nopage")}>
      <div className="content">
        <p>{t("app.nopage.do")}</p>
        <div className="buttons">
          <LinkButton href={href(["cases"])} kind="primary">
            {t("rail.cases")}
          </LinkButton>
        </div>
      </div>
    </Page>
  );
}

function CasePart({ id, part, rest }: { id: string; part: string; rest: string }) {
  switch (part) {
    case "history":
      return <HistoryPage id={id} />;
    case "notes":
      return <NotesPage id={id} />;
    case "docket":
      return <DocketPage id={id} />;
    case "sheet":
      return <SheetPage id={id} />;
    case "step":
      return <StepPage key={rest} id={id} step={rest} />;
    default:
      return <NoSuchPage />;
  }
}

const PLAIN: Readonly<Record<string, () => ReactNode>> = { due: DuePage, inbox: InboxPage, oral: OralPage, leads: LeadsPage, unit: UnitPage };

export function Pages() {
  const { parts, query } = useRoute();
  const [first = "cases", second, third, fourth = ""] = parts;
  if (first === "cases" && second === "new") return <NewCasePage key={third} draft={third} />;
  if (first === "cases" && second && third) return <CasePart key={second} id={second} part={third} rest={fourth} />;
  if (first === "cases") return <CasesPage open={second} query={query} />;
  if (first === "conflicts" && second && third) return <ConflictPage key={`${second} ${third}`} id={second} field={third} />;
  if (first === "conflicts") return <ConflictsPage only={second} />;
  if (first === "tables") return second ? <TablePage key={second} name={second} /> : <TablesPage />;
  if (first === "unit" && second === "handover") return <HandoverPage key={query["from"]} />;
  const Plain = second === undefined ? PLAIN[first] : undefined;
  if (Plain) return <Plain />;
  if (first === "settings") return <SettingsPage section={second} />;
  return <NoSuchPage />;
}
