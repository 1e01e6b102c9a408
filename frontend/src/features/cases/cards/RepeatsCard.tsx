import { useState } from "react";
import { useRepeats } from "../../../api/cases";
import type { Repeat } from "../../../api/types";
import { useCodeTable } from "../../../components/codes";
import { useNow } from "../../../components/now";
import { useText } from "../../../components/text";
import { Button } from "../../../components/ui/Button";
import { Tag } from "../../../components/ui/Tag";
import { href } from "../../../lib/route";
import { showDay } from "../../../lib/when";
import { stage, titleOf } from "../rowWords";

/** Lines before a person asks for all. */
const FIRST = 5;

/** Other cases with the same people and category: a hint, and nothing where there is none. */
export function RepeatsCard({ id }: { id: string }) {
  const { t } = useText();
  const [all, setAll] = useState(false);
  const { data: found } = useRepeats(id);
  if (!found || found.items.length === 0) return null;
  const shown = all ? found.items : found.items.slice(0, FIRST);
  const rest = shown.length < found.items.length;
  return (
    <section className="card stack tight">
      <h2>{t("repeats.title")}</h2>
      <ul className="plain-list stack tight">
        {shown.map((item) => (
          <li key={item.case}>
            <Line item={item} />
          </li>
        ))}
      </ul>
      {rest && (
        <div className="buttons">
          <Button kind="quiet" onPress={() => setAll(true)}>
            {t("repeats.all", { n: found.items.length })}
          </Button>
        </div>
      )}
      {!rest && found.more && <p className="small soft">{t("repeats.more")}</p>}
      {found.days > 0 && <p className="small soft">{t("repeats.days", { n: found.days })}</p>}
      <p className="small soft">{t("repeats.hint")}</p>
    </section>
  );
}

function Line({ item }: { item: Repeat }) {
  const { t, pick, list, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();
  const title = titleOf({ title: item.title ?? "", id: item.case, category: item.category }, t, word);
  const names = item.names ?? [];
  return (
    <>
      <div className="line-row">
        <a className="grow line-link" href={href(["cases", item.case])}>
          {title}
        </a>
        <Tag tone={item.like === "dispute" ? "due" : "plain"} icon="people">
          {item.like === "dispute" ? t("repeats.dispute") : t("repeats.person", { n: item.people })}
        </Tag>
      </div>
      <div className="small soft">
        {[t("repeats.where", { unit: item.unit_name, day: showDay(item.received_on, language, today) }), stage(item.state, word), pick(item.ground_label)].join(" · ")}
      </div>
      {names.length > 0 && <div className="small">{t("repeats.who", { names: list(names) })}</div>}
      {!item.title && <div className="small soft">{t("repeats.figures")}</div>}
    </>
  );
}
