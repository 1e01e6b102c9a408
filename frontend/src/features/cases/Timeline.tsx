import type { CaseView } from "../../api/types";
import { ByLine } from "../../components/ByLine";
import { useCodeTable } from "../../components/codes";
import { useText } from "../../components/text";
import { Tag } from "../../components/ui/Tag";
import type { Day } from "../../lib/days";
import { showMoment } from "../../lib/when";
import { useStepValues } from "../../components/stepValues";

// The fields of a step that say most, in the order in which they are read.
const TELLING = ["ground", "reason", "form", "mediators", "place", "proof"] as const;

/** What happened, newest first, with the day and who did it. */
export function Timeline({ view, today }: { view: CaseView; today: Day }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const said = useStepValues(view.id, view.access === "full");
  const events = [...view.events].reverse();
  return (
    <section className="card">
      <h2>{t("timeline.title")}</h2>
      <ol className="timeline">
        {events.map((event, at) => {
          const when = event.at ?? event.written;
          const told = TELLING.flatMap((name) => {
            const value = event.fields?.[name];
            return value === undefined || value === null ? [] : [said(event.step, name, value)];
          });
          return (
            <li key={event.id} className={at === 0 ? "now" : ""}>
              <b>{when ? showMoment(when, language, today) : ""}</b> {word("steps", event.step)}
              {event.standing && event.standing !== "stands" && (
                <div>
                  <Tag tone={event.standing === "open" ? "wait" : "due"}>{t(`standing.${event.standing}`)}</Tag>
                </div>
              )}
              {told.length > 0 && <div className="small">{told.join(" · ")}</div>}
              <div>
                <ByLine by={event} at="" />
              </div>
            </li>
          );
        })}
        {view.received_at && (
          <li className={events.length === 0 ? "now" : ""}>
            <b>{showMoment(view.received_at, language, today)}</b> {t("timeline.received")}
            {view.source && <div className="small soft">{word("sources", view.source)}</div>}
          </li>
        )}
      </ol>
    </section>
  );
}
