import type { Unit } from "../../api/types";

/** A unit's court and bureau as they are chosen; "" is: as they are without a choice. */
export interface Chosen {
  court: string;
  bureau: string;
}

export const UNCHOSEN: Chosen = { court: "", bureau: "" };

/** A court or tribunal: nobody guides or supervises it. */
export const isCourt = (body: string | undefined) => body === "fy" || body === "ft";

export const isBureau = (unit: Unit) => unit.body === "sfj";

/** The body's code in a unit's code: 330681109219-tw is a tw. */
export const bodyIn = (code: string) => /-([a-z]+)/.exec(code)?.[1];

/** Only what was chosen, as the station takes it. */
export function given({ court, bureau }: Chosen): { court?: string; bureau?: string } {
  return { ...(court && { court }), ...(bureau && { bureau }) };
}
