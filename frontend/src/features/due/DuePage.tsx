import { useState } from "react";
import { useDue } from "../../api/lifecycle";
import type { DueItem } from "../../api/lifecycleTypes";
import { toneOfDays, useDaysLeft } from "../../components/clockWords";
import { useCodeTable } from "../../components/codes";
import { useNow } from "../../components/now";
import { useSession } from "../../components/session";
import { LeftOut } from "../../components/LeftOut";
import { useText } from "../../components/text";
import { LinkButton } from "../../components/ui/Button";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { Tag } from "../../components/ui/Tag";
import type { Day } from "../../lib/days";
import { href } from "../../lib/route";
import { showDay } from "../../lib/when";
import { byDay, mine } from "./dueOrder";

/** What must be done by when: what is late first, then day by day, mine before others'. */
export function DuePage() {
  const { t } = useText();
  const { today } = useNow();
  const { person } = useSession();
  const due = useDue();
  const [only, setOnly] = useState(false);
  const all = due.data?.items ?? [];
  const items = only ? all.filter((item) => mine(item, person.seat_name)) : all;
  const groups = byDay(items, person.seat_name);
  return (
    <Page title={t("due.title")} sub={t("due.sub")}>
      {all.length > 0 && (
        <div className="filters">
          <div className="chips" role="group" aria-label={t("cases.filter")}>
            <button type="button" className="chip" aria-pressed={!only} onClick={() => setOnly(false)}>
              {t("due.all", { n: all.length })}
            </button>
            <button type="button" className="chip" aria-pressed={only} onClick={() => setOnly(true)}>
              {t("due.mine", { n: all.filter((item) => mine(item, person.seat_name)).length })}
            </button>
          </div>
        </div>
      )}
      <div className="content narrow">
        {due.isPending && <Waiting>{t("wait.loading")}</Waiting>}
        <Failure error={due.error} />
        <LeftOut cases={due.data?.left_out} />
        {due.data && items.length === 0 && (
          <div className="read">
            <h2>{t("due.none")}</h2>
            <p className="soft">{t("due.none.do")}</p>
          </div>
        )}
        {groups.map((group) => (
          <Group key={group.day} day={group.day} items={group.items} today={today} />
        ))}
      </div>
    </Page>
  );
}

function Group({ day, items, today }: { day: string; items: readonly DueItem[]; today: Day }) {
  const { t, language } = useText();
  return (
    <section className="stack tight">
      <h2>{day === "over" ? t("due.over", { n: items.length }) : day === today ? t("due.today") : showDay(day, language, today)}</h2>
      <ul className="plain-list card-list">
        {items.map((item, at) => (
          <li key={`${item.case} ${item.name} ${item.about ?? ""} ${at}`}>
            <Line item={item} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Line({ item }: { item: DueItem }) {
  const { t, pick, language } = useText();
  const { today } = useNow();
  const { word, table } = useCodeTable();
  const left = useDaysLeft();
  // All have signed and nobody entered it yet: no limit ran out, it waits since that day.
  const signed = item.what === "agreement";
  const what = signed ? t("next.enter_agreement") : item.label ? pick(item.label) : word("steps", item.name);
  const isStep = item.what !== "clock" && table("steps").some((row) => row.code === item.name);
  return (
    <div className="line-row">
      <span className="grow">
        <a className="line-link" href={href(["cases", item.case])}>
          <b>{item.title || item.case.slice(0, 8)}</b>
        </a>
        <span className="block">
          {[what, item.text].filter(Boolean).join(" · ")}
        </span>
        <span className="small soft block">
          {[item.actor && t("due.actor", { who: t(`actor.${item.actor}` as "actor.handler") }), item.article && pick(item.article)].filter(Boolean).join(" · ")}
        </span>
      </span>
      {signed ? <Tag tone="due">{t("due.since", { day: showDay(item.due_on, language, today) })}</Tag> : <Tag tone={toneOfDays(item)}>{left(item)}</Tag>}
      {isStep && <LinkButton href={href(["cases", item.case, "step", item.name])}>{t("steps.do")}</LinkButton>}
    </div>
  );
}
