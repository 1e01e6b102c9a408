import type { ReactNode } from "react";
import { useConflicts } from "../api/cases";
import { useCodeTable } from "../components/codes";
import { useSession } from "../components/session";
import { useText } from "../components/text";
import { Button } from "../components/ui/Button";
import { Icon, type IconName } from "../components/ui/Icon";
import { SyncSentence } from "../features/sync/SyncSentence";
import type { Key } from "../lib/messages";
import { href, useRoute } from "../lib/route";

const ITEMS: readonly { part: string; icon: IconName; label: Key }[] = [
  { part: "cases", icon: "case", label: "rail.cases" },
  { part: "conflicts", icon: "conflict", label: "rail.conflicts" },
  { part: "settings", icon: "settings", label: "rail.settings" },
];

/** The rail, the page in the middle, the sync sentence always at the foot. */
export function Shell({ connected, children }: { connected: boolean; children: ReactNode }) {
  const { t, list } = useText();
  const { word } = useCodeTable();
  const { person, lock } = useSession();
  const route = useRoute();
  const conflicts = useConflicts();
  const waiting = conflicts.data?.conflicts.length ?? 0;
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
            {ITEMS.map((item) => (
              <li key={item.part}>
                <a className="item" href={href([item.part])} aria-current={(route.parts[0] ?? "cases") === item.part ? "page" : undefined}>
                  <Icon name={item.icon} />
                  {t(item.label)}
                  {item.part === "conflicts" && waiting > 0 && (
                    <span className="count">
                      {waiting}
                      <span className="visually-hidden">{t("rail.waiting")}</span>
                    </span>
                  )}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <Button kind="quiet" icon="lock" onPress={lock}>
          {t("rail.lock")}
        </Button>
      </header>
      <main className="page" id="page" tabIndex={-1}>
        {children}
      </main>
      <footer className="foot">
        <SyncSentence connected={connected} />
      </footer>
    </div>
  );
}
