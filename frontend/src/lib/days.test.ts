import { describe, expect, it } from "vitest";
import { addDays, atBeijing, dayOf, makeDay, readDay, readTime, timeOf, type Day, type Leaning } from "./days";

const TODAY: Day = "2026-03-10";

describe("readDay", () => {
  it.each<[string, Leaning, string]>([
    ["2026.3.5", "past", "2026-03-05"],
    ["2026-03-05", "past", "2026-03-05"],
    ["2026/3/5", "near", "2026-03-05"],
    ["2026年3月5日", "past", "2026-03-05"],
    ["2026 年 3 月 5 号", "past", "2026-03-05"],
    ["20260305", "past", "2026-03-05"],
    ["２０２６．３．５", "past", "2026-03-05"],
    ["56.2.11", "past", "1956-02-11"],
    ["26.2.11", "past", "2026-02-11"],
    ["3月5日", "past", "2026-03-05"],
    ["3.5", "past", "2026-03-05"],
    ["12月30日", "past", "2025-12-30"],
    ["3月5日", "future", "2027-03-05"],
    ["3月15日", "future", "2026-03-15"],
    ["12月30日", "near", "2025-12-30"],
    ["去年12月1日", "past", "2025-12-01"],
    ["明年1月2日", "future", "2027-01-02"],
    ["2月29日", "past", "2024-02-29"],
    ["昨天", "past", "2026-03-09"],
    ["前天", "past", "2026-03-08"],
    ["今天", "past", "2026-03-10"],
    ["明天", "future", "2026-03-11"],
    ["3天前", "past", "2026-03-07"],
    ["10天后", "future", "2026-03-20"],
    ["yesterday", "past", "2026-03-09"],
    ["Today", "past", "2026-03-10"],
    ["3 days ago", "past", "2026-03-07"],
    ["5 March", "past", "2026-03-05"],
    ["March 5, 2025", "past", "2025-03-05"],
    ["5 mar 2026", "past", "2026-03-05"],
  ])("reads %s leaning to the %s", (written, leaning, day) => {
    expect(readDay(written, TODAY, leaning)).toEqual({ ok: true, day });
  });

  it.each([
    ["", "empty"],
    ["   ", "empty"],
    ["2026.2.30", "impossible"],
    ["2025年2月29日", "impossible"],
    ["13月1日", "impossible"],
    ["2026.13.1", "impossible"],
    ["sometime", "unreadable"],
    ["3月", "unreadable"],
    ["5 Foo", "unreadable"],
    ["99999.1.1", "unreadable"],
  ])("says what is wrong with %j", (written, problem) => {
    expect(readDay(written, TODAY)).toEqual({ ok: false, problem });
  });

  it("gives back every day that it is given in full", () => {
    for (let day: Day = "1999-12-25", n = 0; n < 900; n++, day = addDays(day, 1)) {
      expect(readDay(day, TODAY)).toEqual({ ok: true, day });
      expect(readDay(day.replaceAll("-", ""), TODAY)).toEqual({ ok: true, day });
    }
  });
});

describe("days and moments", () => {
  it("takes Beijing's day, whatever zone the computer is in", () => {
    expect(dayOf(new Date("2026-03-09T16:00:00Z"))).toBe("2026-03-10");
    expect(dayOf(new Date("2026-03-09T15:59:59Z"))).toBe("2026-03-09");
    expect(timeOf(new Date("2026-03-09T16:05:00Z"))).toBe("00:05");
    expect(new Date(atBeijing("2026-03-10", "00:05")).toISOString()).toBe("2026-03-09T16:05:00.000Z");
  });
  it("refuses days that are not in the calendar", () => {
    expect(makeDay(1900, 2, 29)).toBeNull();
    expect(makeDay(2000, 2, 29)).toBe("2000-02-29");
    expect(makeDay(99999, 1, 1)).toBeNull();
  });
});

describe("readTime", () => {
  it.each([
    ["9:05", "09:05"], ["9点5分", "09:05"], ["9点半", "09:30"], ["下午3点", "15:00"], ["晚上8:15", "20:15"], ["中午12点", "12:00"], ["凌晨12点", "00:00"],
    ["3pm", "15:00"], ["12 am", "00:00"], ["1620", "16:20"], ["0905", "09:05"], ["９：０５", "09:05"],
  ])("reads %s", (written, time) => expect(readTime(written)).toBe(time));
  it.each(["", "25:00", "9:60", "soon", "2461"])("refuses %j", (written) => expect(readTime(written)).toBeNull());
});
