import { useCase, useSteps } from "../../api/cases";
import { more } from "../../api/lifecycleTypes";
import type { CaseView } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { useNow } from "../../components/now";
import { useText } from "../../components/text";
import { LinkButton } from "../../components/ui/Button";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { href } from "../../lib/route";
import { showMoment } from "../../lib/when";
import { AgreementCard } from "./AgreementCard";
import { DigestCard } from "./DigestCard";
import { CareCard } from "./cards/CareCard";
import { ClocksCard } from "./cards/ClocksCard";
import { CourtCard } from "./cards/CourtCard";
import { GivenCard } from "./cards/GivenCard";
import { HelpCard } from "./cards/HelpCard";
import { LettersCard } from "./cards/LettersCard";
import { RepeatsCard } from "./cards/RepeatsCard";
import { CaseFields } from "./edit/CaseFields";
import { People } from "./edit/People";
import { HoldersCard } from "./HoldersCard";
import { NextStep } from "./NextStep";
import { titleOf } from "./rowWords";
import { Timeline } from "./Timeline";
import { UnknownCard } from "./UnknownCard";

export function CasePage({ id }: { id: string }) {
  const { t } = useText();
  const found = useCase(id);
  if (found.isPending) return <Waiting>{t("wait.loading")}</Waiting>;
  if (!found.data) {
    return (
      <Page title={t("case.missing")} back={{ href: href(["cases"]), label: t("case.back") }}>
        <div className="content">
          <Failure error={found.error} safe={t("case.missing.safe")} />
        </div>
      </Page>
    );
  }
  return <CaseFile view={found.data} />;
}

/** A case, read like a file: people, story, steps, who has it. */
function CaseFile({ view }: { view: CaseView }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();
  const title = titleOf({ title: view.title ?? "", id: view.id, category: view.category ?? "" }, t, word);
  const about = [
    more(view).number,
    view.external_id,
    view.category && word("categories", view.category),
    view.received_at && t("case.received", { day: showMoment(view.received_at, language, today) }),
    view.mediators && view.mediators.length > 0 && t("case.mediators", { names: view.mediators.join(language === "en" ? ", " : "、") }),
    view.unit_name,
  ].filter(Boolean);
  const full = view.access === "full";
  return (
    <Page
      title={title}
      back={{ href: href(["cases"]), label: t("case.back") }}
      sub={about.join(" · ")}
      actions={
        full && (
          <>
            <LinkButton kind="quiet" href={href(["cases", view.id, "history"])}>
              {t("case.history")}
            </LinkButton>
            <ForCourt view={view} />
            <LinkButton icon="print" href={href(["cases", view.id, "sheet"])}>
              {t("case.print")}
            </LinkButton>
          </>
        )
      }
    >
      <div className="case">
        <div className="left">
          <Waits view={view} />
          {full && <NextStep view={view} />}
          {full ? (
            <>
              <RepeatsCard id={view.id} />
              <People view={view} />
              <AgreementCard view={view} />
              <GivenCard view={view} />
              <LettersCard view={view} />
              <CourtCard view={view} />
              <HelpCard view={view} />
              <CareCard view={view} />
              <CaseFields view={view} />
            </>
          ) : (
            <>
              <DigestCard view={view} />
              <RepeatsCard id={view.id} />
            </>
          )}
          <UnknownCard changes={view.unknown ?? []} />
        </div>
        <aside className="side" aria-label={t("case.side")}>
          <ClocksCard view={view} />
          <Timeline view={view} today={today} />
          <HoldersCard view={view} />
        </aside>
      </div>
    </Page>
  );
}

/** The way to the court's folder, where the court could docket the case or confirm the agreement. */
function ForCourt({ view }: { view: CaseView }) {
  const { t } = useText();
  const steps = useSteps(view.id);
  const docketable = steps.data?.some((step) => step.step === "docket" && step.allowed);
  if (!docketable && !more(view).judicial_confirmation) return null;
  return (
    <LinkButton kind="quiet" href={href(["cases", view.id, "docket"])}>
      {t("case.docket")}
    </LinkButton>
  );
}

/** What two people wrote differently and a person must decide. */
function Waits({ view }: { view: CaseView }) {
  const { t } = useText();
  const { word } = useCodeTable();
  if (view.conflicts.length === 0) return null;
  return (
    <Notice tone="wait">
      <p>{t("case.conflicts", { n: view.conflicts.length })}</p>
      <div className="buttons">
        {view.conflicts.map((conflict) => (
          <LinkButton key={conflict.field} href={href(["conflicts", view.id, conflict.field])}>
            {conflict.kind === "step" ? t("conflict.step") : word("fields", conflict.field.split(".")[0] ?? "")}
          </LinkButton>
        ))}
      </div>
    </Notice>
  );
}
