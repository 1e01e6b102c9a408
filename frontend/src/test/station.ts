// A station for tests: answers by method and path, remembers what was sent.
import { vi } from "vitest";

export interface Sent {
  method: string;
  path: string;
  body: unknown;
  headers: Record<string, string>;
}

type Answer = (sent: Sent) => unknown;

/** An answer that says no. */
export class Refused {
  constructor(
    readonly status: number,
    readonly problem: object,
  ) {}
}

export function fakeStation(answers: Record<string, Answer>): { sent: Sent[]; of: (key: string) => Sent[] } {
  const sent: Sent[] = [];
  vi.stubGlobal(
    "fetch",
    vi.fn(async (url: string, init: RequestInit = {}) => {
      if (init.body !== undefined && typeof init.body !== "string") throw new Error("only strings may be sent");
      const path = url.replace("/api/v1", "").replace(/\?.*/, "");
      const call: Sent = {
        method: init.method ?? "GET",
        path: decodeURIComponent(path),
        body: typeof init.body === "string" ? JSON.parse(init.body) : undefined,
        headers: init.headers as Record<string, string>,
      };
      sent.push(call);
      const answer = answers[`${call.method} ${call.path}`]?.(call) ?? new Refused(404, { code: "not_found" });
      if (answer instanceof Refused) return new Response(JSON.stringify(answer.problem), { status: answer.status });
      return new Response(JSON.stringify(answer), { status: 200 });
    }),
  );
  return { sent, of: (key) => sent.filter((call) => `${call.method} ${call.path}` === key) };
}
