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
