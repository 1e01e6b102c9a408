import { expect, it } from "vitest";
import { creditProblem, residentProblem, tidyNumber } from "./identity";

it("takes resident numbers whose check digit fits", () => {
  expect(residentProblem("11010519491231002X")).toBeNull();
  expect(residentProblem("110105194912310021")).toBe("check");
  expect(residentProblem("11010519490231002X")).toBe("birth");
  expect(residentProblem("1101051949123100")).toBe("form");
});

it("finds every single wrong figure of a resident number", () => {
  const number = "11010519491231002X";
  for (let at = 0; at < 17; at++) {
    for (const figure of "0123456789") {
      if (figure === number[at]) continue;
      expect(residentProblem(number.slice(0, at) + figure + number.slice(at + 1))).not.toBeNull();
    }
  }
});

it("takes credit codes whose check character fits", () => {
  expect(creditProblem("91350100M000100Y43")).toBeNull();
  expect(creditProblem("91350100M000100Y44")).toBe("check");
  expect(creditProblem("I1350100M000100Y43")).toBe("form");
});

it("tidies what was typed", () => expect(tidyNumber(" １１０105 1949-1231 002x ")).toBe("11010519491231002X"));
