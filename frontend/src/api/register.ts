// The unit's register: who is on the committee, who mediates, whom the court
// knows, which numbers belong to which desk.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { send } from "./client";
import type { Handover, HandoverRequest, MediatorCases, NumbersView, Patch, RegisterView, Saved } from "./types";

export const useRegister = () => useQuery({ queryKey: ["register"], queryFn: ({ signal }) => send<RegisterView>("GET", "/register", { signal }) });

export const useNumbers = () => useQuery({ queryKey: ["register", "numbers"], queryFn: ({ signal }) => send<NumbersView>("GET", "/numbers", { signal }) });

export const useOpenCases = () => useQuery({ queryKey: ["cases", "open-of"], queryFn: ({ signal }) => send<MediatorCases[]>("GET", "/open-cases", { signal }) });

export const patchRegister = (once: string, patch: Patch) => send<Saved>("PATCH", "/register", { json: patch, once });

/** Reloads what a change of the register shows in. */
export function useRegisterChanged() {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: ["register"] });
}

/** Hands somebody's cases over, or says what that would do. A second call hands over what was left. */
export const handOver = (request: HandoverRequest) => send<Handover>("POST", "/register/handover", { json: request });

/** Reloads what a hand-over shows in: the register, lists, cases and what is due. */
export function useHandedOver() {
  const client = useQueryClient();
  return () => Promise.all(["register", "cases", "case", "due"].map((key) => client.invalidateQueries({ queryKey: [key] })));
}
