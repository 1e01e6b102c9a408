// A letter or a wording that a step names stands in the choices by its id; a
// person knows it by its kind, its way, its number and its day.
import { useCallback } from "react";
import { lettersOf } from "../../api/lifecycleTypes";
import type { CaseView } from "../../api/types";
import { showDay } from "../../lib/when";
import { useNow } from "../now";
import { useText } from "../text";
import { useStepWords } from "./useStepWords";

const NAMES = ["referral", "draft"];
// The wording that a signature or a refusal is about.
const WORDING = "agreement";

export function useLetterLabel(view: CaseView | undefined): (field: string, id: string) => string | null {
  const { t, language } = useText();
  const { today } = useNow();
  const word = useStepWords(view?.id);
  return useCallback(
    (field, id) => {
      if (!view) return null;
      if (field === WORDING) {
        const draft = view.events.find((one) => one.id === id);
        if (!draft) return null;
        return t(draft.fields?.["form"] === "oral" ? "agreement.oral" : "agreement.written", { day: showDay(draft.at ?? "", language, today) });
      }
      if (!NAMES.includes(field)) return null;
      const letter = lettersOf(view).find((one) => one.id === id);
      const event = view.events.find((one) => one.id === id);
      const kind = letter?.kind ?? (typeof event?.fields?.["kind"] === "string" ? event.fields["kind"] : "");
      const day = letter?.sent_on ?? event?.at ?? "";
      const parts = [
        kind ? word("refer", "kind", kind) : t("letter.one"),
        letter?.to ? t("letter.to", { unit: letter.to }) : event?.unit_name ? t("letter.from", { unit: event.unit_name }) : "",
        letter?.letter_no ?? "",
        day ? showDay(day, language, today) : "",
      ];
      return parts.filter(Boolean).join(" · ");
    },
    [view, t, language, today, word],
  );
}
