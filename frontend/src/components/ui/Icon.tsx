// Line icons; each stands beside a word, so each is hidden from readers.
const PATHS = {
  case: "M5 2h7l3 3v13H5zM8 9h5M8 12h5M8 15h3",
  conflict: "M3 7h11l-3-3M17 13H6l3 3",
  inbox: "M3 11l2-7h10l2 7v5H3zM3 11h4l1 2h4l1-2h4",
  people: "M7 4a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M2 16c0-3 2-5 5-5s5 2 5 5M13 5a2 2 0 1 1 0 4M14 11c2.5 0 4 2 4 5",
  table: "M3 4h14v12H3zM3 8h14M3 12h14M8 4v12",
  settings: "M10 7.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5M10 3v2M10 15v2M3 10h2M15 10h2M5 5l1.5 1.5M13.5 13.5L15 15M15 5l-1.5 1.5M6.5 13.5L5 15",
  lock: "M5 9h10v8H5zM7 9V6a3 3 0 0 1 6 0v3",
  check: "M4 10l4 4 8-8",
  clock: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 6v4l3 2",
  warn: "M10 3l8 14H2zM10 8v4M10 14v1",
  info: "M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14M10 9v5M10 6v1",
  wait: "M5 3h10M5 17h10M6 3c0 4 8 6 8 14M14 3c0 4-8 6-8 14",
  down: "M5 8l5 5 5-5",
  plus: "M10 4v12M4 10h12",
  edit: "M4 16l1-4 8-8 3 3-8 8zM11 6l3 3",
  print: "M6 8V3h8v5M5 14H3V8h14v6h-2M6 12h8v5H6z",
  cross: "M5 5l10 10M15 5L5 15",
  offline: "M3 3l14 14M6 12a6 6 0 0 1 6-2M2 9a11 11 0 0 1 4-3M9 5a11 11 0 0 1 9 4M10 16v1",
  search: "M9 3.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M13 13l4 4",
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name }: { name: IconName }) {
  return (
    <svg className="icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false">
      <path d={PATHS[name]} />
    </svg>
  );
}
