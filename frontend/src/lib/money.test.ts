import { describe, expect, it } from "vitest";
import { MOST_FEN, readMoney, writeMoney } from "./money";

describe("readMoney", () => {
  it.each([
    ["16,703", 1670300], ["16703.5", 1670350], ["16,703.50 元", 1670350], ["¥300", 30000], ["300元整", 30000], ["0", 0], ["0.01", 1], ["-0", 0],
    ["1.2万", 1200000], ["3万元", 3000000], ["0.000001亿", 10000], ["１６７０３", 1670300], ["007", 700], ["0.29", 29], ["1.10", 110], ["64.10", 6410], ["4.35", 435],
  ])("reads %s", (written, fen) => expect(readMoney(written)).toEqual({ ok: true, fen }));

  it.each([
    ["", "empty"], ["元", "empty"], ["-3", "negative"], ["1.005", "fraction"], ["1.2345678万", "fraction"], ["three", "unreadable"], ["1.2.3", "unreadable"],
    ["1000000000000.01", "much"], ["9".repeat(40), "much"],
  ])("says what is wrong with %j", (written, problem) => {
    const read = readMoney(written);
    expect(read.ok).toBe(false);
    if (!read.ok) expect(read.problem).toBe(problem);
  });

  it("takes as many places after 万 as make whole fen", () => {
    expect(readMoney("1.234567万")).toEqual({ ok: true, fen: 1234567 });
    expect(readMoney("1.2345670万")).toEqual({ ok: true, fen: 1234567 });
    expect(readMoney("1.2345671万")).toEqual({ ok: false, problem: "fraction" });
  });

  it("takes the most that a document takes, and no more", () => {
    expect(readMoney("1000000000000")).toEqual({ ok: true, fen: MOST_FEN });
  });
});

it("writes what it reads, for every number of fen up to a thousand yuan", () => {
  for (let fen = 0; fen <= 100_000; fen++) expect(readMoney(writeMoney(fen))).toEqual({ ok: true, fen });
});

it("writes thousands apart and fen only where there are some", () => {
  expect([0, 1, 10, 100, 1670300, 123456789].map(writeMoney)).toEqual(["0", "0.01", "0.10", "1", "16,703", "1,234,567.89"]);
});
