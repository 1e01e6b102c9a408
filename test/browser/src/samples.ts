// Invented people and their disputes, and how far each has come.

const DAY_MS = 24 * 3600 * 1000;
const BEIJING_MS = 8 * 3600 * 1000;

/** The Beijing day so many days before today. */
export function daysAgo(days: number): string {
  return new Date(Date.now() + BEIJING_MS - days * DAY_MS).toISOString().slice(0, 10);
}

export interface Party {
  side: string;
  kind: string;
  name: string;
  [field: string]: unknown;
}

export interface Sample {
  category: string;
  source: string;
  title: string;
  received_at: string;
  facts: string;
  claims?: string;
  amount_fen?: number;
  place?: string;
  tags?: string[];
  external_id?: string;
  parties: Party[];
}

export interface Told {
  document: Sample;
  /** Steps taken, in their order. */
  steps: [string, Record<string, unknown>][];
}

const person = (side: string, name: string, more: Record<string, unknown> = {}): Party => ({ side, kind: "person", name, ...more });
const body = (side: string, name: string, more: Record<string, unknown> = {}): Party => ({ side, kind: "organisation", name, ...more });

const accepted = (days: number): [string, Record<string, unknown>] => ["accept", { at: daysAgo(days) }];
const assigned = (days: number): [string, Record<string, unknown>] => ["assign", { mediators: ["赵示和", "刘例芳"], by: "committee", at: daysAgo(days) }];
const met = (days: number, place: string): [string, Record<string, unknown>] => ["start-session", { at: `${daysAgo(days)}T09:00:00+08:00`, place }];

export const WALL: Told = {
  document: {
    category: "02",
    source: "application",
    external_id: "（2026）示范人调字第7号",
    title: "李大样与王小例墙界纠纷",
    received_at: `${daysAgo(6)}T10:00:00+08:00`,
    facts:
      "两家东西相邻，中间原有一道1998年砌的土墙，墙西侧有李家屋檐滴水沟约40厘米。王小例拆除旧墙，在偏西位置开挖新围墙地基，长约12米。李大样认为新地基向自家一侧移了约25厘米，占了滴水沟，下雨时屋檐水会排到墙根。\n王小例认为旧墙年久外鼓，新墙是按原来的墙根砌的。",
    claims: "一、停止占用滴水沟砌墙，按原墙中心线退回；\n二、保证屋檐滴水排水畅通；\n三、赔偿被挖断的排水瓦管损失300元。",
    amount_fen: 30_000,
    place: "示范村3组",
    tags: ["elderly"],
    parties: [
      person("applicant", "李大样", { sex: "male", birth_date: "1956-02-11", occupation: "务农", address: "示范村3组12号", needs: ["elderly", "vision"] }),
      person("respondent", "王小例", { sex: "male", birth_date: "1963-08-03", occupation: "务农", address: "示范村3组13号", phone: "000-0000-0002" }),
    ],
  },
  steps: [accepted(5), assigned(5), met(3, "纠纷现场")],
};

export const SEEDS: Told = {
  document: {
    category: "05",
    source: "application",
    title: "康示然与天里农资经营部农资纠纷",
    received_at: `${daysAgo(8)}T13:07:00+08:00`,
    facts: "康示然购买了水稻除草剂，按说明使用后，约3亩秧苗发黄。农技站到田里看过，认为可能是药害，也不排除与低温有关。",
    claims: "请求赔偿秧苗损失和补种费用。",
    amount_fen: 1_670_300,
    place: "新样湖村",
    parties: [person("applicant", "康示然", { sex: "male", phone: "000-0000-0004" }), body("respondent", "天里农资经营部", { legal_representative: "康例喆" })],
  },
  steps: [accepted(7), assigned(7)],
};

const short = (days: number, category: string, title: string, place: string, one: Party, other: Party, facts: string, more: Partial<Sample> = {}): Sample => ({
  category,
  source: "application",
  title,
  received_at: `${daysAgo(days)}T09:20:00+08:00`,
  facts,
  place,
  parties: [one, other],
  ...more,
});

