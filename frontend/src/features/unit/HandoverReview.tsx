// What a hand-over would do, case by case, and what it did. Nothing is decided
// here for the parties: where they chose, a person says that they agreed.
import { useEffect, useRef, useState, type ReactNode } from "react";
import { useSteps } from "../../api/cases";
import { handOver, useHandedOver } from "../../api/register";
import type { HandedOver, Handover, HandoverRequest } from "../../api/types";
import { useNow } from "../../components/now";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Button, LinkButton } from "../../components/ui/Button";
import { ChoiceRow, Tick } from "../../components/ui/Fields";
import { Failure, Notice } from "../../components/ui/Notice";
import { Tag, type Tone } from "../../components/ui/Tag";
import type { Key } from "../../lib/messages";
import { href } from "../../lib/route";
import { showDay } from "../../lib/when";
import { choicesOf } from "./handoverForm";

interface ReviewProps {
  ask: HandoverRequest;
  would: Handover;
  finish: (done: Handover) => void;
  back: () => void;
}

export function HandoverReview({ ask, would, finish, back }: ReviewProps) {
  const { t, pick, list } = useText();
  const { day } = useDay();
  const heading = useHeading();
  const changed = useHandedOver();
  const [agreed, setAgreed] = useState<readonly string[]>([]);
  const [how, setHow] = useState("");
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const of = (status: HandedOver["status"]) => would.cases.filter((one) => one.status === status);
  const [can, asks, cannot] = [of("done"), of("needs_parties"), of("refused")];
  const ways = choicesOf(useSteps(asks[0]?.case ?? "", asks.length > 0).data, "consent", "how");
  const n = can.length + agreed.length;
  const ends = would.register.length > 0;
  const go = async () => {
    setShown(true);
    if (agreed.length > 0 && how === "") return;
    setBusy(true);
    setError(null);
    try {
      // Only what was listed: what came since was not looked at.
      const done = await handOver({ ...ask, cases: would.cases.map((one) => one.case), ...(agreed.length > 0 ? { agreed: [...agreed], how } : {}) });
      await changed();
      finish(done);
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
    }
  };
  return (
    <section className="stack" aria-labelledby="handover-review">
      <h2 id="handover-review" ref={heading} tabIndex={-1}>
        {would.cases.length === 0 ? t("handover.nothing", { from: would.from }) : t("handover.would", { from: would.from, n: would.cases.length, to: list(would.to) })}
      </h2>
      <Group title={t("handover.can", { n: can.length })} cases={can} />
      <Group
        title={t("handover.ask", { n: asks.length })}
        about={t("handover.ask.why")}
        cases={asks}
        each={(one) => (
          <div className="choices">
            <Tick
              label={t("handover.agreed", { title: titleOf(one) })}
              value={agreed.includes(one.case)}
              onChange={(on) => setAgreed(on ? [...agreed, one.case] : agreed.filter((id) => id !== one.case))}
            />
          </div>
        )}
      />
      {agreed.length > 0 && (
        <ChoiceRow label={t("handover.how")} required value={how} onChange={setHow} options={ways.map((way) => ({ value: way.code, label: pick(way) }))} shown={shown} wrong={how === "" ? t("wrong.required") : null} />
      )}
      <Group title={t("handover.cannot", { n: cannot.length })} cases={cannot} />
      {ends && (
        <Notice tone={n < would.cases.length ? "due" : "wait"}>
          <p>{t("handover.ends", { name: would.from, day: day(would.at) })}</p>
          {n < would.cases.length && <p>{t("handover.ends.rest")}</p>}
        </Notice>
      )}
      <StillThere of={would} />
      <Failure error={error} />
      <div className="buttons">
        {(n > 0 || ends) && (
          <Button kind="primary" onPress={() => void go()} isDisabled={busy}>
            {n > 0 ? t("handover.go", { n }) : t("handover.go.end")}
          </Button>
        )}
        <Button onPress={back} isDisabled={busy}>
          {t("handover.change")}
        </Button>
      </div>
    </section>
  );
}

const SAID: Readonly<Record<HandedOver["status"], readonly [Tone, Key]>> = {
  done: ["ok", "handover.is.done"],
  needs_parties: ["wait", "handover.is.asks"],
  refused: ["bad", "handover.is.refused"],
};

/** What was done, what was left, and where to look at each. */
export function HandoverDone({ done }: { done: Handover }) {
  const { t } = useText();
  const { day } = useDay();
  const heading = useHeading();
  const n = done.cases.filter((one) => one.status === "done").length;
  const left = done.cases.length - n;
  return (
    <section className="stack" aria-labelledby="handover-done">
      <h2 id="handover-done" ref={heading} tabIndex={-1}>
        {t("handover.done", { n })}
      </h2>
      {left > 0 && <Notice tone="due">{t("handover.left", { n: left })}</Notice>}
      {done.register.length > 0 && <Notice tone="ok">{t("handover.ended", { name: done.from, day: day(done.at) })}</Notice>}
      <Cases
        cases={done.cases}
        after="handover.now"
        each={(one) => {
          const [tone, key] = SAID[one.status];
          return <Tag tone={tone}>{t(key)}</Tag>;
        }}
      />
      <StillThere of={done} />
      <div className="buttons">
        <LinkButton href={href(["unit"])}>{t("handover.back")}</LinkButton>
      </div>
    </section>
  );
}

/** The focus goes to what there is to read. */
function useHeading() {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return heading;
}

function useDay() {
  const { language } = useText();
  const { today } = useNow();
  return { day: (on: string) => showDay(on, language, today) };
}

const titleOf = (one: HandedOver) => one.title || one.case.slice(0, 8);

type Each = (one: HandedOver) => ReactNode;

function Group({ title, about, cases, each }: { title: string; about?: string; cases: readonly HandedOver[]; each?: Each }) {
  if (cases.length === 0) return null;
  return (
    <section className="stack tight">
      <h3>{title}</h3>
      {about && <p className="soft small read">{about}</p>}
      <Cases cases={cases} after="handover.after" {...(each ? { each } : {})} />
    </section>
  );
}

function Cases({ cases, after, each }: { cases: readonly HandedOver[]; after: Key; each?: Each }) {
  const { t, list } = useText();
  const { day } = useDay();
  const say = useProblemText();
  return (
    <ul className="plain-list card-list">
      {cases.map((one) => (
        <li key={one.case} className="stack tight">
          <a className="line-link" href={href(["cases", one.case])}>
            {titleOf(one)}
          </a>
          {one.status === "done" && <span className="small">{t(after, { names: list(one.after) })}</span>}
          {one.why && <span className="small">{say(one.why)}</span>}
          {one.due > 0 && one.next_due && <span className="small soft">{t("handover.due", { n: one.due, day: day(one.next_due) })}</span>}
          {(one.warnings ?? []).map((warning, at) => (
            <Notice key={at} tone="due">
              {say(warning)}
            </Notice>
          ))}
          {each?.(one)}
        </li>
      ))}
    </ul>
  );
}

/** What else lies with the person, for somebody to look at. */
function StillThere({ of }: { of: Handover }) {
  const { t } = useText();
  const { ended, drafts, below } = of.else;
  const lines: [Key, number][] = [["handover.else.ended", ended], ["handover.else.drafts", drafts], ["handover.else.below", below]];
  return (
    <>
      {lines.filter(([, n]) => n > 0).map(([key, n]) => (
        <p key={key} className="soft small">
          {t(key, { name: of.from, n })}
        </p>
      ))}
    </>
  );
}
