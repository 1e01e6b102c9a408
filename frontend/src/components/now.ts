import { useEffect, useState } from "react";
import { dayOf, type Day } from "../lib/days";

const MINUTE_MS = 60_000;

/** The present minute, so that "today" and times stay right on an open page. */
export function useNow(): { now: Date; today: Day } {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return { now, today: dayOf(now) };
}
