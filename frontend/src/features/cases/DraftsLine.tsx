import { useDrafts } from "../../api/drafts";
import { useNow } from "../../components/now";
import { useText } from "../../components/text";
import { Notice } from "../../components/ui/Notice";
import { href } from "../../lib/route";
import { showRecent } from "../../lib/when";

/** The names of drafts of cases that are not recorded yet begin so. */
export const NEW_CASE_DRAFTS = "case-new.";

/** Offers what was begun and not recorded, after a break or a power cut. */
export function DraftsLine() {
  const { t, language } = useText();
  const { now } = useNow();
  const drafts = useDrafts();
  const begun = (drafts.data ?? []).filter((draft) => draft.name.startsWith(NEW_CASE_DRAFTS));
  if (begun.length === 0) return null;
  return (
    <div style={{ padding: "0 1.5rem 0.75rem" }}>
      <Notice tone="wait">
        <p>{t("drafts.begun", { n: begun.length })}</p>
        <ul className="plain-list">
          {begun.map((draft) => (
            <li key={draft.name}>
              <a className="line-link" href={href(["cases", "new", draft.name.slice(NEW_CASE_DRAFTS.length)])}>
                {t("drafts.go", { time: showRecent(draft.saved_at, language, now) })}
              </a>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  );
}