const agreement = (days: number, who: string): [string, Record<string, unknown>] => [
  "agree",
  {
    form: "written",
    at: daysAgo(days),
    terms: [
      { who, what: "支付第一期款项", amount_fen: 1_000_000, due: daysAgo(-10) },
      { who, what: "支付第二期款项", amount_fen: 500_000, due: daysAgo(-40) },
    ],
  },
];

export const OTHERS: readonly Told[] = [
  { document: short(1, "01", "江示万与廖例芳赡养纠纷", "杜样新村", person("applicant", "江示万", { needs: ["elderly"] }), person("respondent", "廖例芳"), "江示万与女儿就每月赡养费和照料安排意见不一。", { tags: ["elderly"], source: "court" }), steps: [] },
  { document: short(3, "08", "武示庆与何例宇补偿分配纠纷", "新样湖村", person("applicant", "武示庆"), person("respondent", "何例宇"), "兄弟二人对一块自留地的征用补偿款如何分配意见不一。", { amount_fen: 3_579_000 }), steps: [accepted(2), assigned(2), met(1, "调解室")] },
  { document: short(4, "07", "程示燚与彩例生态养殖场臭气纠纷", "彩样村", person("applicant", "程示燚"), body("respondent", "彩例生态养殖场"), "养殖场夏季臭气重，附近十二户联名要求整改。", { tags: ["group"] }), steps: [accepted(4)] },
  { document: short(12, "12b", "诸葛例霞与东样美容店预付卡纠纷", "东样村", person("applicant", "诸葛例霞"), body("respondent", "东样美容店"), "美容店停业前收取的预付款尚余大半未消费。", { amount_fen: 1_500_000 }), steps: [accepted(11), assigned(11), met(8, "调解室"), agreement(6, "东样美容店")] },
  {
    document: short(20, "06", "郭示海与罗例刚欠薪纠纷", "大样村", person("applicant", "郭示海"), person("respondent", "罗例刚"), "罗例刚承包的工程完工后拖欠郭示海工资。", { amount_fen: 1_500_000, tags: ["migrant_workers"] }),
    steps: [accepted(19), assigned(19), met(16, "调解室"), agreement(15, "罗例刚"), ["sign", { by: ["郭示海", "罗例刚", "赵示和"], seal: true, at: daysAgo(15) }]],
  },
  {
    document: short(30, "02", "彭例秀与薛示文噪声油烟纠纷", "示范村1组", person("applicant", "彭例秀"), person("respondent", "薛示文"), "薛示文的小饭店油烟和夜间噪声影响楼上。"),
    steps: [
      accepted(29), assigned(29), met(27, "调解室"),
      ["agree", { form: "oral", at: daysAgo(25), terms: [{ who: "薛示文", what: "加装油烟净化器，晚上十点后停业", due: daysAgo(12) }] }],
      ["perform", { term: 1, at: daysAgo(12), proof: "已到现场查看" }],
      ["close", { at: daysAgo(10) }],
    ],
  },
  { document: short(35, "04", "卢例华与常示涛犬只伤人纠纷", "栎样村", person("applicant", "卢例华"), person("respondent", "常示涛"), "常示涛的狗未拴绳，咬伤卢例华小腿。", { amount_fen: 280_000 }), steps: [accepted(34), assigned(34), met(32, "调解室"), ["terminate", { reason: "withdrawn", at: daysAgo(28) }]] },
];

/** What village and township took for the next step of the second case above, apart. */
export const CONTESTED: Readonly<Record<"village" | "town", [string, Record<string, unknown>]>> = {
  village: ["agree", { form: "oral", at: daysAgo(0), terms: [{ who: "何例宇", what: "分给武示庆一半补偿款", amount_fen: 1_789_500, due: daysAgo(-14) }] }],
  town: ["terminate", { reason: "withdrawn", at: daysAgo(0) }],
};
