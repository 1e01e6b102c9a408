// What covers the middle of numbers and addresses on a page that others may
// see. The station masks by the same forms for who does not work on the case.

const COVER = "*";
const LEAST_COVERED = 2;

// All characters but the first and last ones are covered; signs between them
// stay. What is too short to leave anything in sight is covered whole.
function middle(text: string, first: number, last: number): string {
  const counted = (one: string) => /[\p{L}\p{N}]/u.test(one);
  const all = Array.from(text);
  const n = all.filter(counted).length;
  const short = n < first + last + LEAST_COVERED;
  let at = 0;
  return all
    .map((one) => {
      if (!counted(one)) return one;
      const shown = !short && (at < first || at >= n - last);
      at += 1;
      return shown ? one : COVER;
    })
    .join("");
}

/** 110105********002X; of another number its first and last two characters. */
export function maskId(number: string): string {
  const length = Array.from(number.replace(/\s/g, "")).length;
  if (length === 18) return middle(number, 6, 4);
  return length === 15 ? middle(number, 6, 3) : middle(number, 2, 2);
}

/** 138****5678; of a short number its last two digits. */
export function maskPhone(number: string): string {
  return (number.match(/\p{N}/gu) ?? []).length < 10 ? middle(number, 0, 2) : middle(number, 3, 4);
}

const COVERED = COVER.repeat(4);

/** The township of an address, else its county or city. */
export function maskAddress(address: string): string {
  for (const part of [/^.{1,40}?(街道|苏木|乡|镇)/u, /^.{1,30}?(自治县|自治旗|县|区|旗)/u, /^.{1,20}?(市|自治州|州|盟|省|自治区)/u]) {
    const found = part.exec(address);
    if (found) return found[0] + COVERED;
  }
  return address === "" ? "" : COVERED;
}

/** y***@example.invalid; of a number what maskPhone leaves. */
export function maskElectronic(to: string): string {
  if (!/\p{L}/u.test(to)) return maskPhone(to);
  const [name = "", ...host] = to.split("@");
  const letters = Array.from(name);
  return (letters.length > 1 ? (letters[0] ?? "") : "") + COVER.repeat(3) + (host.length > 0 ? `@${host.join("@")}` : "");
}
