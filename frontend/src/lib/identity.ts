// Check digits of numbers that identify people and organisations, so that a
// slip of the pen is named beside the field. The station judges again.
import { makeDay } from "./days";

const RESIDENT_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
const RESIDENT_CHECKS = "10X98765432";
const CREDIT_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

export type IdentityProblem = "form" | "birth" | "check";

/** Resident identity number, GB 11643-1999. */
export function residentProblem(number: string): IdentityProblem | null {
  if (!/^\d{17}[\dX]$/.test(number)) return "form";
  if (!makeDay(Number(number.slice(6, 10)), Number(number.slice(10, 12)), Number(number.slice(12, 14)))) return "birth";
  const sum = RESIDENT_WEIGHTS.reduce((total, weight, at) => total + weight * Number(number[at]), 0);
  return RESIDENT_CHECKS[sum % 11] === number[17] ? null : "check";
}

/** Unified social credit code, GB 32100-2015. */
export function creditProblem(code: string): IdentityProblem | null {
  if (!/^[0-9A-HJ-NPQRTUWXY]{18}$/.test(code)) return "form";
  let sum = 0;
  for (let at = 0; at < 17; at++) sum += CREDIT_LETTERS.indexOf(code[at] ?? "") * (3 ** at % 31);
  return CREDIT_LETTERS[(31 - (sum % 31)) % 31] === code[17] ? null : "check";
}

/** Upper case and without spaces, as the numbers are compared. */
export function tidyNumber(written: string): string {
  return written.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();
}
