// Obviously fictional people and cases, enough of them to draw every page.
import type { CaseRow, CaseView, Holder, Next, NotesView, Partner, Peer, Person, RepeatList, SeatHere, Status, SyncState, Unit } from "../../src/api/types";

export const UNIT = "u-fengyuan";
export const TOWN = "u-fengqiao";
export const COURT = "u-court";
const zhao = { seat: "s-zhao", seat_name: "赵示和", unit: UNIT, unit_name: "枫源村调委会" };
const zheng = { seat: "s-zheng", seat_name: "郑例贤", unit: TOWN, unit_name: "枫桥镇调委会" };

export const person: Person = {
  seat: zhao.seat, seat_name: zhao.seat_name, roles: ["mediator", "admin"], unit: UNIT, unit_code: "990101001001-tw", unit_name: "枫源村调解委员会", demo: false,
  rules: { tree: 1, known: 1 },
  abilities: ["add_seat", "enrol", "export", "import", "names", "new_case", "settle"],
};

export const seats: SeatHere[] = [
  { seat: zhao.seat, seat_name: zhao.seat_name, roles: ["mediator", "admin"] },
  { seat: "s-liu", seat_name: "刘例芳", roles: ["mediator"] },
];

const day = (n: number) => `2026-${String(Math.max(1, 11 - Math.floor(n / 28))).padStart(2, "0")}-${String(28 - (n % 28)).padStart(2, "0")}`;

const main: CaseView = {
  id: "c000", state: { mediation: "mediating", performance: "none", confirmation: "none", referral: "none" }, unit: UNIT, unit_name: "枫源村调解委员会", access: "full",
  category: "02", source: "application", external_id: "（2026）枫源人调字第7号", title: "李大样与王小例墙界纠纷", received_at: "2026-11-19T09:20:00+08:00",
  facts: "两家东西相邻，中间原有一道1998年砌的土墙，墙西侧有李家屋檐滴水沟约40厘米。11月5日王小例拆除旧墙，在偏西位置开挖新围墙地基，长约12米。李大样认为新地基向自家一侧移了约25厘米，占了滴水沟。\n王小例认为旧墙年久外鼓，新墙是按原来的墙根砌的。",
  claims: "一、停止占用滴水沟砌墙，按原墙中心线退回；\n二、保证屋檐滴水排水畅通；\n三、赔偿被挖断的排水瓦管损失300元。",
  amount_fen: 30000, place: "枫源村3组", tags: ["elderly"], mediators: ["赵示和", "刘例芳"], assigned_by: "committee",
  meetings: [{ id: "m1", at: "2026-11-21T09:00:00+08:00", place: "纠纷现场" }],
  parties: [
    { id: "p1", side: "applicant", kind: "person", name: "李大样", sex: "male", birth_date: "1956-02-11", occupation: "务农", address: "枫源村3组12号", needs: ["elderly", "vision"], agent: { name: "李小样", kind: "relative", authority: "general" } },
    { id: "p2", side: "respondent", kind: "person", name: "王小例𬘭", sex: "male", birth_date: "1963-08-03", occupation: "务农", address: "枫源村3组13号", phone: "000-0000-0002", id_kind: "resident", id_number: "11010519491231002X" },
  ],
  events: [
    { id: "e1", step: "accept", track: "mediation", at: "2026-11-20", standing: "stands", ...zhao, written: "2026-11-20T01:10:00Z" },
    { id: "e2", step: "assign", track: "mediation", at: "2026-11-20", standing: "stands", fields: { mediators: ["赵示和", "刘例芳"], by: "committee" }, ...zheng, written: "2026-11-20T02:10:00Z" },
    { id: "e3", step: "start-session", track: "mediation", at: "2026-11-21T09:00:00+08:00", standing: "stands", fields: { place: "纠纷现场" }, ...zhao, written: "2026-11-21T01:10:00Z" },
  ],
  conflicts: [], heads: ["h1"], updated_at: "2026-11-21T01:10:00Z",
  also_written: [{ field: "place", values: [{ value: "枫源村三组老井旁", ...zheng, written: "2026-11-21T03:00:00Z" }] }],
};

