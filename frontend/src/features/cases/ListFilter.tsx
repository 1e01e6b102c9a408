import type { CaseCounts } from "../../api/types";
import { useText } from "../../components/text";

const GROUPS = ["all", "open", "conflicts", "performing", "closed", "digest"] as const;

interface Props {
  text: string;
  setText: (text: string) => void;
  group: keyof CaseCounts;
  counts: CaseCounts | undefined;
  choose: (group: keyof CaseCounts) => void;
  /** The down key leads from the words into the rows. */
  down: () => void;
}

export function ListFilter({ text, setText, group, counts, choose, down }: Props) {
  const { t } = useText();
  // A group that is empty here for good (a village holds no digests) is left out.
  const shown = GROUPS.filter((name) => name !== "digest" || group === "digest" || (counts?.digest ?? 0) > 0);
  return (
    <>
      <div className="find-line" role="search">
        <input
          className="input find"
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
      </div>
      <div className="filters">
        <div className="chips" role="group" aria-label={t("cases.filter")}>
          {shown.map((name) => (
            <button key={name} type="button" className="chip" aria-pressed={group === name} onClick={() => choose(name)}>
              {t(`cases.group.${name}`)}
              {counts && <span className="chip-count">{counts[name]}</span>}
            </button>
          ))}
        </div>
        <span className="soft small order">{t("cases.order")}</span>
      </div>
    </>
  );
}
