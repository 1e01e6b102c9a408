// What a village does beside the plain cases: one with everything that a case
// can hold, letters that came and went, a case that rests, leads, and the
// unit's own register. All people are invented.
import type { Api } from "./api.ts";
import type { Sample, Told } from "./samples.ts";
import { daysAgo } from "./samples.ts";

const QUESTIONS: readonly [string, boolean][] = [
  ["signed", true], ["in_time", true], ["both", true], ["right_court", true], ["scope", true], ["status", false], ["ownership", false],
];

/** Wages owed to two people; risk, care, instalments, one of them late, confirmation under way. */
export const WAGES: Told = {
  document: {
    category: "10a",
    source: "application",
    title: "尤示芹等二人与和样建筑队欠薪纠纷",
    received_at: `${daysAgo(40)}T08:40:00+08:00`,
    facts: "尤示芹、许例根在和样建筑队做工五个月，工程完工后还欠工资三万六千元。两人多次到工地讨要，曾扬言要爬塔吊。",
    claims: "一、付清所欠工资三万六千元；\n二、分期的，写明每期的日期。",
    amount_fen: 3_600_000,
    place: "大样村工地",
    tags: ["migrant_workers", "group"],
    parties: [
      { side: "applicant", kind: "person", name: "尤示芹", sex: "female", birth_date: "1958-05-02", occupation: "务工", address: "大样村2组8号", phone: "000-0000-0011", id_number: "990101195805020025", needs: ["elderly", "illiterate", "hearing"] },
      { side: "applicant", kind: "person", name: "许例根", sex: "male", birth_date: "1971-01-19", occupation: "务工", phone: "000-0000-0012" },
      { side: "respondent", kind: "organisation", name: "和样建筑队", legal_representative: "施例强", phone: "000-0000-0013" },
    ],
  } satisfies Sample,
  steps: [
    ["risk", { at: daysAgo(40), level: "orange", risks: ["petition", "suicide"], people: 2, measures: "当天派人陪同，联系派出所和综治中心" }],
    ["report-risk", { at: daysAgo(40), to: "police", name: "大样派出所", what: "讨薪人扬言爬塔吊", how: "phone" }],
    ["accept", { at: daysAgo(39) }],
    ["assign", { mediators: ["赵示和", "刘例芳"], by: "parties", at: daysAgo(39) }],
    ["notice", { at: daysAgo(39), what: "rights", notified: ["尤示芹", "许例根", "和样建筑队"], how: "read_aloud", reading: "dialect", reader: "刘例芳" }],
    ["consent", { at: daysAgo(39), purpose: "mediation", given: true, by: ["尤示芹", "许例根", "和样建筑队"], how: "written" }],
    ["assist", { at: daysAgo(39), for: "尤示芹", need: "hearing", what: "写字交谈，逐项确认", name: "刘例芳" }],
    ["proxy", { at: daysAgo(39), for: "尤示芹", name: "尤示兰", relation: "女儿", reading: "read_aloud", confirmed: "fingerprint" }],
    ["disclose", { at: daysAgo(38), mediator: "刘例芳", what: "与许例根同村" }],
    ["helper", { at: daysAgo(37), name: "戚例安", role: "experienced", consent_by: ["尤示芹", "许例根", "和样建筑队"], what: "帮助核对工时" }],
    ["start-session", { at: `${daysAgo(36)}T09:00:00+08:00`, place: "村调解室" }],
    ["end-session", { at: daysAgo(36), result: "continue", next_at: daysAgo(33), note: "核对考勤表后再谈" }],
    ["start-session", { at: `${daysAgo(33)}T14:30:00+08:00`, place: "村调解室" }],
    ["undisputed", { at: daysAgo(33), undisputed_facts: [{ fact: "做工五个月，工资每天二百四十元" }, { fact: "已付一万元" }], confirmed_by: ["尤示芹", "许例根", "和样建筑队"] }],
    [
      "agree",
      {
        form: "written",
        at: daysAgo(20),
        facts: "建筑队欠二人工资共三万六千元。",
        acceleration: true,
        terms: [
          { who: "和样建筑队", what: "支付第一期工资", amount_fen: 1_200_000, due: daysAgo(10), kind: "pay", to: "尤示芹", how: "银行转账" },
          { who: "和样建筑队", what: "支付第二期工资", amount_fen: 1_200_000, due: daysAgo(-12), kind: "pay", to: "许例根", how: "银行转账" },
          { who: "和样建筑队", what: "支付第三期工资", amount_fen: 1_200_000, due: daysAgo(-40), kind: "pay", to: "尤示芹", how: "银行转账" },
        ],
      },
    ],
    ["sign", { by: ["尤示芹", "许例根", "和样建筑队", "赵示和"], seal: true, at: daysAgo(20), how: "mixed", reading: "read_aloud", reader: "刘例芳" }],
    ["perform", { term: 1, at: daysAgo(10), amount_fen: 500_000, received_by: "尤示芹", proof: "转账回单" }],
    ["default", { term: 1, at: daysAgo(8), reason: "工程款未到" }],
    ["urge", { at: daysAgo(7), how: "visit", notified: ["和样建筑队"], note: "承诺本月补足", until: daysAgo(-5) }],
    ["follow-up", { at: daysAgo(5), how: "visit", visited: ["尤示芹"], satisfied: "fair", performed: "part", note: "盼早日付清" }],
  ],
};

/** What goes to the court: the application for confirmation. */
const APPLICATION = {
  at: daysAgo(4), by: ["尤示芹", "许例根", "和样建筑队"], materials: ["application", "agreement", "identity"],
  answers: QUESTIONS.map(([question, answer]) => ({ question, answer })),
};

