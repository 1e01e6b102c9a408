// Who is signed in, and the lock. A lock hides the pages and keeps them as they
// are, so that nothing typed is lost; another person's sign-in clears them.
import { useCallback, useEffect, useMemo, useState, type ReactNode } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { actedWithin, onSessionLost, personActed, setToken } from "../api/client";
import { currentSession, signOut } from "../api/station";
import type { SessionInfo } from "../api/types";
import { SessionContext, type Session } from "../components/session";
import { useText } from "../components/text";
import { Waiting } from "../components/ui/Notice";
import { SignIn } from "../features/session/SignIn";
import { RecoverPage } from "../features/setup/RecoverPage";

const MINUTE_MS = 60_000;

type State = { kind: "asking" } | { kind: "out" } | { kind: "in"; info: SessionInfo; locked: boolean };

// Reading and scrolling cause no requests, but the person is there: say so.
function usePresence(active: boolean): void {
  useEffect(() => {
    const acted = () => personActed();
    const events = ["keydown", "pointerdown", "wheel", "touchstart"] as const;
    events.forEach((name) => window.addEventListener(name, acted, { capture: true, passive: true }));
    return () => events.forEach((name) => window.removeEventListener(name, acted, { capture: true }));
  }, []);
  useEffect(() => {
    if (!active) return;
    const timer = setInterval(() => {
      if (!actedWithin(MINUTE_MS)) return;
      personActed();
      currentSession().catch(() => undefined);
    }, MINUTE_MS);
    return () => clearInterval(timer);
  }, [active]);
}

export function SessionGate({ unitName, children }: { unitName: string; children: (locked: boolean, lostNow: () => void) => ReactNode }) {
  const { t } = useText();
  const client = useQueryClient();
  const [state, setState] = useState<State>({ kind: "asking" });
  const [recovering, setRecovering] = useState(false);
  const lockedNow = useCallback(() => setState((now) => (now.kind === "in" ? { ...now, locked: true } : { kind: "out" })), []);

  useEffect(() => {
    currentSession().then(
      (info) => setState((now) => (now.kind === "asking" ? { kind: "in", info, locked: false } : now)),
      // An answer that comes late must not undo a sign-in.
      () => setState((now) => (now.kind === "asking" ? { kind: "out" } : now)),
    );
    return onSessionLost(lockedNow);
  }, [lockedNow]);
  usePresence(state.kind === "in" && !state.locked);

  const lock = useCallback(() => {
    lockedNow();
    signOut().catch(() => undefined).finally(() => setToken(""));
  }, [lockedNow]);

  const done = (info: SessionInfo) => {
    const before = state.kind === "in" ? state.info.person.seat : "";
    // Another person may not see what the first one's pages had loaded.
    if (before !== info.person.seat) client.removeQueries({ predicate: (query) => query.queryKey[0] !== "codes" && query.queryKey[0] !== "setup" });
    else void client.invalidateQueries();
    setState({ kind: "in", info, locked: false });
  };

  const person = state.kind === "in" ? state.info.person : null;
  const session = useMemo<Session | null>(
    () => person && { person, may: (ability) => person.abilities.includes(ability), lock },
    [person, lock],
  );

  if (state.kind === "asking") return <Waiting>{t("wait.opening")}</Waiting>;
  const locked = state.kind === "in" && state.locked;
  return (
    <>
      {session && (
        <div hidden={locked} inert={locked} key={session.person.seat}>
          <SessionContext.Provider value={session}>{children(locked, lockedNow)}</SessionContext.Provider>
        </div>
      )}
      {(state.kind === "out" || locked) && (
        <main className="plain">
          {recovering ? (
            <RecoverPage back={() => setRecovering(false)} done={() => void client.invalidateQueries().then(() => setRecovering(false))} />
          ) : (
            <SignIn unitName={unitName} lockedSeat={locked ? session?.person.seat : undefined} done={done} recover={() => setRecovering(true)} />
          )}
        </main>
      )}
    </>
  );
}
