import type { CaseCounts } from "../../api/types";
import { useText } from "../../components/text";

const GROUPS = ["all", "open", "conflicts", "performing", "closed", "digest"] as const;

interface Props {
  group: keyof CaseCounts;
  counts: CaseCounts | undefined;
  choose: (group: keyof CaseCounts) => void;
}

/** The groups of cases, each with how many it has under the other filters. */
export function ListFilter({ group, counts, choose }: Props) {
  const { t } = useText();
  // A group that is empty here for good (a village holds no digests) is left out.
  const shown = GROUPS.filter((name) => name !== "digest" || group === "digest" || (counts?.digest ?? 0) > 0);
  return (
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
  );
}
