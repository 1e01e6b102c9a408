import { more } from "../../../api/lifecycleTypes";
import type { CaseView } from "../../../api/types";
import { useNow } from "../../../components/now";
import { useStepWords } from "../../../components/specs/useStepWords";
import { useText } from "../../../components/text";
import { Tag, type Tone } from "../../../components/ui/Tag";
import { showDay } from "../../../lib/when";
import { Facts } from "./Facts";

const TONES: Readonly<Record<string, Tone>> = { green: "ok", yellow: "due", orange: "due", red: "bad" };

/** What was done for the people and against the dispute growing: risk, reports, visits, who refuses. */
export function CareCard({ view }: { view: CaseView }) {
  const { t, list, language } = useText();
  const { today } = useNow();
  const said = useStepWords(view.id);
  const care = more(view).care;
  if (!care) return null;
  const nameOf = (id: string) => view.parties.find((party) => party.id === id)?.name ?? id.slice(0, 8);
  const refusing = (care.refusing ?? []).map(nameOf);
  return (
    <section className="card stack tight">
      <div className="line-row">
        <h2 className="grow">{t("care.title")}</h2>
        {care.risk && <Tag tone={TONES[care.risk] ?? "due"}>{t("care.level", { level: said("risk", "level", care.risk) })}</Tag>}
      </div>
      <Facts
        rows={[
          [t("care.risks"), list((care.risks ?? []).map((code) => said("risk", "risks", code)))],
          [t("care.reported"), list((care.reported_to ?? []).map((code) => said("report-risk", "to", code)))],
          [t("care.visits"), care.visits > 0 && t("care.visits.n", { n: care.visits, day: care.last_visit_on ? showDay(care.last_visit_on, language, today) : "" })],
          [t("care.satisfaction"), care.satisfaction && said("follow-up", "satisfied", care.satisfaction)],
          [t("care.refusing"), refusing.length > 0 && list(refusing)],
        ]}
      />
    </section>
  );
}
