// Names for the API's types, so that pages say CaseView and not a path into
// the generated file. schema.gen.ts is made from openapi.json.
import type { components } from "./schema.gen";

type Schemas = components["schemas"];

export type Label = Schemas["Label"];
export type State = Schemas["State"];
export type Agent = Schemas["Agent"];
export type Guardian = Schemas["Guardian"];
export type Representation = Schemas["Representation"];
export type Delivery = Schemas["Delivery"];
export type Party = Schemas["Party"];
export type PartyView = Schemas["PartyView"];
export type CaseDocument = Schemas["CaseDocument"];
/** Who did something and when, as the author's clock said. */
export type By = Pick<Schemas["Value"], "seat" | "seat_name" | "unit" | "unit_name" | "written">;
export type StepTaken = Schemas["StepTaken"];
export type Value = Schemas["Value"];
export type Also = Schemas["Also"];
export type Conflict = Schemas["Conflict"];
export type ConflictList = Schemas["ConflictList"];
export type Settlement = Schemas["Settlement"];
export type Meeting = Schemas["Meeting"];
export type Term = Schemas["Term"];
export type Agreement = Schemas["Agreement"];
export type Digest = Schemas["Digest"];
export type CaseView = Schemas["CaseView"];
export type Next = Schemas["Next"];
export type CaseRow = Schemas["CaseRow"];
export type CaseCounts = Schemas["CaseCounts"];
export type CaseList = Schemas["CaseList"];
export type Patch = Schemas["Patch"];
export type TableView = Schemas["TableView"];
export type Reason = Schemas["Reason"];
export type Problem = Schemas["Reason"];
export type Saved = Schemas["Saved"];
export type FieldSpec = Schemas["FieldSpec"];
export type Step = Schemas["Step"];
export type Change = Schemas["Change"];
export type Holder = Schemas["Holder"];
export type NotesView = Schemas["NotesView"];
export type SheetPair = Schemas["SheetPair"];
export type SheetSection = Schemas["SheetSection"];
export type Sheet = Schemas["Sheet"];
export type DraftInfo = Schemas["DraftInfo"];
export type Draft = Schemas["Draft"];
export type Partner = Schemas["Partner"];
export type SyncState = Schemas["SyncState"];
export type SyncResult = Schemas["SyncResult"];
export type Peer = Schemas["Peer"];
export type Unit = Schemas["Unit"];
export type Seat = Schemas["Seat"];
export type Status = Schemas["Status"];
export type Damage = Schemas["Damage"];
export type VerifyResult = Schemas["VerifyResult"];
export type RebuildResult = Schemas["RebuildResult"];
export type CodeLabel = Schemas["CodeLabel"];
export type Codes = Schemas["Codes"];
export type UnitCode = Schemas["UnitCode"];
/** Something changed: reload what shows it. An event of the stream, not an answer. */
export interface Hint {
  kind: string;
  id?: string;
}
export type SetupState = Schemas["SetupState"];
export type RootRequest = Schemas["RootRequest"];
export type EnrolmentRequest = Schemas["EnrolmentRequest"];
export type StoredFile = Schemas["File"];
export type RecoverySheet = Schemas["RecoverySheet"];
export type RequestFile = Schemas["RequestFile"];
export type JoinRequest = Schemas["JoinRequest"];
export type NamedWords = Schemas["NamedWords"];
export type JoinPreview = Schemas["JoinPreview"];
export type SetupDone = Schemas["SetupDone"];
export type RecoverRequest = Schemas["RecoverRequest"];
export type AddSeatRequest = Schemas["AddSeatRequest"];
export type EnrolmentPreview = Schemas["EnrolmentPreview"];
export type EnrolRequest = Schemas["EnrolRequest"];
export type Enrolled = Schemas["Enrolled"];
export type SeatHere = Schemas["SeatHere"];
export type Person = Schemas["Person"];
export type SessionInfo = Schemas["SessionInfo"];
export type SignedIn = Schemas["SignedIn"];
