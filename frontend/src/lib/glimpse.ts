// What of a long text is shown at a glance: all that differs from another, with
// some of the text around it; every cut is marked, so that nobody takes two
// statements for alike.
import type { Piece } from "./diff";

/** Characters up to which a text is shown whole. */
const WHOLE = 60;
/** Characters that are kept beside a difference. */
const AROUND = 12;
/** Characters of one difference that are kept at either end. */
const ENDS = 60;

export const CUT = "……";

function cut(text: string, head: number, tail: number): string {
  const all = Array.from(text);
  if (all.length <= head + tail + CUT.length) return text;
  return all.slice(0, head).join("") + CUT + (tail > 0 ? all.slice(-tail).join("") : "");
}

/** The pieces of a text as compared, shortened where they are the same. */
export function glimpse(pieces: readonly Piece[]): Piece[] {
  const length = pieces.reduce((sum, piece) => sum + Array.from(piece.text).length, 0);
  if (length <= WHOLE) return [...pieces];
  if (!pieces.some((piece) => piece.differs)) return [{ text: cut(pieces.map((piece) => piece.text).join(""), WHOLE, 0), differs: false }];
  return pieces.map((piece, at) => {
    if (piece.differs) return { text: cut(piece.text, ENDS, ENDS), differs: true };
    const first = at === 0;
    const last = at === pieces.length - 1;
    return { text: cut(piece.text, first ? AROUND * 2 : AROUND, last ? 0 : AROUND), differs: false };
  });
}
