import { expect, it } from "vitest";
import { fromBase64, toBase64 } from "./base64";
import { href, readRoute } from "./route";
import { roomFor } from "./room";
import { strengthOf } from "./secret";
import { uuidv7 } from "./uuid";
import { showDay, showMoment, showRecent } from "./when";

it("gives bytes back as they were, large files too", () => {
  const bytes = Uint8Array.from({ length: 300_000 }, (_, at) => (at * 31) % 256);
  expect(fromBase64(toBase64(bytes))).toEqual(bytes);
});

it("makes UUIDs of version 7 that sort by time", () => {
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  const early = uuidv7(1_700_000_000_000);
  const late = uuidv7(1_700_000_000_001);
  expect([early, late].every((id) => form.test(id))).toBe(true);
  expect(early < late).toBe(true);
  expect(uuidv7(0x0123456789ab, new Uint8Array(16).fill(0xff))).toBe("01234567-89ab-7fff-bfff-ffffffffffff");
});

it("reads back every address that it makes", () => {
  const parts = ["cases", "a/b 甲?#%", "x"];
  expect(readRoute(href(parts, { q: "王 & 李=?", group: "" }))).toEqual({ parts, query: { q: "王 & 李=?" } });
  expect(readRoute("#/cases/%E0%A4%A").parts).toEqual(["cases", "%E0%A4%A"]);
  expect(readRoute("")).toEqual({ parts: [], query: {} });
});

it("says how strong a secret is", () => {
  expect(strengthOf("1234567")).toBe("short");
  expect(strengthOf("老王七字不够长")).toBe("short");
  expect(strengthOf("12345678")).toBe("weak");
  expect(strengthOf("aaaaaaaa")).toBe("weak");
  expect(strengthOf("wall-1998")).toBe("fair");
  expect(strengthOf("村口老槐树下的第三块石头")).toBe("fair");
  expect(strengthOf("the third stone under the old tree")).toBe("strong");
});

it("shows days in words, with the year where it is not this one", () => {
  expect(showDay("2026-03-05", "zh-CN", "2026-11-01")).toBe("3月5日");
  expect(showDay("2025-03-05", "zh-CN", "2026-11-01")).toBe("2025年3月5日");
  expect(showDay("2025-03", "en", "2026-11-01")).toBe("March 2025");
  expect(showDay("2026-03-05", "en", "2026-11-01")).toBe("5 March");
  expect(showMoment("2026-03-05T01:00:00Z", "zh-CN", "2026-11-01")).toBe("3月5日 09:00");
  expect(showMoment("not a time", "zh-CN", "2026-11-01")).toBe("not a time");
  expect(showRecent("2026-03-05T02:42:00Z", "zh-CN", new Date("2026-03-05T10:00:00Z"))).toBe("10:42");
});

it("puts beside each other only what fits in the chosen type", () => {
  expect(roomFor(1366, 16)).toBe("rail table side");
  expect(roomFor(1920, 16)).toBe("rail table side both");
  expect(roomFor(1366, 24)).toBe("");
  expect(roomFor(1366, 32)).toBe("");
});