/** Waits for an appraisal. */
export const RESTING: Told = {
  document: {
    category: "14",
    source: "police",
    title: "金示丰与陶例新车辆剐蹭纠纷",
    received_at: `${daysAgo(15)}T16:05:00+08:00`,
    facts: "两车在村口会车时剐蹭，双方对定损金额意见不一。",
    amount_fen: 860_000,
    place: "示范村口",
    parties: [
      { side: "applicant", kind: "person", name: "金示丰", phone: "000-0000-0021" },
      { side: "respondent", kind: "person", name: "陶例新", phone: "000-0000-0022" },
    ],
  },
  steps: [
    ["accept", { at: daysAgo(14) }],
    ["assign", { mediators: ["赵示和"], by: "committee", at: daysAgo(14) }],
    ["start-session", { at: `${daysAgo(12)}T09:00:00+08:00`, place: "村调解室" }],
    ["investigate", { at: daysAgo(11), place: "示范村口", what: "查看路口监控和车损" }],
    ["suspend", { at: daysAgo(10), reason: "appraisal", until: daysAgo(-10), note: "等待价格认定" }],
  ],
};

/** Recorded at the court or in the township, and sent to the village. */
const SENT: readonly Sample[] = [
  {
    category: "04", source: "application", title: "祝示明与裘例丽借款纠纷", received_at: `${daysAgo(9)}T09:00:00+08:00`,
    facts: "裘例丽借款两万元到期未还，祝示明到综治中心申请调解。", amount_fen: 2_000_000, place: "示范村4组",
    parties: [{ side: "applicant", kind: "person", name: "祝示明" }, { side: "respondent", kind: "person", name: "裘例丽" }],
  },
  {
    category: "02", source: "hotline", title: "邬示良与水例娟漏水纠纷", received_at: `${daysAgo(3)}T09:00:00+08:00`,
    facts: "楼上漏水，楼下吊顶损坏。", amount_fen: 180_000, place: "示范村1组",
    parties: [{ side: "applicant", kind: "person", name: "邬示良" }, { side: "respondent", kind: "person", name: "水例娟" }],
  },
];

const letter = (to: string, days: number, n: number) => ({
  at: daysAgo(days), kind: "hand_down", to, letter_no: `示综治交〔2026〕${String(n)}号`, why: "纠纷发生在贵村，请就近调解", contact: "郑例贤 000-0000-0030",
  materials: [{ name: "调解申请书", copies: 1, pages: 2, copy: "original" }, { name: "借条照片", copies: 1, pages: 1, copy: "copy" }],
});

const LEAD = { brief: "两家为晒谷场用水争吵", at: daysAgo(2), place: "示范村5组", found: "sweep", level: "yellow", finder: "刘例芳", measures: "已上门劝解" };

/** Fields of the village's register. */
const REGISTER: Readonly<Record<string, Record<string, unknown>>> = {
  members: { name: "赵示和", role: "director", sex: "male", phone: "000-0000-0001", term_start: "2024-03-01", term_end: "2027-02-28" },
  mediators: {
    name: "刘例芳", kind: "full_time", grade: "3", contact: "000-0000-0005", languages: ["普通话", "示范话"], conflicts: ["许例根"],
    leave: [{ from: daysAgo(-3), to: daysAgo(-9) }], capacity: 12,
  },
  sweeps: { day: daysAgo(2), area: "示范村5组", kind: "routine", who: "刘例芳", households: 46, found: 2, resolved: 1, note: "重点看了出租房" },
};
const MORE_MEMBERS = [{ name: "刘例芳", role: "deputy", sex: "female" }, { name: "孔例海", role: "member", sex: "male" }];

/** Every text that a person typed above. */
export const RICH_TEXTS: readonly unknown[] = [WAGES, RESTING, SENT, letter("", 0, 1), letter("", 0, 2), LEAD, REGISTER, MORE_MEMBERS];

export interface Rich {
  wages: string;
  resting: string;
  /** Handed down by the township: taken, and not yet signed for. */
  taken: string;
  waiting: string;
}

interface Stations {
  village: Api;
  town: Api;
  court: Api;
  villageCode: string;
  courtCode: string;
  /** Carries what was written between village, township and court. */
  meet: () => Promise<void>;
}

/** Writes all of it at the stations; what crosses between them meets on the way. */
export async function enrich({ village, town, court, villageCode, courtCode, meet }: Stations): Promise<Rich> {
  const told = async (api: Api, one: Told): Promise<string> => {
    const id = await api.newCase(one.document);
    for (const [step, fields] of one.steps) await api.step(id, step, fields);
    return id;
  };
  const taken = await town.newCase(SENT[0]);
  const waiting = await town.newCase(SENT[1]);
  await town.step(taken, "refer", letter(villageCode, 8, 1));
  await town.step(waiting, "refer", letter(villageCode, 1, 2));
  const resting = await told(village, RESTING);
  const wages = await told(village, WAGES);
  await village.step(wages, "confirm-apply", { ...APPLICATION, court: courtCode });
  await meet();
  await village.step(taken, "refer-receive", { at: daysAgo(7), name: "赵示和", complete: true });
  await village.step(taken, "refer-accept", { at: daysAgo(6) });
  await court.step(wages, "confirm-receive", { at: daysAgo(3), name: "吴例静" });
  await court.step(wages, "confirm-accept", { at: daysAgo(2), court_no: "（2026）示9901民特12号" });
  await village.ask("POST", "/leads", LEAD);
  for (const [part, fields] of Object.entries(REGISTER)) await village.ask("PATCH", "/register", { fields: { [`${part}.+`]: fields } });
  for (const member of MORE_MEMBERS) await village.ask("PATCH", "/register", { fields: { "members.+": member } });
  await meet();
  return { wages, resting, taken, waiting };
}
