// Money as people write it. Amounts are whole fen from end to end: the digits
// are moved as text, never multiplied as floating-point numbers.

/** The most that a case document takes, in fen. */
export const MOST_FEN = 100_000_000_000_000;

export type MoneyProblem = "empty" | "unreadable" | "negative" | "fraction" | "much";
export type MoneyResult = { ok: true; fen: number } | { ok: false; problem: MoneyProblem };

const FEN_DIGITS = 2;
const WAN_DIGITS = 4;
const YI_DIGITS = 8;

/** Reads 16,703.50, ¥300, 1.2万, 3万元 as fen. */
export function readMoney(written: string): MoneyResult {
  const text = written.normalize("NFKC").replace(/[\s,']/g, "").replace(/^(?:¥|rmb|cny)/i, "").replace(/(?:元|圆|块|yuan|rmb|cny)整?$/i, "");
  if (text === "") return { ok: false, problem: "empty" };
  const match = /^(-?)(\d+)(?:\.(\d*))?(万|亿)?$/.exec(text);
  if (!match) return { ok: false, problem: "unreadable" };
  const [, minus, whole = "", fraction = "", unit] = match;
  if (minus && /[1-9]/.test(whole + fraction)) return { ok: false, problem: "negative" };
  const places = FEN_DIGITS + (unit === "万" ? WAN_DIGITS : unit === "亿" ? YI_DIGITS : 0);
  if (/[1-9]/.test(fraction.slice(places))) return { ok: false, problem: "fraction" };
  const digits = (whole + fraction.slice(0, places).padEnd(places, "0")).replace(/^0+(?=\d)/, "");
  if (digits.length > String(MOST_FEN).length || Number(digits) > MOST_FEN) return { ok: false, problem: "much" };
  return { ok: true, fen: Number(digits) };
}

/** Writes fen as yuan: 16,703 or 16,703.50. */
export function writeMoney(fen: number): string {
  const digits = String(Math.abs(fen)).padStart(FEN_DIGITS + 1, "0");
  const whole = digits.slice(0, -FEN_DIGITS).replace(/\B(?=(\d{3})+$)/g, ",");
  const rest = digits.slice(-FEN_DIGITS);
  return (fen < 0 ? "-" : "") + whole + (rest === "00" ? "" : `.${rest}`);
}

const FIGURES = "零壹贰叁肆伍陆柒捌玖";
const PLACES = ["", "拾", "佰", "仟"];
const GROUPS = ["", "万", "亿", "万亿"];

// Four figures: 6703 is 陆仟柒佰零叁; zeros within say one 零, at the end none.
function groupWords(group: string): string {
  let words = "";
  Array.from(group).forEach((figure, at) => {
    const value = Number(figure);
    if (value === 0) words += words.endsWith("零") ? "" : "零";
    else words += (FIGURES[value] ?? "") + (PLACES[group.length - 1 - at] ?? "");
  });
  return words.replace(/零$/, "");
}

/** Writes fen in the capitals of bills and agreements: 壹万陆仟柒佰零叁元伍角. */
export function capitalMoney(fen: number): string {
  const digits = String(fen).padStart(FEN_DIGITS + 1, "0");
  const whole = digits.slice(0, -FEN_DIGITS).replace(/^0+/, "");
  const groups = whole === "" ? [] : (whole.padStart(Math.ceil(whole.length / WAN_DIGITS) * WAN_DIGITS, "0").match(/\d{4}/g) ?? []);
  let yuan = "";
  groups.forEach((group, at) => {
    const words = groupWords(group);
    if (words === "") {
      if (yuan !== "" && !yuan.endsWith("零")) yuan += "零";
    } else yuan += words + (GROUPS[groups.length - 1 - at] ?? "");
  });
  yuan = yuan.replace(/^零+/, "").replace(/零+/g, "零").replace(/零$/, "");
  const jiao = Number(digits.slice(-2, -1));
  const last = Number(digits.slice(-1));
  const parts = (jiao > 0 ? `${FIGURES[jiao] ?? ""}角` : last > 0 && yuan !== "" ? "零" : "") + (last > 0 ? `${FIGURES[last] ?? ""}分` : "");
  if (yuan === "" && parts === "") return "零元整";
  return (yuan === "" ? "" : `${yuan}元`) + (parts === "" ? "整" : last > 0 ? parts : `${parts}整`);
}
