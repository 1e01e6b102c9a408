// Enter goes to the next field as on a sheet of paper, Ctrl+Enter saves from
// anywhere. An Enter that ends a word of the input method is the input method's.
import type { KeyboardEvent } from "react";

// Buttons are not passed by Enter: they are pressed with it.
const FIELDS = 'input:not([type="hidden"]):not([type="radio"]), input[type="radio"]:checked, textarea, button[type="submit"]';

function following(form: HTMLFormElement, from: Element): HTMLElement | undefined {
  const fields = [...form.querySelectorAll<HTMLElement>(FIELDS)].filter((one) => !one.hasAttribute("disabled") && !one.closest("[hidden]"));
  return fields.find((one) => (from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 && !from.contains(one));
}

export function enterMoves(event: KeyboardEvent<HTMLFormElement>, save: () => void): void {
  if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
  const at = event.target as HTMLElement;
  if (event.ctrlKey || event.metaKey) {
    event.preventDefault();
    event.stopPropagation();
    save();
    return;
  }
  if (!(at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement)) return;
  // An option that the arrows lead to is taken first.
  if (at.getAttribute("aria-activedescendant")) return;
  event.preventDefault();
  event.stopPropagation();
  following(event.currentTarget, at)?.focus();
}
