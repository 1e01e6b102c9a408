// How strong a secret is, said in words while it is chosen.

/** The least that the station takes, in characters. */
export const LEAST_SECRET = 8;

export type Strength = "short" | "weak" | "fair" | "strong";

const COMMON = /^(?:password|passw0rd|12345678\d*|87654321|11111111|00000000|qwertyui.*|abcd1234|a1234567\d*|88888888|66666666)$/i;

export function strengthOf(secret: string): Strength {
  const letters = Array.from(secret);
  if (letters.length < LEAST_SECRET) return "short";
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^\x00-\x7f]/, /[^a-zA-Z\d\s]/].filter((kind) => kind.test(secret)).length;
  const different = new Set(letters).size;
  if (COMMON.test(secret) || different < 5) return "weak";
  if (/^\d+$/.test(secret)) return letters.length >= 14 ? "fair" : "weak";
  if (letters.length >= 14 && different >= 9) return "strong";
  return kinds >= 3 && letters.length >= 10 ? "strong" : "fair";
}
