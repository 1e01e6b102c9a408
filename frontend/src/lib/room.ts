// How much room the window has, measured in the chosen type: what fits beside
// what at 16 px goes one below the other at 32 px. Written on the page as words
// that the style sheets ask for. (Media conditions know only the browser's own
// type size, and container conditions are not asked again when ours changes.)

const NEEDED_REM = {
  /** the rail beside the page */
  rail: 60,
  /** a row of the list in four columns */
  table: 65.5,
  /** a case with its timeline at its side */
  side: 71.5,
  /** the list and a case beside each other */
  both: 101.5,
} as const;

/** The parts that fit, for a window so many pixels wide and type so many pixels high. */
export function roomFor(width: number, size: number): string {
  return Object.entries(NEEDED_REM)
    .filter(([, rem]) => width >= rem * size)
    .map(([part]) => part)
    .join(" ");
}
