// A station of fixtures for drawing pages before or without the real one. It is
// started by hand only and never part of a build.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { CaseRow, CaseView, Draft, SetupState } from "../../src/api/types";
import { codes, table } from "./codes";
import { cases, digest, holders, notes, peers, person, repeats, rows, seats, status, sync, units } from "./fixtures";
import { steps } from "./steps";

const drafts = new Map<string, Draft>();
const words = ["山", "河", "竹", "石", "云", "田"].map((word, at) => `${word}${"桥门林泉灯船"[at]}`);
const first = (process.env["MOCK_SETUP"] ?? "ready") as SetupState["state"];
let setup: SetupState = { state: first, demo: false, unit_name: "枫源村调解委员会", seat_name: "赵示和", words, version: "0.1.0" };
let wrong = 0;

class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly more: object = {},
  ) {
    super(code);
  }
}

const file = (name: string) => ({ name, media_type: "application/octet-stream", data: "aGVqaWU=" });
const recovery = { unit_name: "枫源村调解委员会", text: "恢复单\n枫源村调解委员会\n请锁在柜子里。忘记口令或电脑丢失时，只有它能打开案卷。", code: "7K2M-94QD-XW3T-HB6N-5RVA-C8PE" };
const named = (name: string) => ({ unit: name, name, words });

function group(row: CaseRow, name: string): boolean {
  if (name === "conflicts") return row.conflicts > 0;
  if (name === "performing") return row.state.performance === "performing";
  if (name === "closed") return row.state.mediation === "closed";
  if (name === "open") return row.state.mediation !== "closed";
  return name !== "digest";
}

function listCases(query: URLSearchParams) {
  const text = query.get("query") ?? "";
  const found = rows.filter((row) => (row.title ?? "").includes(text) || (row.place ?? "").includes(text) || row.id === text);
  const shown = found.filter((row) => group(row, query.get("group") || "all"));
  const from = Number(query.get("after") || 0);
  const limit = Number(query.get("limit") || 200);
  const count = (name: string) => found.filter((row) => group(row, name)).length;
  return {
    cases: shown.slice(from, from + limit),
    ...(from + limit < shown.length ? { after: String(from + limit) } : {}),
    ...(query.get("counts") ? { counts: { all: count("all"), open: count("open"), conflicts: count("conflicts"), performing: count("performing"), closed: count("closed"), digest: 0 } } : {}),
  };
}

function caseOf(id: string): CaseView {
  const view = cases.get(id);
  if (view) return view;
  const row = rows.find((one) => one.id === id);
  const main = cases.get("c000");
  if (!row || !main) throw new Refusal(404, "not_found");
  return { ...main, id, title: row.title ?? "", category: row.category, state: row.state };
}

function sheetOf(view: CaseView, lang: string) {
  const zh = lang !== "en";
  return {
    case: view.id, title: view.title ?? "", subtitle: zh ? "案件摘要" : "Summary of the case", lang,
    sections: [
      { key: "facts", heading: zh ? "基本情况" : "Particulars", kind: "pairs", pairs: [{ label: zh ? "编号" : "Number", value: view.external_id ?? "" }, { label: zh ? "地点" : "Place", value: view.place ?? "" }] },
      { key: "parties", heading: zh ? "当事人" : "Parties", kind: "table", columns: zh ? ["身份", "姓名", "住址"] : ["Side", "Name", "Address"], rows: view.parties.map((party) => [party.side, party.name, party.address ?? ""]) },
      { key: "story", heading: zh ? "案情" : "Story", kind: "text", paragraphs: (view.facts ?? "").split("\n") },
    ],
  };
}

const by = { seat: "s-zhao", seat_name: "赵示和", unit: "u-fengyuan", unit_name: "枫源村调委会", written: "2026-11-21T01:10:00Z" };
const history = [
  { id: "o1", kind: "create", ...by },
  { id: "o2", kind: "step", step: "accept", ...by },
  { id: "o3", kind: "set", field: "amount_fen", from: 20000, to: 30000, ...by },
  { id: "o4", kind: "text", field: "facts", from: "两家东西相邻，中间原有一道土墙。", to: "两家东西相邻，中间原有一道1998年砌的土墙。", ...by, seat: "s-zheng", seat_name: "郑例贤" },
];
const conflicts = () => [...cases.values()].flatMap((view) => view.conflicts);

