import { useText } from "../../components/text";

interface Props {
  text: string;
  setText: (text: string) => void;
  /** The down key leads from the words into the rows. */
  down: () => void;
}

/** Words that narrow the list while they are typed. */
export function ListFind({ text, setText, down }: Props) {
  const { t } = useText();
  return (
    <search className="find-line">
      <input
        className="input"
        type="search"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") setText("");
          if (event.key === "ArrowDown" || event.key === "Enter") {
            event.preventDefault();
            down();
          }
        }}
        placeholder={t("cases.find")}
        aria-label={t("cases.find")}
        autoComplete="off"
      />
    </search>
  );
}
