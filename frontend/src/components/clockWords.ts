// A time limit is a sentence: how many days are left or past, until which day,
// and why that day and not another.
import { useCallback } from "react";
import type { Tone } from "./ui/Tag";
import { showDay } from "../lib/when";
import { useNow } from "./now";
import { useText } from "./text";

// So many days before its end a clock is shown in the colour of what is due.
const SOON_DAYS = 3;

interface Left {
  due_on?: string;
  days_left?: number;
  days_over?: number;
  soft?: boolean;
}

export function toneOfDays(left: Left): Tone {
  if ((left.days_over ?? 0) > 0) return left.soft ? "due" : "bad";
  return left.due_on !== undefined && (left.days_left ?? 0) <= SOON_DAYS ? "due" : "plain";
}

export function useDaysLeft(): (left: Left) => string {
  const { t, language } = useText();
  const { today } = useNow();
  return useCallback(
    (left) => {
      if (!left.due_on) return "";
      const day = showDay(left.due_on, language, today);
      if ((left.days_over ?? 0) > 0) return t("clock.over", { n: left.days_over ?? 0, day });
      if ((left.days_left ?? 0) === 0) return t("clock.today", { day });
      return t("clock.left", { n: left.days_left ?? 0, day });
    },
    [t, language, today],
  );
}
