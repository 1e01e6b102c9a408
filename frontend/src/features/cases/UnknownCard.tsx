import type { UnknownChange } from "../../api/types";
import { ByLine } from "../../components/ByLine";
import { useText } from "../../components/text";
import { Tag } from "../../components/ui/Tag";
import { useValues } from "../../components/values";
import type { Key } from "../../lib/messages";

/** Hexadecimal digits that are read at a glance; the rest is behind the line. */
const GLIMPSE = 48;

/** What is kept here without effect, most of it a newer program's: where it stands, what it says as far as it can be read, who wrote it. */
export function UnknownCard({ changes }: { changes: readonly UnknownChange[] }) {
  const { t } = useText();
  if (changes.length === 0) return null;
  return (
    <section className="card stack tight" aria-labelledby="unknown-changes">
      <div className="line-row">
        <h2 className="grow" id="unknown-changes">
          {t("case.unknown")}
        </h2>
        <Tag tone="wait">{t("case.unknown.readonly")}</Tag>
      </div>
      <p className="soft">{t("case.unknown.why")}</p>
      <ul className="stack tight">
        {changes.map((change) => (
          <Line key={change.id} change={change} />
        ))}
      </ul>
    </section>
  );
}

// More than this is no value that a field of a case holds: all of it is behind a line.
const LONG = 120;
const cut = (value: string): string => (Array.from(value).length > LONG ? `${Array.from(value).slice(0, LONG).join("")}…` : value);

function Line({ change }: { change: UnknownChange }) {
  const { t } = useText();
  const { show, label } = useValues();
  const value = change.value === undefined || change.value === null ? "" : show(change.path, change.value);
  return (
    <li className="stack tight">
      <div>
        <b>{change.path ? label(change.path) : t("case.unknown.all")}</b> <span className="soft">{t(`case.unknown.why.${change.why}` satisfies Key)}</span>
      </div>
      {value && <div style={{ overflowWrap: "anywhere" }}>{t("case.unknown.value", { value: cut(value) })}</div>}
      {value && cut(value) !== value && (
        <details>
          <summary className="small">{t("case.unknown.whole")}</summary>
          <div style={{ overflowWrap: "anywhere" }}>{value}</div>
        </details>
      )}
      {change.raw && (
        <details>
          <summary className="small">{t("case.unknown.raw", { n: change.raw.length / 2 })}</summary>
          <code className="small" style={{ overflowWrap: "anywhere" }}>{change.raw.length > GLIMPSE ? change.raw.match(new RegExp(`.{1,${GLIMPSE}}`, "g"))?.join(" ") : change.raw}</code>
        </details>
      )}
      <ByLine by={change} />
    </li>
  );
}
