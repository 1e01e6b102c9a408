// The shapes of what the lifecycle adds, by the names under which casework
// writes them. Everything that a station may not send yet is optional, so that
// a page shows what came and says nothing of what did not.
import type { CaseView, Label, Reason } from "./types";

/** One item of a list of materials. */
export interface Material {
  name: string;
  copies?: number;
  pages?: number;
  copy?: string;
  sha256?: string;
  folder?: string;
}

/** What came back with a letter. */
export interface Report {
  on: string;
  result: string;
  /** How the mediation went, written for the court. */
  course?: string;
  why?: string;
  undisputed_facts?: { fact: string }[];
  materials?: Material[];
  focus?: string;
  conduct?: string;
  hints?: string;
  sham?: string;
  simple?: boolean;
  letter_no?: string;
}

/** A referral as it stands. */
export interface Letter {
  id: string;
  kind: string;
  state: string;
  from: string;
  to: string;
  letter_no?: string;
  court_no?: string;
  sent_on?: string;
  received_on?: string;
  received_by?: string;
  accepted_on?: string;
  declined_on?: string;
  why?: string;
  until?: string;
  materials?: Material[];
  consents?: { who: string; how: string; at: string }[];
  report?: Report;
  closed_on?: string;
  outcome?: string;
}

export interface Confirmation {
  state: string;
  court?: string;
  applied_on?: string;
  received_on?: string;
  asked_for?: string;
  accepted_on?: string;
  number?: string;
  decided_on?: string;
  ground?: string;
  objected_on?: string;
  enforceable: boolean;
}

export interface Suit {
  state: string;
  wanted_on?: string;
  court?: string;
  number?: string;
  docketed_on?: string;
  result?: string;
  ended_on?: string;
}

export interface Care {
  risk?: string;
  risks?: string[];
  reported_to?: string[];
  visits: number;
  last_visit_on?: string;
  satisfaction?: string;
  refusing?: string[];
}

/** A time limit as it stands. */
export interface Clock {
  clock: string;
  label?: Label;
  actor?: string;
  state: string;
  started_on?: string;
  due_on?: string;
  /** How it stands today; due_on of a paused one: were it to go on tomorrow. */
  today?: { on: string; due_on?: string; days_left: number; days_over: number };
  paused_since?: string;
  paused_days?: number;
  /** Why the last day was moved; text is the sentence. */
  moved_because?: { text: Label };
  extended_to?: string;
  ended_on?: string;
  article?: Label;
  warnings?: Reason[];
}

/** A case with what the lifecycle adds to it. */
export interface CaseMore {
  number?: string;
  referrals?: Letter[];
  judicial_confirmation?: Confirmation;
  suit?: Suit;
  care?: Care;
  clocks?: Clock[];
}

/** A case with it; the station sends these parts as casework writes them. */
export const more = (view: CaseView) => view as Omit<CaseView, keyof CaseMore> & CaseMore;
export const lettersOf = (view: CaseView): Letter[] => more(view).referrals ?? [];

/** A contradiction with who decides it and why it is one, in words. */

/** A letter, an answer or an application that lies with this unit. */
export interface InboxItem {
  case: string;
  title?: string;
  what: string;
  about: string;
  kind: string;
  kind_label?: Label;
  state: string;
  from_name?: string;
  sent_on: string;
  article?: Label;
}

export interface Inbox {
  items: InboxItem[];
  left_out?: Reason[];
}

/** One thing that waits to be done by a day. */
export interface DueItem {
  case: string;
  title?: string;
  what: string;
  name: string;
  label?: Label;
  about?: string;
  due_on: string;
  days_over: number;
  days_left: number;
  actor?: string;
  /** This unit has to act. */
  mine?: boolean;
  soft?: boolean;
  text?: string;
  article?: Label;
  mediators?: string[];
}

export interface DueList {
  items: DueItem[];
  left_out?: Reason[];
}
