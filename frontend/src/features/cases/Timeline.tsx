import { useState } from "react";
import { useUnits } from "../../api/station";
import type { CaseView } from "../../api/types";
import { ByLine } from "../../components/ByLine";
import { useCodeTable } from "../../components/codes";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Tag } from "../../components/ui/Tag";
import type { Day } from "../../lib/days";
import { showMoment } from "../../lib/when";
import { useStepValues } from "../../components/stepValues";

// The fields of a step that say most, in the order in which they are read.
const TELLING = ["ground", "reason", "result", "form", "mediators", "mediator", "place", "purpose", "to", "level", "name", "proof", "by", "confirmed_by", "released_by"] as const;

// Ids stand for parties and events, which the people of a case are not known by.
const ID = /^([0-9a-f]{32}-\d+|[0-9a-f]{64})$/;

// More than a page holds is folded: the newest say how it stands.
const MOST = 12;
const FIRST = 8;

/** What happened, newest first, with the day and who did it. */
export function Timeline({ view, today }: { view: CaseView; today: Day }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const said = useStepValues();
  const units = useUnits();
  // A unit that a step names stands by its id; what has no name here says nothing.
  const named = (value: unknown): unknown => {
    if (typeof value !== "string" || !ID.test(value)) return value;
    return units.data?.find((unit) => unit.unit === value)?.name;
  };
  const [all, setAll] = useState(false);
  const whole = [...view.events].reverse();
  const events = all || whole.length <= MOST ? whole : whole.slice(0, FIRST);
  return (
    <section className="card">
      <h2>{t("timeline.title")}</h2>
      <ol className="timeline">
        {events.map((event, at) => {
          const when = event.at ?? event.written;
          const told = TELLING.flatMap((name) => {
            const field = event.fields?.[name];
            const value = Array.isArray(field) ? field.map(named).filter((one) => one !== undefined) : named(field);
            // A digest has numbers where the case has names: they stand in the table.
            if (value === undefined || value === null || typeof value === "boolean" || typeof value === "number") return [];
            return Array.isArray(value) && value.length === 0 ? [] : [said(event.step, name, value)];
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
        {events.length === whole.length && view.received_at && (
          <li className={events.length === 0 ? "now" : ""}>
            <b>{showMoment(view.received_at, language, today)}</b> {t("timeline.received")}
            {view.source && <div className="small soft">{word("sources", view.source)}</div>}
          </li>
        )}
      </ol>
      {whole.length > MOST && (
        <div className="buttons">
          <Button kind="quiet" icon="down" aria-expanded={all} onPress={() => setAll(!all)}>
            {t(all ? "timeline.fewer" : "timeline.all", { n: whole.length })}
          </Button>
        </div>
      )}
    </section>
  );
}
