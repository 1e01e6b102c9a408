// Days and times as they are shown: Beijing time, in words.
import { dayOf, timeOf, type Day } from "./days";
import type { Language } from "./messages";

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];

/** 3月10日, or 10 March; with the year where it is not this year's. */
export function showDay(day: string, language: Language, today: Day): string {
  const match = /^(\d{4})-(\d{2})(?:-(\d{2}))?/.exec(day);
  if (!match) return day;
  const [, year = "", month = "", date] = match;
  const thisYear = year === today.slice(0, 4);
  if (language === "en") {
    const name = MONTHS[Number(month) - 1] ?? month;
    if (date === undefined) return `${name} ${year}`;
    return `${Number(date)} ${name}${thisYear ? "" : ` ${year}`}`;
  }
  if (date === undefined) return `${year}年${Number(month)}月`;
  return `${thisYear ? "" : `${year}年`}${Number(month)}月${Number(date)}日`;
}

/** A moment's day and time; a text that is only a day shows the day. */
export function showMoment(moment: string, language: Language, today: Day): string {
  if (/^\d{4}-\d{2}(-\d{2})?$/.test(moment)) return showDay(moment, language, today);
  const read = new Date(moment);
  if (Number.isNaN(read.getTime())) return moment;
  return `${showDay(dayOf(read), language, today)} ${timeOf(read)}`;
}

/** The Beijing day of a stored day or moment. */
export function dayIn(text: string): Day | null {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text as Day;
  const read = new Date(text);
  return Number.isNaN(read.getTime()) ? null : dayOf(read);
}

/** Only the time where the moment is today's, otherwise day and time. */
export function showRecent(moment: string, language: Language, now: Date): string {
  const read = new Date(moment);
  if (Number.isNaN(read.getTime())) return moment;
  const today = dayOf(now);
  return dayOf(read) === today ? timeOf(read) : showMoment(moment, language, today);
}
