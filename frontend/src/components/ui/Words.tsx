import { useText } from "../text";

/** Six words that two people compare, by telephone or face to face. */
export function Words({ words, label }: { words: readonly string[]; label: string }) {
  const { t } = useText();
  return (
    <ol className="words" aria-label={label}>
      {words.map((word, at) => (
        <li key={`${at} ${word}`}>
          <span>{t("words.number", { n: at + 1 })}</span>
          {word}
        </li>
      ))}
    </ol>
  );
}
