import { createContext, useContext } from "react";
import type { Person } from "../api/types";

export interface Session {
  person: Person;
  may: (ability: string) => boolean;
  lock: () => void;
}

export const SessionContext = createContext<Session | null>(null);

/** Who is signed in. Only pages behind the sign-in may ask. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error("useSession needs somebody signed in");
  return session;
}
