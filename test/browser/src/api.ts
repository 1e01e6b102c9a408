// The station's API as a test uses it to prepare what a page then shows.
import type { Station } from "./station.ts";
import { SECRET } from "./station.ts";

function uuidv7(): string {
  const time = Date.now().toString(16).padStart(12, "0");
  const rest = crypto.randomUUID().slice(15);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${rest}`;
}

/** Somebody signed in, beside any browser. */
export class Api {
  private constructor(
    private readonly base: string,
    private readonly token: string,
  ) {}

  /** Signs in as the seat of this name, or the only one. */
  static async signIn(station: Station, name?: string, secret = SECRET): Promise<Api> {
    const open = new Api(`${station.address}api/v1`, "");
    const seats = await open.ask<{ seat: string; seat_name: string }[]>("GET", "/seats/here");
    const seat = seats.find((one) => name === undefined || one.seat_name === name);
    if (!seat) throw new Error(`nobody called ${String(name)} can sign in`);
    const { token } = await open.ask<{ token: string }>("POST", "/sessions", { seat: seat.seat, secret });
    return new Api(open.base, token);
  }

  async ask<T>(method: string, at: string, json?: unknown): Promise<T> {
    const answer = await this.send(method, at, json);
    if (!answer.ok) throw new Error(`${method} ${at}: ${answer.status} ${await answer.text()}`);
    return (answer.status === 204 ? undefined : await answer.json()) as T;
  }

  /** Sends without judging the answer. */
  send(method: string, at: string, json?: unknown): Promise<Response> {
    const headers: Record<string, string> = { "Hejie-Client": "test" };
    if (this.token !== "") headers["Authorization"] = `Bearer ${this.token}`;
    const write = method !== "GET";
    if (write) headers["Idempotency-Key"] = uuidv7();
    if (json !== undefined) headers["Content-Type"] = "application/json";
    return fetch(`${this.base}${at}`, { method, headers, ...(json === undefined ? {} : { body: JSON.stringify(json) }) });
  }

  async newCase(document: unknown): Promise<string> {
    return (await this.ask<{ id: string }>("POST", "/cases", document)).id;
  }

  async step(id: string, step: string, fields: Record<string, unknown>): Promise<void> {
    await this.ask("POST", `/cases/${id}/steps/${step}`, { fields });
  }

  async set(id: string, fields: Record<string, unknown>): Promise<void> {
    const { heads } = await this.ask<{ heads: string[] }>("GET", `/cases/${id}`);
    await this.ask("PATCH", `/cases/${id}`, { base: heads, fields });
  }

  async sync(peer: string): Promise<{ in_step: boolean; sent: number; received: number }> {
    return this.ask("POST", "/sync", { peer });
  }
}
