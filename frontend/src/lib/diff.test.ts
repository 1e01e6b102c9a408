import { describe, expect, it } from "vitest";
import { compare, wholeNumbers, type Piece } from "./diff";

const join = (pieces: Piece[]) => pieces.map((piece) => piece.text).join("");
const marked = (pieces: Piece[]) => pieces.filter((piece) => piece.differs).map((piece) => piece.text);

describe("compare", () => {
  it("marks what was added, and nothing on the other side", () => {
    const [a, b] = compare("请求赔偿费用。", "请求赔偿费用，并出具说明。");
    expect(marked(a)).toEqual([]);
    expect(marked(b)).toEqual(["，并出具说明"]);
  });
  it("keeps rare characters whole", () => {
    const [a, b] = compare("王𬘭", "王𬘯");
    expect(marked(a)).toEqual(["𬘭"]);
    expect(marked(b)).toEqual(["𬘯"]);
  });
  it("marks nothing where both are the same, and all where nothing is shared", () => {
    expect(compare("同", "同")).toEqual([[{ text: "同", differs: false }], [{ text: "同", differs: false }]]);
    expect(marked(compare("甲", "乙")[0])).toEqual(["甲"]);
    expect(compare("", "")).toEqual([[], []]);
  });
  it("loses no character, whatever the texts, and what is unmarked is the same in both", () => {
    let seed = 7;
    const next = (n: number) => ((seed = (seed * 48271) % 2147483647), seed % n);
    const text = () => Array.from({ length: next(30) }, () => "甲乙丙丁𬘭"[Symbol.iterator]).map(() => Array.from("甲乙丙丁𬘭")[next(5)]).join("");
    for (let n = 0; n < 500; n++) {
      const [first, second] = [text(), text()];
      const [a, b] = compare(first, second);
      expect([join(a), join(b)]).toEqual([first, second]);
      const plain = (pieces: Piece[]) => join(pieces.filter((piece) => !piece.differs));
      expect(plain(a)).toBe(plain(b));
    }
  });
  it("answers at once for the longest story, with all of it", () => {
    const [first, second] = ["甲".repeat(20_000), "乙".repeat(20_000)];
    const [a, b] = compare(first, second);
    expect([join(a), join(b)]).toEqual([first, second]);
  });
});

describe("amounts", () => {
  it("are marked whole: one other figure is another number", () => {
    const [before] = compare("16,703 元", "16,700 元");
    expect(wholeNumbers(before, "16,703 元", "amount_fen").filter((piece) => piece.differs)).toEqual([{ text: "16,703", differs: true }]);
    expect(wholeNumbers(before, "16,703 元", "facts")).toEqual(before);
  });
});
