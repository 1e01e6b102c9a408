// The person's language, type size and colours, and the words that go with them.
import { createContext, useCallback, useContext, useEffect, useMemo, useState, type ReactNode } from "react";
import { I18nProvider } from "react-aria-components";
import type { Label } from "../api/types";
import { roomFor } from "../lib/room";
import { preferredLanguage, translate, type Key, type Language, type Values } from "../lib/messages";

export const SIZES = ["16", "20", "24", "32"] as const;
export const THEMES = ["light", "dark", "contrast"] as const;
export type Size = (typeof SIZES)[number];
export type Theme = (typeof THEMES)[number];

export interface Look {
  language: Language;
  size: Size;
  theme: Theme;
}

interface TextContext {
  look: Look;
  setLook: (change: Partial<Look>) => void;
  language: Language;
  t: (key: Key, values?: Values) => string;
  /** The half of a bilingual label that is wanted. */
  pick: (label: Label) => string;
  /** Names one after another, as the language separates them. */
  list: (names: readonly string[]) => string;
}

// How the screen looks belongs to this computer, so it is kept with the page;
// nothing of a case or a person is.
const STORED_AS = "hejie-look";

function firstLook(): Look {
  const look: Look = { language: preferredLanguage(navigator.languages), size: "16", theme: "light" };
  if (window.matchMedia("(prefers-color-scheme: dark)").matches) look.theme = "dark";
  if (window.matchMedia("(prefers-contrast: more)").matches) look.theme = "contrast";
  try {
    const kept = JSON.parse(localStorage.getItem(STORED_AS) ?? "{}") as Partial<Look>;
    if (kept.language === "en" || kept.language === "zh-CN") look.language = kept.language;
    if (SIZES.some((size) => size === kept.size)) look.size = (kept.size ?? look.size);
    if (THEMES.some((theme) => theme === kept.theme)) look.theme = (kept.theme ?? look.theme);
  } catch {
    // Unreadable or forbidden: the first look serves.
  }
  return look;
}

const Context = createContext<TextContext | null>(null);

export function TextProvider({ children, initial }: { children: ReactNode; initial?: Partial<Look> }) {
  const [look, change] = useState<Look>(() => ({ ...firstLook(), ...initial }));
  useEffect(() => {
    const page = document.documentElement;
    page.lang = look.language;
    page.dataset["size"] = look.size;
    page.dataset["theme"] = look.theme;
    const measure = () => {
      page.dataset["room"] = roomFor(window.innerWidth, Number(look.size));
    };
    measure();
    window.addEventListener("resize", measure);
    return () => window.removeEventListener("resize", measure);
  }, [look]);
  const setLook = useCallback((part: Partial<Look>) => {
    change((before) => {
      const after = { ...before, ...part };
      try {
        localStorage.setItem(STORED_AS, JSON.stringify(after));
      } catch {
        // A browser that keeps nothing still shows the look until it is closed.
      }
      return after;
    });
  }, []);
  const value = useMemo<TextContext>(
    () => ({
      look,
      setLook,
      language: look.language,
      t: (key, values) => translate(look.language, key, values),
      // The type is Chinese: its curled apostrophe is as wide as a character.
      pick: (label) => (look.language === "en" ? label.en.replaceAll("\u2019", "'") : label.zh),
      list: (names) => names.join(look.language === "en" ? ", " : "、"),
    }),
    [look, setLook],
  );
  return (
    <Context.Provider value={value}>
      <I18nProvider locale={look.language}>{children}</I18nProvider>
    </Context.Provider>
  );
}

export function useText(): TextContext {
  const context = useContext(Context);
  if (!context) throw new Error("useText needs a TextProvider above it");
  return context;
}
