import { SIZES, THEMES, useText, type Size, type Theme } from "./text";
import { ChoiceRow } from "./ui/Fields";
import type { Language } from "../lib/messages";

/** Language, type size and colours: in reach before anybody signed in. */
export function LookSwitch() {
  const { t, look, setLook } = useText();
  return (
    <div className="stack">
      <ChoiceRow
        label={t("look.language")}
        value={look.language}
        onChange={(language) => setLook({ language: language as Language })}
        options={[
          { value: "zh-CN", label: t("look.zh") },
          { value: "en", label: t("look.en") },
        ]}
      />
      <ChoiceRow
        label={t("look.size")}
        value={look.size}
        onChange={(size) => setLook({ size: size as Size })}
        options={SIZES.map((size) => ({ value: size, label: t(`look.size.${size}`) }))}
      />
      <ChoiceRow
        label={t("look.theme")}
        value={look.theme}
        onChange={(theme) => setLook({ theme: theme as Theme })}
        options={THEMES.map((theme) => ({ value: theme, label: t(`look.theme.${theme}`) }))}
      />
    </div>
  );
}
