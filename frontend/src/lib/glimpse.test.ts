import { describe, expect, it } from "vitest";
import { compare } from "./diff";
import { CUT, glimpse } from "./glimpse";

const joined = (pieces: readonly { text: string }[]) => pieces.map((piece) => piece.text).join("");
const long = "双方同意就墙界纠纷达成如下协议并共同遵守执行".repeat(20);

describe("glimpse", () => {
  it("shows a short text whole", () => {
    const [left] = compare("赔偿 3,000 元", "赔偿 5,000 元");
    expect(joined(glimpse(left))).toBe("赔偿 3,000 元");
  });
  it.each([0, 1, 59, 60, 61, 200, long.length])("keeps a difference wherever it lies (%i)", (at) => {
    const make = (word: string) => long.slice(0, at) + word + long.slice(at);
    const [left, right] = compare(make("王小例"), make("李大样"));
    for (const [pieces, word] of [
      [left, "王小例"],
      [right, "李大样"],
    ] as const) {
      const shown = joined(glimpse(pieces));
      expect(shown).toContain(word);
      expect(shown).toContain(CUT);
      expect(Array.from(shown).length).toBeLessThan(120);
    }
  });
  it("marks the cut of what only one of both has at its end", () => {
    const [left, right] = compare(long, long + "另付五千元");
    expect(joined(glimpse(right))).toContain("另付五千元");
    expect(joined(glimpse(left))).toContain(CUT);
  });
  it("marks a cut inside a long difference", () => {
    const [left] = compare(`甲${"一".repeat(500)}乙`, `甲${"二".repeat(500)}乙`);
    const shown = joined(glimpse(left));
    expect(shown.startsWith("甲一")).toBe(true);
    expect(shown).toContain(CUT);
  });
});
