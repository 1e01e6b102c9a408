// The station itself: setup, sessions, codes, exchange with other units.
import { useQuery } from "@tanstack/react-query";
import { send } from "./client";
import type {
  AddSeatRequest, Adopted, Codes, Enrolled, EnrolmentPreview, EnrolmentRequest, EnrolRequest, JoinPreview, JoinRequest, LateList, LossResult, Peer, RebuildResult, Related,
  RecoverRequest, RelateRequest, RequestFile, RootRequest, Seat, SeatHere, SessionInfo, SetupDone, SetupState, SignedIn, Status, SyncResult, SyncState,
  Unit, UnitCode, VerifyResult,
} from "./types";

// The sentence at the foot of the rail must be true even where no hint came.
const SYNC_EVERY_MS = 15_000;

export const useSetup = () =>
  useQuery({ queryKey: ["setup"], queryFn: ({ signal }) => send<SetupState>("GET", "/setup", { signal }) });
export const useCodes = () =>
  useQuery({ queryKey: ["codes"], queryFn: ({ signal }) => send<Codes>("GET", "/codes", { signal }), staleTime: Infinity });
export const useSeatsHere = () =>
  useQuery({ queryKey: ["seats", "here"], queryFn: ({ signal }) => send<SeatHere[]>("GET", "/seats/here", { signal }) });
export const useSync = () =>
  useQuery({ queryKey: ["sync"], queryFn: ({ signal }) => send<SyncState>("GET", "/sync", { signal }), refetchInterval: SYNC_EVERY_MS });
export const usePeers = () => useQuery({ queryKey: ["peers"], queryFn: ({ signal }) => send<Peer[]>("GET", "/peers", { signal }) });
export const useUnits = () => useQuery({ queryKey: ["units"], queryFn: ({ signal }) => send<Unit[]>("GET", "/units", { signal }) });
export const useSeats = () => useQuery({ queryKey: ["seats"], queryFn: ({ signal }) => send<Seat[]>("GET", "/seats", { signal }) });
export const useStatus = () => useQuery({ queryKey: ["status"], queryFn: ({ signal }) => send<Status>("GET", "/status", { signal }) });

export const useLate = () => useQuery({ queryKey: ["late"], queryFn: ({ signal }) => send<LateList>("GET", "/late", { signal }) });

export const useUnitCode = (code: string) =>
  useQuery({
    queryKey: ["unit-code", code],
    queryFn: ({ signal }) => send<UnitCode>("GET", "/unit-code", { query: { code }, signal }),
    enabled: code !== "",
    staleTime: Infinity,
    retry: false,
  });

export const initRoot = (request: RootRequest) => send<SetupDone>("POST", "/setup/root", { json: request });
export const requestEnrolment = (request: EnrolmentRequest) => send<RequestFile>("POST", "/setup/request", { json: request });
export const previewJoin = (request: JoinRequest) => send<JoinPreview>("POST", "/setup/join/preview", { json: request });
export const join = (request: JoinRequest) => send<SetupDone>("POST", "/setup/join", { json: request });
export const recover = (request: RecoverRequest) => send<RequestFile>("POST", "/setup/recover", { json: request });

export const signIn = (seat: string, secret: string) => send<SignedIn>("POST", "/sessions", { json: { seat, secret } });
export const currentSession = () => send<SessionInfo>("GET", "/session");
export const signOut = () => send<undefined>("DELETE", "/session");
export const changeSecret = (old: string, next: string) => send<undefined>("PUT", "/session/secret", { json: { old, new: next } });

export const previewEnrolment = (data: string) => send<EnrolmentPreview>("POST", "/enrol/preview", { json: { data } });
export const relate = (request: RelateRequest) => send<Related>("POST", "/units/relate", { json: request });
export const enrol = (request: EnrolRequest) => send<Enrolled>("POST", "/enrol", { json: request });
export const addSeat = (request: AddSeatRequest) => send<RequestFile>("POST", "/seats/here", { json: request });
export const joinSeat = (data: string) => send<SetupDone>("POST", "/seats/here/join", { json: { data } });

export const syncWith = (peer: string) => send<SyncResult>("POST", "/sync", { json: { peer } });
export const putPeers = (peers: Peer[]) => send<Peer[]>("PUT", "/peers", { json: { peers } });
export const verify = () => send<VerifyResult>("POST", "/verify");
export const adoptLate = (id: string, once: string) => send<Adopted>("POST", `/late/${id}/adopt`, { once });
export const acceptLoss = () => send<LossResult>("POST", "/loss/accept");
export const rebuild = () => send<RebuildResult>("POST", "/rebuild");
