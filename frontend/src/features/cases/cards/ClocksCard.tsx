import { more, type Clock } from "../../../api/lifecycleTypes";
import type { CaseView } from "../../../api/types";
import { toneOfDays, useDaysLeft } from "../../../components/clockWords";
import { useNow } from "../../../components/now";
import { useProblemText } from "../../../components/problem";
import { useText } from "../../../components/text";
import { Tag } from "../../../components/ui/Tag";
import { showDay } from "../../../lib/when";

/** The time limits of a case: those that run as sentences, those that ended in one line each. */
export function ClocksCard({ view }: { view: CaseView }) {
  const { t } = useText();
  const clocks = more(view).clocks ?? [];
  if (clocks.length === 0) return null;
  // The soonest first; what stands still or has no day last.
  const last = (clock: Clock) => (clock.paused_since ? "9999" : (clock.due_on ?? "9999"));
  const runs = clocks.filter((clock) => !clock.ended_on).sort((a, b) => last(a).localeCompare(last(b)));
  const ended = clocks.filter((clock) => clock.ended_on);
  return (
    <section className="card stack tight">
      <h2>{t("clocks.title")}</h2>
      <ul className="plain-list stack tight">
        {runs.map((clock, at) => (
          <li key={`${clock.clock} ${at}`}>
            <Running clock={clock} />
          </li>
        ))}
      </ul>
      {runs.length === 0 && <p className="soft small">{t("clocks.none")}</p>}
      {ended.length > 0 && <Ended clocks={ended} />}
    </section>
  );
}

function Running({ clock }: { clock: Clock }) {
  const { t, pick, language } = useText();
  const say = useProblemText();
  const { today } = useNow();
  const left = useDaysLeft();
  return (
    <>
      <b>{clock.label ? pick(clock.label) : clock.clock}</b>
      <div>
        {clock.paused_since ? (
          <Tag tone="wait">{t("clock.paused", { day: showDay(clock.paused_since, language, today) })}</Tag>
        ) : (
          <Tag tone={toneOfDays(clock.today ?? {})}>{left(clock.today ?? {}) || t("clock.open")}</Tag>
        )}
      </div>
      {clock.moved_because && <div className="small">{pick(clock.moved_because.text)}</div>}
      {clock.extended_to && <div className="small">{t("clock.extended", { day: showDay(clock.extended_to, language, today) })}</div>}
      {(clock.paused_days ?? 0) > 0 && <div className="small">{t("clock.stood", { n: clock.paused_days ?? 0 })}</div>}
      {(clock.warnings ?? []).map((warning, at) => <div key={at} className="small">{say(warning)}</div>)}
      {clock.article && <div className="small soft">{pick(clock.article)}</div>}
    </>
  );
}

function Ended({ clocks }: { clocks: readonly Clock[] }) {
  const { t, pick, language } = useText();
  const { today } = useNow();
  return (
    <ul className="plain-list small soft">
      {clocks.map((clock, at) => (
        <li key={`${clock.clock} ${at}`}>
          {t("clock.ended", { name: clock.label ? pick(clock.label) : clock.clock, day: showDay(clock.ended_on ?? "", language, today) })}
        </li>
      ))}
    </ul>
  );
}
