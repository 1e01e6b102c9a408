import { readDay, readTime, type Day, type Leaning } from "../../lib/days";
import type { Key } from "../../lib/messages";
import { showDay } from "../../lib/when";
import { useText } from "../text";
import { TextBox } from "./Fields";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  today: Day;
  leaning?: Leaning;
  required?: boolean;
  shown?: boolean;
  wrong?: string | null;
}

/** What is wrong with a written day, or null. An empty one is wrong only where it is required. */
export function dayWrong(value: string, today: Day, leaning: Leaning, required: boolean): Key | null {
  const read = readDay(value, today, leaning);
  if (read.ok) return null;
  if (read.problem === "empty") return required ? "wrong.required" : null;
  return read.problem === "impossible" ? "wrong.day.impossible" : "wrong.day.unreadable";
}

export function timeWrong(value: string, required: boolean): Key | null {
  if (value.trim() === "") return required ? "wrong.required" : null;
  return readTime(value) === null ? "wrong.time" : null;
}

/** A day as people write it; says which day was understood. */
export function DayBox({ label, value, onChange, today, leaning = "near", required = false, shown = false, wrong }: Props) {
  const { t, language } = useText();
  const read = readDay(value, today, leaning);
  const problem = dayWrong(value, today, leaning, required);
  // The year is spelled out: that is what a short date leaves open.
  const understood = read.ok ? t("day.understood", { day: showDay(read.day, language, "0000-01-01"), weekday: t(`weekday.${new Date(read.day).getUTCDay() as 0 | 1 | 2 | 3 | 4 | 5 | 6}`) }) : t(leaning === "future" ? "day.hint.ahead" : "day.hint");
  return (
    <TextBox label={label} value={value} onChange={onChange} required={required} shown={shown} hint={understood} wrong={wrong ?? (problem && t(problem))} />
  );
}

interface MomentProps extends Omit<Props, "value" | "onChange" | "label"> {
  label: string;
  day: string;
  time: string;
  onChange: (day: string, time: string) => void;
  timeRequired?: boolean;
}

/** A day and a time of day, beside each other. */
export function MomentBox({ label, day, time, onChange, timeRequired = false, ...rest }: MomentProps) {
  const { t } = useText();
  const problem = timeWrong(time, timeRequired);
  return (
    <div className="grid2">
      <DayBox {...rest} label={label} value={day} onChange={(next) => onChange(next, time)} />
      <TextBox
        label={t("form.time")}
        hint={t("form.time.hint")}
        value={time}
        required={timeRequired}
        shown={rest.shown ?? false}
        onChange={(next) => onChange(day, next)}
        wrong={problem && t(problem)}
      />
    </div>
  );
}
