// Days as people write them. A day is a Beijing day: a year, a month and a day
// without time or zone, in the form YYYY-MM-DD wherever it is stored.

export type Day = `${number}-${string}-${string}`;
/** Which year a day without one means: the last such day, the next, or the nearest. */
export type Leaning = "past" | "future" | "near";
export type DayProblem = "empty" | "unreadable" | "impossible";
export type DayResult = { ok: true; day: Day } | { ok: false; problem: DayProblem };

const BEIJING_OFFSET_MS = 8 * 3600_000;
const DAY_MS = 86_400_000;
// People write two-digit years for births and files of the last century too.
const CENTURY_PIVOT = 30;
const FIRST_YEAR = 1800;
const LAST_YEAR = 2200;

const RELATIVE: Readonly<Record<string, number>> = {
  大前天: -3, 前天: -2, 昨天: -1, 昨日: -1, 今天: 0, 今日: 0, 明天: 1, 明日: 1, 后天: 2, 大后天: 3,
  yesterday: -1, today: 0, tomorrow: 1,
};
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

export function makeDay(year: number, month: number, date: number): Day | null {
  if (year < FIRST_YEAR || year > LAST_YEAR) return null;
  const made = new Date(Date.UTC(year, month - 1, date));
  if (made.getUTCFullYear() !== year || made.getUTCMonth() !== month - 1 || made.getUTCDate() !== date) return null;
  return made.toISOString().slice(0, 10) as Day;
}

/** The Beijing day of a moment. */
export function dayOf(moment: Date): Day {
  return new Date(moment.getTime() + BEIJING_OFFSET_MS).toISOString().slice(0, 10) as Day;
}

export function addDays(day: Day, days: number): Day {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10) as Day;
}

export function daysBetween(from: Day, to: Day): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

// Full-width figures come from Chinese input methods.
function plain(text: string): string {
  return text.normalize("NFKC").trim().toLowerCase().replace(/\s+/g, " ");
}

function withYear(month: number, date: number, today: Day, leaning: Leaning): DayResult {
  const year = Number(today.slice(0, 4));
  // Eight years reach every 29 February.
  const years = Array.from({ length: 17 }, (_, at) => year - 8 + at);
  const days = years.map((y) => makeDay(y, month, date)).filter((d): d is Day => d !== null);
  const fits = days.filter((d) => (leaning === "past" ? d <= today : leaning === "future" ? d >= today : true));
  fits.sort((a, b) => Math.abs(daysBetween(a, today)) - Math.abs(daysBetween(b, today)));
  const best = fits[0];
  return best ? { ok: true, day: best } : { ok: false, problem: "impossible" };
}

function exact(year: string, month: number, date: number): DayResult {
  let full = Number(year);
  if (year.length === 2) full += full <= CENTURY_PIVOT + 20 ? 2000 : 1900;
  const day = makeDay(full, month, date);
  return day ? { ok: true, day } : { ok: false, problem: "impossible" };
}

function english(text: string, today: Day, leaning: Leaning): DayResult | null {
  const match =
    /^(\d{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})\.?,?(?: (\d{4}))?$/.exec(text) ??
    /^([a-z]{3,9})\.? (\d{1,2})(?:st|nd|rd|th)?,?(?: (\d{4}))?$/.exec(text);
  if (!match) return null;
  const [, first = "", second = "", year] = match;
  const named = /^[a-z]/.test(first) ? first : second;
  const month = MONTHS.indexOf(named.slice(0, 3)) + 1;
  if (month === 0) return null;
  const date = Number(named === first ? second : first);
  return year ? exact(year, month, date) : withYear(month, date, today, leaning);
}

/** Reads 2026.3.5, 2026年3月5日, 20260305, 3月5日, 3.5, 昨天, 3天前, 5 March, yesterday. */
export function readDay(written: string, today: Day, leaning: Leaning = "near"): DayResult {
  const text = plain(written);
  if (text === "") return { ok: false, problem: "empty" };
  const offset = RELATIVE[text];
  if (offset !== undefined) return { ok: true, day: addDays(today, offset) };
  let match = /^(\d{1,3}) ?(?:天|日|days?)(?: ?)(前|后|ago)$/.exec(text);
  if (match) return { ok: true, day: addDays(today, Number(match[1]) * (match[2] === "后" ? 1 : -1)) };
  match = /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (match) return exact(match[1] ?? "", Number(match[2]), Number(match[3]));
  match = /^(\d{4}|\d{2}) ?[年./-] ?(\d{1,2}) ?[月./-] ?(\d{1,2}) ?[日号]?$/.exec(text);
  if (match) return exact(match[1] ?? "", Number(match[2]), Number(match[3]));
  match = /^(?:(去年|今年|明年) ?)?(\d{1,2}) ?[月./-] ?(\d{1,2}) ?[日号]?$/.exec(text);
  if (match) {
    const [, which, month, date] = match;
    if (!which) return withYear(Number(month), Number(date), today, leaning);
    const year = Number(today.slice(0, 4)) + (which === "去年" ? -1 : which === "明年" ? 1 : 0);
    return exact(String(year), Number(month), Number(date));
  }
  return english(text, today, leaning) ?? { ok: false, problem: "unreadable" };
}

/** Reads a time of day: 9:05, 9点5分, 下午3点, 3pm, 1620. Answers HH:MM. */
export function readTime(written: string): string | null {
  const text = plain(written);
  const match =
    /^(上午|下午|晚上|中午|早上|凌晨)? ?(\d{1,2}) ?(?:[:.点时] ?(?:(\d{1,2}) ?分?|(半))?)? ?(am|pm)?$/.exec(text) ??
    /^()(\d{2})(\d{2})()()$/.exec(text);
  if (!match) return null;
  const [, part, hourText, minuteText, half, suffix] = match;
  let hour = Number(hourText);
  const minute = half ? 30 : Number(minuteText ?? 0);
  const later = suffix === "pm" || part === "下午" || part === "晚上" || (part === "中午" && hour < 11);
  if (later && hour < 12) hour += 12;
  if ((suffix === "am" || part === "凌晨") && hour === 12) hour = 0;
  if (hour > 23 || minute > 59) return null;
  return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
}

/** A moment in the form that case documents take, with Beijing's zone. */
export function atBeijing(day: Day, time: string): string {
  return `${day}T${time}:00+08:00`;
}

/** The Beijing time of day of a moment, HH:MM. */
export function timeOf(moment: Date): string {
  return new Date(moment.getTime() + BEIJING_OFFSET_MS).toISOString().slice(11, 16);
}
