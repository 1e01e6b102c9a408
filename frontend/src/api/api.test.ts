import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeStation, Refused } from "../test/station";
import { actedWithin, onSessionLost, personActed, send, setToken } from "./client";
import { DraftKeeper, PAUSE_MS, type DraftStatus } from "./draftKeeper";
import { ApiError, NO_ANSWER } from "./errors";
import { takeEvents } from "./events";

afterEach(() => {
  setToken("");
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("the client", () => {
  it("sends strings, the token in a header, and the mark against forgery", async () => {
    const station = fakeStation({ "POST /x": () => ({ ok: 1 }) });
    setToken("secret-token");
    expect(await send("POST", "/x", { json: { a: 1 }, once: "id" })).toEqual({ ok: 1 });
    expect(station.sent[0]).toMatchObject({ body: { a: 1 }, headers: { Authorization: "Bearer secret-token", "Hejie-Client": "page", "Idempotency-Key": "id" } });
    expect(station.sent[0]?.path).not.toContain("secret-token");
  });
  it("marks requests that no person caused", async () => {
    const station = fakeStation({ "GET /x": () => ({}) });
    personActed(0);
    await send("GET", "/x");
    personActed();
    await send("GET", "/x");
    expect(station.sent.map((call) => call.headers["Hejie-Background"])).toEqual(["1", undefined]);
    expect(actedWithin(1000)).toBe(true);
  });
  it("turns a refusal into a problem with its code, and tells of a lost session", async () => {
    fakeStation({ "GET /x": () => new Refused(423, { code: "locked" }) });
    const lost = vi.fn();
    const end = onSessionLost(lost);
    await expect(send("GET", "/x")).rejects.toMatchObject({ code: "locked", status: 423 });
    expect(lost).toHaveBeenCalledOnce();
    end();
  });
  it("says so where nothing answers", async () => {
    vi.stubGlobal("fetch", () => Promise.reject(new TypeError("failed")));
    const thrown: unknown = await send("GET", "/x").catch((error: unknown) => error);
    expect(thrown).toBeInstanceOf(ApiError);
    expect((thrown as ApiError).code).toBe(NO_ANSWER);
  });
});

describe("takeEvents", () => {
  it("takes whole events only, however they were cut", () => {
    const stream = 'event: hint\ndata: {"kind":"case","id":"甲"}\n\n: ping\n\ndata: {"kind":"sync"}\r\n\r\ndata: {"ki';
    for (let cut = 0; cut <= stream.length; cut++) {
      const first = takeEvents(stream.slice(0, cut));
      const second = takeEvents(first.rest + stream.slice(cut));
      expect([...first.hints, ...second.hints]).toEqual([{ kind: "case", id: "甲" }, { kind: "sync" }]);
      expect(second.rest).toBe('data: {"ki');
    }
  });
  it("asks for everything where a hint can't be read", () => expect(takeEvents("data: {broken\n\n").hints).toEqual([{ kind: "resync" }]));
});

describe("the draft keeper", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  const made = (put: (value: unknown) => Promise<unknown>) => {
    const said: DraftStatus[] = [];
    const remove = vi.fn(() => Promise.resolve());
    return { said, remove, keeper: new DraftKeeper({ put: (value) => put(value), remove }, (status) => said.push(status)) };
  };
  it("keeps the newest value at a pause, once", async () => {
    const put = vi.fn(() => Promise.resolve());
    const { keeper, said } = made(put);
    keeper.note("a");
    await vi.advanceTimersByTimeAsync(PAUSE_MS - 1);
    keeper.note("ab");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(put.mock.calls).toEqual([["ab"]]);
    expect(said.at(-1)).toBe("kept");
  });
  it("keeps something within seconds even if nobody pauses", async () => {
    const put = vi.fn(() => Promise.resolve());
    const { keeper } = made(put);
    for (let n = 0; n < 20; n++) {
      keeper.note(n);
      await vi.advanceTimersByTimeAsync(PAUSE_MS - 100);
    }
    expect(put.mock.calls.length).toBeGreaterThanOrEqual(2);
  });
  it("says that it failed, and tries again with the newest value", async () => {
    const put = vi.fn<(value: unknown) => Promise<unknown>>().mockRejectedValueOnce(new Error("down")).mockResolvedValue(undefined);
    const { keeper, said } = made(put);
    keeper.note("a");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(said.at(-1)).toBe("failed");
    await vi.advanceTimersByTimeAsync(10_000);
    expect(put.mock.calls).toEqual([["a"], ["a"]]);
    expect(said.at(-1)).toBe("kept");
  });
  it("never lets an older value arrive after a newer one", async () => {
    const arrived: unknown[] = [];
    let release: () => void = () => undefined;
    const put = vi.fn((value: unknown) => (value === "old" ? new Promise<void>((done) => (release = done)).then(() => void arrived.push(value)) : Promise.resolve(void arrived.push(value))));
    const { keeper } = made(put);
    keeper.note("old");
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    keeper.note("new");
    await vi.advanceTimersByTimeAsync(PAUSE_MS * 3);
    release();
    await vi.advanceTimersByTimeAsync(PAUSE_MS);
    expect(arrived).toEqual(["old", "new"]);
  });
  it("removes the draft after whatever was on its way", async () => {
    const order: string[] = [];
    const keeper = new DraftKeeper(
      { put: () => Promise.resolve().then(() => order.push("put")), remove: () => Promise.resolve(order.push("remove")) },
      () => undefined,
    );
    keeper.note("a");
    const flushed = keeper.flush();
    await keeper.discard();
    await flushed;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(order).toEqual(["put", "remove"]);
  });
});
