import { useState } from "react";
import { useCaseChanged } from "../../api/cases";
import { newLead, useLeads } from "../../api/lifecycle";
import type { CaseRow, LeadDocument } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { EntryForm } from "../../components/EntryForm";
import { useNow } from "../../components/now";
import { LEAD } from "../../components/registerSpecs";
import { useSession } from "../../components/session";
import { useText } from "../../components/text";
import { useAnnounce } from "../../components/ui/Announce";
import { Button, LinkButton } from "../../components/ui/Button";
import { Section } from "../../components/ui/Fields";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { href } from "../../lib/route";
import { showDay } from "../../lib/when";
import { Sweeps } from "./Sweeps";

/** Leads that a sweep or a neighbour brought: registered in a short form, made a case or kept as they are. */
export function LeadsPage() {
  const { t } = useText();
  const { today } = useNow();
  const { may } = useSession();
  const announce = useAnnounce();
  const changed = useCaseChanged();
  const [adding, setAdding] = useState(false);
  const leads = useLeads("lead");
  const kept = useLeads("lead_kept");
  return (
    <Page
      title={t("leads.title")}
      sub={t("leads.sub")}
      actions={
        may("new_case") && (
          <Button kind="primary" icon="plus" aria-expanded={adding} onPress={() => setAdding(!adding)}>
            {t("leads.new")}
          </Button>
        )
      }
    >
      <div className="content narrow">
        {adding && (
          <Section title={t("leads.new")}>
            <EntryForm
              specs={LEAD}
              start={{ at: today }}
              action={t("leads.save")}
              cancel={() => setAdding(false)}
              save={async (token, fields) => {
                const saved = await newLead(token, fields as unknown as LeadDocument);
                await changed(saved.id);
                announce(t("saved"));
                setAdding(false);
              }}
            />
          </Section>
        )}
        <section className="stack tight">
          <h2>{t("leads.open")}</h2>
          {leads.isPending && <Waiting>{t("wait.loading")}</Waiting>}
          <Failure error={leads.error} />
          {leads.data?.cases.length === 0 && <p className="soft read">{t("leads.none")}</p>}
          <ul className="plain-list stack tight">
            {(leads.data?.cases ?? []).map((row) => (
              <li key={row.id} className="card">
                <Lead row={row} open />
              </li>
            ))}
          </ul>
        </section>
        {(kept.data?.cases ?? []).length > 0 && (
          <section className="stack tight">
            <h2>{t("leads.kept")}</h2>
            <ul className="plain-list stack tight">
              {(kept.data?.cases ?? []).map((row) => (
                <li key={row.id} className="card">
                  <Lead row={row} open={false} />
                </li>
              ))}
            </ul>
          </section>
        )}
        <Sweeps />
      </div>
    </Page>
  );
}

function Lead({ row, open }: { row: CaseRow; open: boolean }) {
  const { t, language } = useText();
  const { today } = useNow();
  const { word } = useCodeTable();
  const about = [showDay(row.received_on, language, today), row.place, row.unit_name].filter(Boolean);
  return (
    <div className="line-row">
      <span className="grow">
        <a className="line-link" href={href(["cases", row.id])}>
          <b>{row.title || t("cases.untitled", { category: word("categories", row.category), id: row.id.slice(0, 8) })}</b>
        </a>
        <span className="small soft block">{about.join(" · ")}</span>
      </span>
      <LinkButton kind={open ? "primary" : "plain"} href={href(["cases", row.id, "step", "make-case"])}>
        {t("leads.make")}
      </LinkButton>
      {open && <LinkButton href={href(["cases", row.id, "step", "keep-lead"])}>{t("leads.keep")}</LinkButton>}
    </div>
  );
}
