import type { ReactNode } from "react";

/** Pairs of a name and what stands there; pairs without anything are left out. */
export function Facts({ rows }: { rows: readonly (readonly [string, ReactNode])[] }) {
  const said = rows.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false);
  if (said.length === 0) return null;
  return (
    <dl className="facts">
      {said.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
