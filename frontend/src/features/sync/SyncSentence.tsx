import { useSync } from "../../api/station";
import { useNow } from "../../components/now";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Icon } from "../../components/ui/Icon";
import { showRecent } from "../../lib/when";
import { sentence } from "./sentence";

// More partners than this have a page of their own in the settings.
const MOST_LINES = 4;

/** Always at the foot of the rail: what is safe, and who has it. */
export function SyncSentence({ connected }: { connected: boolean }) {
  const { t, language } = useText();
  const { now } = useNow();
  const sync = useSync();
  const say = useProblemText();
  // Without an answer nothing may be claimed, old facts least of all.
  if (sync.isError || !connected) {
    return (
      <div className="sync" role="status">
        <b>
          <Icon name="warn" />
          {t("sync.silent")}
        </b>
        <p>{t("sync.silent.do")}</p>
      </div>
    );
  }
  if (!sync.data) return <div className="sync" role="status" />;
  const lines = sentence(sync.data, (moment) => showRecent(moment, language, now));
  return (
    <div className="sync" role="status">
      <b>
        <Icon name={sync.data.saved ? "check" : "wait"} />
        {t(sync.data.saved ? "sync.saved" : "sync.saving")}
      </b>
      {lines.slice(0, MOST_LINES).map((line, at) => (
        <p key={at} className={line.trouble ? "trouble" : ""}>
          {t(line.key, { ...line.values, why: line.trouble ? say(line.trouble) : "" })}
        </p>
      ))}
      {lines.length > MOST_LINES && <p>{t("sync.more", { n: lines.length - MOST_LINES })}</p>}
    </div>
  );
}
