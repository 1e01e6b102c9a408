import { useState, type ReactNode } from "react";
import { useConflicts } from "../api/cases";
import { useDue, useInbox } from "../api/lifecycle";
import { useCodeTable } from "../components/codes";
import { useSession } from "../components/session";
import { useText } from "../components/text";
import { Button } from "../components/ui/Button";
import { Icon, type IconName } from "../components/ui/Icon";
import { SyncSentence } from "../features/sync/SyncSentence";
import { RulesNotice } from "../features/sync/RulesNotice";
import type { Key } from "../lib/messages";
import { href, useRoute } from "../lib/route";

interface Item {
  part: string;
  icon: IconName;
  label: Key;
}

// What a village mediator needs every day; all else lies under one button.
const MAIN: readonly Item[] = [
  { part: "cases", icon: "case", label: "rail.cases" },
  { part: "due", icon: "clock", label: "rail.due" },
  { part: "inbox", icon: "inbox", label: "rail.inbox" },
  { part: "oral", icon: "edit", label: "rail.oral" },
];
const CONFLICTS: Item = { part: "conflicts", icon: "conflict", label: "rail.conflicts" };
const MORE: readonly Item[] = [
  { part: "leads", icon: "search", label: "rail.leads" },
  { part: "unit", icon: "people", label: "rail.unit" },
  { part: "tables", icon: "table", label: "rail.tables" },
];
const SETTINGS: Item = { part: "settings", icon: "settings", label: "rail.settings" };

/** The rail, the page in the middle, the sync sentence always at the foot. */
export function Shell({ connected, children }: { connected: boolean; children: ReactNode }) {
  const { t, list } = useText();
  const { word } = useCodeTable();
  const { person, lock } = useSession();
  const route = useRoute();
  const conflicts = useConflicts();
  const inbox = useInbox();
  const due = useDue();
  const waiting = conflicts.data?.conflicts.length ?? 0;
  const late = (due.data?.items ?? []).filter((item) => !item.soft && item.days_over > 0).length;
  const first = route.parts[0] ?? "cases";
  const [more, setMore] = useState(false);
  // A page that lies under the button shows where one is.
  const open = more || [...MORE, CONFLICTS].some((item) => item.part === first);
  const counts: Readonly<Record<string, { n: number; said: Key }>> = {
    conflicts: { n: waiting, said: "rail.waiting" }, inbox: { n: inbox.data?.items.length ?? 0, said: "rail.inbox.count" }, due: { n: late, said: "rail.due.count" },
  };
  // What two wrote differently waits for a person: then it stands in sight.
  const main = waiting > 0 ? [...MAIN, CONFLICTS] : MAIN;
  const entry = (item: Item) => {
    const count = counts[item.part];
    return (
      <li key={item.part}>
        <a className="item" href={href([item.part])} aria-current={first === item.part ? "page" : undefined}>
          <Icon name={item.icon} />
          {t(item.label)}
          {count && count.n > 0 && (
            <span className="count">
              {count.n}
              <span className="visually-hidden">{t(count.said)}</span>
            </span>
          )}
        </a>
      </li>
    );
  };
  return (
    <div className="shell">
      <a className="btn skip" href="#page" onClick={(event) => {
        event.preventDefault();
        document.getElementById("page")?.focus();
      }}>
        {t("rail.skip")}
      </a>
      <header className="rail">
        <div className="unit">
          <b>{person.unit_name}</b>
          <span>
            {person.seat_name}
            {" · "}
            {list(person.roles.map((role) => word("roles", role)))}
          </span>
          {person.demo && <span className="tag due">{t("rail.demo")}</span>}
        </div>
        <nav aria-label={t("rail.label")}>
          <ul>
            {main.map(entry)}
            <li>
              <button type="button" className="item more" aria-expanded={open} onClick={() => setMore(!open)}>
                <Icon name="down" />
                {t("rail.more")}
              </button>
            </li>
            {open && [...(waiting > 0 ? [] : [CONFLICTS]), ...MORE].map(entry)}
            {entry(SETTINGS)}
          </ul>
        </nav>
        <Button kind="quiet" icon="lock" onPress={lock}>
          {t("rail.lock")}
        </Button>
      </header>
      <main className="page" id="page" tabIndex={-1}>
        <RulesNotice />
        {children}
      </main>
      <footer className="foot">
        <SyncSentence connected={connected} />
      </footer>
    </div>
  );
}
