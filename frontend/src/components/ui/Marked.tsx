import type { Piece } from "../../lib/diff";

/** A text with its differing characters marked. */
export function Marked({ pieces }: { pieces: readonly Piece[] }) {
  return (
    <>
      {pieces.map((piece, at) => (piece.differs ? <mark key={at}>{piece.text}</mark> : <span key={at}>{piece.text}</span>))}
    </>
  );
}
