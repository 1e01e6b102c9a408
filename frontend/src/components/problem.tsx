// What went wrong, in the reader's words: the rule owner's sentence where there
// is one, otherwise ours for the code, otherwise the technical one with a frame.
import { useCallback } from "react";
import type { Reason } from "../api/types";
import en from "../locales/en.json";
import type { Key } from "../lib/messages";
import { useText } from "./text";

export function useProblemText(): (reason: Reason) => string {
  const { t, pick } = useText();
  return useCallback(
    (reason: Reason) => {
      if (reason.texts) return pick(reason.texts);
      const key = `problem.${reason.code}`;
      if (key in en) return t(key as Key, reason.params);
      return t("problem.other", { code: reason.code });
    },
    [t, pick],
  );
}