type Body = Record<string, unknown>;

function signIn(body: Body) {
  if (body["secret"] !== "wrong") return { token: "t", person: { ...person, seat: body["seat"] }, idle_seconds: 900, locks_in: 900 };
  if (++wrong % 3 === 0) throw new Refusal(429, "too_many_attempts", { retry_after: 20 });
  throw new Refusal(401, "wrong_secret");
}

function patch(id: string, body: Body) {
  const view = caseOf(id);
  for (const [path, value] of Object.entries(body["fields"] as Body)) {
    if (!path.includes(".")) (view as unknown as Body)[path] = value ?? undefined;
  }
  return { id, heads: ["h2"] };
}

function settle(id: string, body: Body) {
  const view = caseOf(id);
  view.conflicts = view.conflicts.filter((conflict) => conflict.field !== body["field"]);
  return { id, heads: ["h3"] };
}

type Handler = (match: string[], query: URLSearchParams, body: Body) => unknown;
const routes: [string, RegExp, Handler][] = [
  ["GET", /^\/setup$/, () => setup],
  ["POST", /^\/setup\/root$/, () => ((setup = { ...setup, state: "ready" }), { unit: "u", seat: "s", role: "admin", recovery })],
  ["POST", /^\/setup\/request$/, () => ((setup = { ...setup, state: "awaiting_certificate" }), { unit: "u", seat: "s", words, file: file("枫源村-申请.hejie"), recovery })],
  ["POST", /^\/setup\/join\/preview$/, () => ({ unit: "u", unit_name: "枫源村调解委员会", seat_name: "赵示和", roles: ["mediator"], demo: false, root: named("示例县人民法院"), parent: named("枫桥镇调解委员会") })],
  ["POST", /^\/setup\/join$/, () => ((setup = { ...setup, state: "ready" }), { unit: "u", seat: "s", role: "mediator" })],
  ["POST", /^\/setup\/recover$/, () => ({ unit: "u", seat: "s", words, file: file("恢复-申请.hejie") })],
  ["GET", /^\/codes$/, () => codes],
  ["GET", /^\/tables\/([a-z]+)$/, (match) => table(match[0] ?? "")],
  ["GET", /^\/unit-code$/, (_, query) => ({ code: query.get("code"), division: ["示例省", "示例县", "枫桥镇", "枫源村"], body: { zh: "村、社区调解委员会", en: "village or community committee" } })],
  ["GET", /^\/seats\/here$/, () => seats],
  ["POST", /^\/seats\/here$/, () => ({ unit: "u", seat: "s", words, file: file("新同事-申请.hejie") })],
  ["POST", /^\/sessions$/, (_m, _q, body) => signIn(body)],
  ["DELETE", /^\/session$/, () => undefined],
  ["PUT", /^\/session\/secret$/, () => undefined],
  ["GET", /^\/cases$/, (_, query) => listCases(query)],
  ["POST", /^\/cases$/, () => ({ id: "c000", heads: ["h"], warnings: [] })],
  ["GET", /^\/cases\/([^/]+)$/, ([id = ""]) => caseOf(id)],
  ["PATCH", /^\/cases\/([^/]+)$/, ([id = ""], _, body) => patch(id, body)],
  ["GET", /^\/cases\/([^/]+)\/steps$/, () => steps],
  ["POST", /^\/cases\/([^/]+)\/steps\/[^/]+$/, ([id = ""]) => ({ id, heads: ["h"] })],
  ["GET", /^\/cases\/([^/]+)\/history$/, () => history],
  ["GET", /^\/cases\/([^/]+)\/holders$/, () => holders],
  ["GET", /^\/cases\/([^/]+)\/repeats$/, (match) => (match[0] === "c000" ? repeats : { items: [], days: 0 })],
  ["GET", /^\/cases\/([^/]+)\/sheet$/, ([id = ""], query) => sheetOf(caseOf(id), query.get("lang") ?? "zh")],
  ["GET", /^\/cases\/([^/]+)\/notes$/, () => notes],
  ["PATCH", /^\/cases\/([^/]+)\/notes$/, ([id = ""], _, body) => (Object.assign(notes, body["fields"]), { id, heads: ["n2"] })],
  ["POST", /^\/cases\/([^/]+)\/settle$/, ([id = ""], _, body) => settle(id, body)],
  ["GET", /^\/conflicts$/, () => ({ conflicts: conflicts(), may_settle: ["c001"] })],
  ["GET", /^\/drafts$/, () => [...drafts.values()].map(({ name, saved_at }) => ({ name, saved_at }))],
  ["GET", /^\/drafts\/(.+)$/, ([name = ""]) => drafts.get(name) ?? refuse(404, "not_found")],
  ["PUT", /^\/drafts\/(.+)$/, ([name = ""], _, body) => (drafts.set(name, { name, saved_at: new Date().toISOString(), value: body["value"] }), { name, saved_at: new Date().toISOString() })],
  ["DELETE", /^\/drafts\/(.+)$/, ([name = ""]) => void drafts.delete(name)],
  ["GET", /^\/sync$/, () => sync],
  ["POST", /^\/sync$/, () => ({ peer: "枫桥镇", sent: 3, received: 12, bytes_sent: 900, bytes_received: 4000, round_trips: 3, refused: 0, in_step: true, seconds: 0.4 })],
  ["GET", /^\/peers$/, () => peers],
  ["PUT", /^\/peers$/, () => peers],
  ["GET", /^\/units$/, () => units],
  ["GET", /^\/status$/, () => status],
  ["POST", /^\/verify$/, () => ({ operations: status.operations, bad: [] })],
  ["POST", /^\/rebuild$/, () => ({ records: status.records, seconds: 1.2 })],
  ["POST", /^\/enrol\/preview$/, () => ({ kind: "unit", unit: "u-new", unit_code: "990101001002-tw", unit_name: "彩仙村调解委员会", seat_name: "孙样安", roles: ["mediator"], words, taken: false })],
  ["POST", /^\/enrol$/, () => ({ unit: "u-new", seat: "s", issuer: "枫源村", file: file("彩仙村-证书.hejie"), root: named("示例县人民法院"), parent: named("枫源村调解委员会") })],
];

