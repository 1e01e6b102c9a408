import { createContext, useCallback, useContext, useState, type ReactNode } from "react";

const Context = createContext<(text: string) => void>(() => undefined);

/** Says aloud, for screen readers, what sighted people see happen beside it. */
export function Announcer({ children }: { children: ReactNode }) {
  const [text, setText] = useState("");
  const say = useCallback((next: string) => setText((before) => (before === next ? `${next}\u00a0` : next)), []);
  return (
    <Context.Provider value={say}>
      {children}
      <div className="visually-hidden" aria-live="polite">
        {text}
      </div>
    </Context.Provider>
  );
}

export const useAnnounce = () => useContext(Context);
