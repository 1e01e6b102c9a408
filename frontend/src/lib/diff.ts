// Marks where two texts differ, by characters as people see them (code points,
// so that rare characters stay whole).

export interface Piece {
  text: string;
  differs: boolean;
}

// The table of the exact way has a cell for each pair of characters; beyond
// this the middle is marked as one piece.
const MOST_CELLS = 1_000_000;

function push(pieces: Piece[], text: string, differs: boolean): void {
  if (text === "") return;
  const last = pieces[pieces.length - 1];
  if (last?.differs === differs) last.text += text;
  else pieces.push({ text, differs });
}

// Lengths of the longest common run of characters of each pair of tails.
function tails(a: readonly string[], b: readonly string[]): Uint16Array {
  const width = b.length + 1;
  const table = new Uint16Array((a.length + 1) * width);
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      const down = table[(i + 1) * width + j] ?? 0;
      const right = table[i * width + j + 1] ?? 0;
      table[i * width + j] = a[i] === b[j] ? (table[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(down, right);
    }
  }
  return table;
}

function middle(a: readonly string[], b: readonly string[], left: Piece[], right: Piece[]): void {
  if (a.length * b.length > MOST_CELLS || a.length === 0 || b.length === 0) {
    push(left, a.join(""), true);
    push(right, b.join(""), true);
    return;
  }
  const width = b.length + 1;
  const table = tails(a, b);
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    const x = a[i];
    const y = b[j];
    if (x !== undefined && x === y) {
      push(left, x, false);
      push(right, x, false);
      i++;
      j++;
    } else if (y === undefined || (x !== undefined && (table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0))) {
      push(left, x ?? "", true);
      i++;
    } else {
      push(right, y, true);
      j++;
    }
  }
}

/** Both texts in pieces; joined again, the pieces are the texts. */
export function compare(first: string, second: string): [Piece[], Piece[]] {
  const a = Array.from(first);
  const b = Array.from(second);
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const left: Piece[] = [];
  const right: Piece[] = [];
  const head = a.slice(0, start).join("");
  const tail = a.slice(a.length - end).join("");
  push(left, head, false);
  push(right, head, false);
  middle(a.slice(start, a.length - end), b.slice(start, b.length - end), left, right);
  push(left, tail, false);
  push(right, tail, false);
  return [left, right];
}

/** A number that differs in one figure is another number: an amount is marked whole. */
export function wholeNumbers(pieces: Piece[], text: string, field: string): Piece[] {
  if (!field.endsWith("amount_fen") || !pieces.some((piece) => piece.differs)) return pieces;
  const match = /[\d,.]+/.exec(text);
  if (!match) return pieces;
  const end = match.index + match[0].length;
  return [
    { text: text.slice(0, match.index), differs: false },
    { text: match[0], differs: true },
    { text: text.slice(end), differs: false },
  ];
}