function refuse(code: number, name: string): never {
  throw new Refusal(code, name);
}

function answer(response: ServerResponse, code: number, body: unknown) {
  response.writeHead(body === undefined ? 204 : code, { "Content-Type": code >= 400 ? "application/problem+json" : "application/json" });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const text = Buffer.concat(pieces).toString("utf8");
  return text === "" ? {} : (JSON.parse(text) as Body);
}

async function handle(request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? "/", "http://mock");
  const path = decodeURIComponent(url.pathname.replace(/^\/api\/v1/, ""));
  if (path === "/events") {
    response.writeHead(200, { "Content-Type": "text/event-stream" });
    response.write(`data: ${JSON.stringify({ kind: "alive" })}\n\n`);
    return;
  }
  if (path === "/session" && request.method === "GET") {
    const signedIn = request.headers.authorization !== undefined || process.env["MOCK_IN"] === "1";
    if (signedIn) answer(response, 200, { person, idle_seconds: 900, locks_in: 900 });
    else answer(response, 401, { code: "not_signed_in" });
    return;
  }
  for (const [method, pattern, run] of routes) {
    const match = pattern.exec(path);
    if (!match || method !== request.method) continue;
    try {
      answer(response, 200, run(match.slice(1), url.searchParams, await bodyOf(request)));
    } catch (thrown) {
      if (!(thrown instanceof Refusal)) throw thrown;
      answer(response, thrown.status, { code: thrown.code, ...thrown.more });
    }
    return;
  }
  answer(response, 404, { code: "not_found" });
}

export function start(port: number): void {
  cases.set(digest.id, digest);
  createServer((request, response) => void handle(request, response)).listen(port, "127.0.0.1", () => process.stdout.write(`mock station on http://127.0.0.1:${port}\n`));
}
