import type { CaseView } from "../../../api/types";
import { useNow } from "../../../components/now";
import { useStepWords } from "../../../components/specs/useStepWords";
import { useText } from "../../../components/text";
import { showDay } from "../../../lib/when";
import { dayOf, namesIn, standing, textIn, type Taken } from "../taken";
import { Facts } from "./Facts";

/** Who helps by consent, what people were told, what each agreed to, who filled in for whom. */
export function HelpCard({ view }: { view: CaseView }) {
  const { t, list, language } = useText();
  const { today } = useNow();
  const said = useStepWords(view.id);
  const day = (event: Taken) => showDay(dayOf(event), language, today);
  const lines = (step: string, line: (event: Taken) => string) => standing(view, step).map((event) => <div key={event.id}>{line(event)}</div>);
  const groups = [
    [t("help.helpers"), lines("helper", (one) => t("help.helper", { name: textIn(one, "name"), role: said("helper", "role", textIn(one, "role")), day: day(one), names: list(namesIn(one, "consent_by")) }))],
    [t("help.notices"), lines("notice", (one) => t("help.notice", { what: said("notice", "what", textIn(one, "what")), names: list(namesIn(one, "notified")), day: day(one), how: said("notice", "how", textIn(one, "how")) }))],
    [
      t("help.consents"),
      lastSaid(view).map(({ event, names }) => (
        <div key={event.id}>
          {t(event.fields?.["given"] === true ? "help.agreed" : "help.refused", { purpose: said("consent", "purpose", textIn(event, "purpose")), names: list(names), day: day(event) })}
        </div>
      )),
    ],
    [
      t("help.proxies"),
      lines("proxy", (one) =>
        t("help.proxy", { name: textIn(one, "name"), relation: textIn(one, "relation"), who: textIn(one, "for"), confirmed: said("proxy", "confirmed", textIn(one, "confirmed")), day: day(one) }),
      ),
    ],
  ] as const;
  const full = groups.filter(([, rows]) => rows.length > 0);
  if (full.length === 0) return null;
  return (
    <section className="card stack tight">
      <h2>{t("help.title")}</h2>
      <Facts rows={full} />
    </section>
  );
}

/** The consents that still say what somebody thinks: of each purpose what each said last counts. */
function lastSaid(view: CaseView): { event: Taken; names: string[] }[] {
  const consents = standing(view, "consent");
  const last = new Map<string, Taken>();
  for (const event of consents) for (const name of namesIn(event, "by")) last.set(`${textIn(event, "purpose")} ${name}`, event);
  return consents
    .map((event) => ({ event, names: namesIn(event, "by").filter((name) => last.get(`${textIn(event, "purpose")} ${name}`) === event) }))
    .filter(({ names }) => names.length > 0);
}
