import { describe, expect, it } from "vitest";
import { staleKeys } from "./live";

describe("hints", () => {
  it("reload what waits for a person when a case changed", () => {
    expect(staleKeys({ kind: "case", id: "c1" })).toEqual(expect.arrayContaining([["conflicts"], ["cases"], ["repeats"], ["case", "c1"]]));
  });
  it("reload nothing for a sign of life, and everything after hints were lost", () => {
    expect(staleKeys({ kind: "alive" })).toEqual([]);
    expect(staleKeys({ kind: "resync" })).toBe("all");
  });
});