const decided = {
  decider: ["mediator", "director", "judge", zhao.unit, zheng.unit], heads: ["h1"],
  decides: { zh: "承办单位、其指导站或者收到本案的单位的调解员、主任、法官", en: "A mediator, director or judge of the unit that owns the case, its station, or a unit that was given it" },
  because: "apart", why: { zh: "两处互不知情时各写了一次，内容不同", en: "two people wrote it differently while neither knew of the other" },
};

const ended = { because: "agreed_or_ended", why: { zh: "一方达成或者履行协议，另一方已终止", en: "one desk has an agreement, the other ended mediation" } };

const contested: CaseView = {
  ...main, id: "c001", title: "康示然与天里农资经营部农资纠纷", category: "05", external_id: "FQ-000001", amount_fen: 1670300, tags: [], also_written: [],
  facts: "康示然在枫桥镇天里农资经营部购买了水稻除草剂，按说明使用后，约3亩秧苗发黄。农技站到田里看过，认为可能是药害。", claims: "请求赔偿秧苗损失和补种费用。", place: "新择湖村",
  conflicts: [
    { case: "c001", title: "康示然与天里农资经营部农资纠纷", field: "amount_fen", kind: "field", ...decided, values: [
      { value: 1670300, ...zhao, written: "2026-11-18T08:20:00Z" }, { value: 1240000, ...zheng, written: "2026-11-19T01:05:00Z" }] },
    { case: "c001", title: "康示然与天里农资经营部农资纠纷", field: "claims", kind: "field", ...decided, values: [
      { value: "请求赔偿秧苗损失和补种费用。", ...zhao, written: "2026-11-18T08:20:00Z" }, { value: "请求赔偿秧苗损失、补种费用，并由农技站出具说明。", ...zheng, written: "2026-11-19T01:05:00Z" }] },
    { case: "c001", title: "康示然与天里农资经营部农资纠纷", field: "lifecycle.mediation", kind: "step", ...decided, ...ended, values: [
      { value: { id: "e4", step: "agree", form: "written", at: "2026-11-20" }, ...zhao, written: "2026-11-20T08:20:00Z" }, { value: { id: "e5", step: "terminate", reason: "refused", at: "2026-11-20" }, ...zheng, written: "2026-11-20T09:05:00Z" }] },
  ],
  unknown: [{ id: "u1", path: "seals", raw: "a301186302816574", ...zhao, why: "kind", written: "2026-11-20T09:30:00Z" }],
};

const agreed: CaseView = {
  ...main, id: "c002", title: "诸葛例霞与东一美容店预付卡纠纷", category: "12b", state: { mediation: "effective", performance: "performing", confirmation: "none", referral: "none" }, also_written: [],
  agreement: {
    form: "written", at: "2026-11-16T15:00:00+08:00", sealed: true, signed_by: ["诸葛例霞", "赵示和"], missing: ["东一美容店"],
    terms: [
      { id: "t1", n: 1, who: "东一美容店", what: "退还预付卡余额", amount_fen: 236050, due: "2026-12-01" },
      { id: "t2", n: 2, who: "诸葛例霞", what: "交还会员卡", due: "2026-11-20", performed_at: "2026-11-18" },
    ],
  },
};

export const digest: CaseView = {
  id: "c003", state: { mediation: "mediating", performance: "none", confirmation: "none", referral: "none" }, unit: TOWN, unit_name: "枫桥镇调委会", access: "digest",
  category: "08", source: "court", digest: { month_received: "2026-11", amount_band: "10000-50000", counts: { parties: 2, terms: 0 } }, parties: [], events: [], conflicts: [], heads: ["h"], updated_at: "2026-11-21T01:10:00Z",
};

export const cases = new Map<string, CaseView>([main, contested, agreed, digest].map((view) => [view.id, view]));

const nexts: (Next | undefined)[] = [
  { code: "agree", tone: "due" }, { code: "settle", tone: "waiting" }, { code: "wait_performance", tone: "plain" }, { code: "start-session", tone: "plain" },
  { code: "accept", tone: "overdue" }, { code: "close", tone: "done" },
];
const names = ["武例庆与何样宇补偿分配", "程示燚与彩仙生态养殖场臭气", "郭例海等9人与罗样刚欠薪", "彭示秀与薛例文噪声油烟", "卢样华与常例涛犬只伤人", "江例万与廖示芳赡养"];
const categories = ["08", "09", "10a", "02", "06", "01"];
const stages = ["assigned", "submitted", "effective", "mediating", "agreed", "closed"];

