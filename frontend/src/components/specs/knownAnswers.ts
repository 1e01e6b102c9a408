// The questions before a joint application, and what the case answers itself.
import { more } from "../../api/lifecycleTypes";
import type { CaseView, Label } from "../../api/types";
import type { SpecForm } from "./specForm";

export interface Question extends Label {
  id: string;
  good: "yes" | "no";
  blocks?: boolean;
  /** What of the case answers it, where the program can tell. */
  auto?: string;
  help: Label;
  article: Label;
}

export function questionsOf(document: unknown): Question[] {
  const content = (document as { content?: { questions?: Question[] } } | undefined)?.content;
  return content?.questions ?? [];
}

// The clock of the days within which parties may apply together.
const APPLY = "confirmation_apply";

const KNOWN: Readonly<Record<string, (view: CaseView) => boolean | undefined>> = {
  signatures: ({ agreement }) => (agreement?.form === "written" ? (agreement.missing ?? []).length === 0 && agreement.sealed : undefined),
  in_time: (view) => {
    const clock = more(view).clocks?.find((one) => one.clock === APPLY && !one.ended_on);
    return clock?.today ? clock.today.days_over === 0 : undefined;
  },
};

/** What the case says to a question; empty where only a person can tell. */
export function knownAnswer(question: Question, view: CaseView | undefined): "yes" | "no" | "" {
  const known = view && question.auto ? KNOWN[question.auto]?.(view) : undefined;
  return known === undefined ? "" : known ? "yes" : "no";
}

/** The answers with which the form begins. */
export const knownAnswers = (questions: readonly Question[], view: CaseView | undefined): SpecForm[] =>
  questions.flatMap((question) => {
    const answer = knownAnswer(question, view);
    return answer === "" ? [] : [{ question: question.id, answer }];
  });
