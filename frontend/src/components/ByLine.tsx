import type { By } from "../api/types";
import { showMoment } from "../lib/when";
import { useNow } from "./now";
import { useSession } from "./session";
import { useText } from "./text";

/** Who, of which unit, on which day. */
export function ByLine({ by, at }: { by: By; at?: string | undefined }) {
  const { t, language } = useText();
  const { today } = useNow();
  const { person } = useSession();
  const name = by.seat_name || by.seat.slice(0, 8);
  const parts = [
    by.unit_name || by.unit.slice(0, 8),
    by.seat === person.seat ? t("by.you", { name }) : name,
    at ?? (by.written ? showMoment(by.written, language, today) : ""),
  ];
  return <span className="soft small">{parts.filter(Boolean).join(" · ")}</span>;
}