export const rows: CaseRow[] = [
  ...[main, contested, agreed].map((view, at): CaseRow => ({
    id: view.id, state: view.state, category: view.category ?? "", title: view.title ?? "", unit: view.unit, unit_name: view.unit_name,
    received_on: day(9 + at), updated_at: view.updated_at, conflicts: view.conflicts.length, place: view.place ?? "", tags: view.tags ?? [], next: nexts[at],
  })),
  ...Array.from({ length: 1200 }, (_, n): CaseRow => ({
    id: `x${n}`, state: { mediation: stages[n % 6] ?? "", performance: n % 6 === 2 ? "performing" : "none", confirmation: "none", referral: "none" }, category: categories[n % 6] ?? "99",
    title: `${names[n % 6]}纠纷`, unit: UNIT, unit_name: "枫源村调解委员会", received_on: day(12 + Math.floor(n / 5)), updated_at: "2026-11-20T00:00:00Z", conflicts: 0,
    place: ["新择湖村", "彩仙村", "大悟村", "枫源村1组", "栎桥村", "杜黄新村"][n % 6] ?? "", tags: n % 6 === 4 ? ["elderly"] : n % 6 === 2 ? ["group"] : [], next: nexts[(n + 3) % 6],
  })),
];

export const holders: Holder[] = [
  { unit: UNIT, unit_name: "枫源村", extent: "full", here: true },
  { unit: TOWN, unit_name: "枫桥镇", extent: "full", received_at: "2026-11-23T02:42:00Z" },
  { unit: COURT, unit_name: "县法院", extent: "digest", waiting: 1 },
];

export const repeats: RepeatList = {
  days: 0,
  items: [
    {
      case: "x7", like: "dispute", ground: "same_number", ground_label: { zh: "证件号码相同", en: "same id number" }, people: 2, unit: UNIT, unit_name: "枫源村调解委员会", category: "02",
      received_on: day(40), state: { mediation: "closed", performance: "performed", confirmation: "none", referral: "none" }, title: "排水沟纠纷", names: ["李大样", "王小例"],
    },
  ],
};

export const partners: Partner[] = [
  { unit: TOWN, unit_name: "枫桥镇", relation: "parent", in_step_at: "2026-11-23T02:42:00Z", checked_at: "2026-11-23T02:42:00Z", received_at: "2026-11-23T02:42:00Z", waiting: 0, reachable: true },
  { unit: COURT, unit_name: "县法院", relation: "ancestor", waiting: 3, reachable: false },
];

export const sync: SyncState = { saved: true, road: "network", running: false, unsent: 3, partners, rules: { tree: 1, known: 1 } };
export const units: Unit[] = [
  { unit: UNIT, code: "990101001001-tw", name: "枫源村调解委员会", body: "tw", parent: TOWN, own: true },
  { unit: TOWN, code: "990101001000-zt", name: "枫桥镇调解委员会", body: "zt", parent: COURT },
  { unit: COURT, code: "990101000000-fy", name: "示例县人民法院", body: "fy" },
];
export const peers: Peer[] = [{ unit: TOWN, unit_name: "枫桥镇", addresses: ["https://town.example:7443"], found: ["/ip4/192.0.2.7/udp/7000/quic-v1/p2p/12D3KooExample"] }];
export const status: Status = {
  operations: 5321, records: 1203, conflicts: 3, late: 0, waiting: 0, refused: 0, newer: 0, unsent: 3, owed: 1, peers: partners, unit: UNIT, unit_code: "990101001001-tw", unit_name: "枫源村调解委员会",
  demo: false, version: "0.1.0", clock: "2026-11-23T10:45:00+08:00", pack_bytes: 48_300_000, free_bytes: 81_000_000_000, listening: ["http://127.0.0.1:4180"], rules: { tree: 1, known: 1 }, wrong: [],
};
export const notes: NotesView = { id: "n1", case: "c000", unit: UNIT, minutes: "李大样说旧墙中心线有老界石。", proposals: "退回中心线，瓦管由王小例换。", sessions: [], heads: ["n"], updated_at: "2026-11-21T01:10:00Z" };
