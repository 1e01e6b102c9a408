// The unit's register: who is on the committee, who mediates, whom the court
// knows, which numbers belong to which desk.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "./client";
import type { MediatorCases, NumbersView, Patch, RegisterView, Saved } from "./types";

export const useRegister = () => useQuery({ queryKey: ["register"], queryFn: ({ signal }) => send<RegisterView>("GET", "/register", { signal }) });

export const useNumbers = () => useQuery({ queryKey: ["register", "numbers"], queryFn: ({ signal }) => send<NumbersView>("GET", "/numbers", { signal }) });

export const useOpenCases = () => useQuery({ queryKey: ["cases", "open-of"], queryFn: ({ signal }) => send<MediatorCases[]>("GET", "/open-cases", { signal }) });

export const patchRegister = (once: string, patch: Patch) => send<Saved>("PATCH", "/register", { json: patch, once });

/** Reloads what a change of the register shows in. */
export function useRegisterChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["register"] });
}
