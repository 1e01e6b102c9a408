import { useState } from "react";
import { takeStep, useCaseChanged } from "../../api/cases";
import { useInbox } from "../../api/lifecycle";
import type { InboxItem } from "../../api/lifecycleTypes";
import { useCodeTable } from "../../components/codes";
import { useNow } from "../../components/now";
import { useSession } from "../../components/session";
import { LeftOut } from "../../components/LeftOut";
import { useText } from "../../components/text";
import { useAnnounce } from "../../components/ui/Announce";
import { Button, LinkButton } from "../../components/ui/Button";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { Tag } from "../../components/ui/Tag";
import type { Key } from "../../lib/messages";
import { href } from "../../lib/route";
import { uuidv7 } from "../../lib/uuid";
import { showDay } from "../../lib/when";

/** What lies with this unit: letters to it, answers to its letters, applications. */
export function InboxPage() {
  const { t } = useText();
  const inbox = useInbox();
  const items = inbox.data?.items ?? [];
  return (
    <Page title={t("inbox.title")} sub={t("inbox.sub")}>
      <div className="content narrow">
        {inbox.isPending && <Waiting>{t("wait.loading")}</Waiting>}
        <Failure error={inbox.error} />
        <LeftOut cases={inbox.data?.left_out} />
        {inbox.data && items.length === 0 && (
          <div className="read">
            <h2>{t("inbox.none")}</h2>
            <p className="soft">{t("inbox.none.do")}</p>
          </div>
        )}
        <ul className="plain-list stack">
          {items.map((item) => (
            <li key={`${item.case} ${item.what} ${item.about}`} className="card">
              <Item item={item} />
            </li>
          ))}
        </ul>
      </div>
    </Page>
  );
}

interface Way {
  step: string;
  label: Key;
  /** Needs nothing but today's day: done with one press. */
  atOnce?: boolean;
}

// What can be done with what lies here, the usual one first, by its state.
const WAYS: Readonly<Record<string, readonly Way[]>> = {
  "letter sent": [{ step: "refer-receive", label: "inbox.sign", atOnce: true }, { step: "refer-decline", label: "inbox.decline" }],
  "letter received": [{ step: "refer-accept", label: "inbox.take", atOnce: true }, { step: "refer-decline", label: "inbox.decline" }],
  "letter accepted": [{ step: "refer-report", label: "inbox.report" }],
  "letter in_work": [{ step: "refer-report", label: "inbox.report" }],
  "answer reported": [{ step: "refer-close", label: "inbox.close" }],
  "answer declined": [{ step: "refer-close", label: "inbox.close" }],
  "answer lapsed": [{ step: "refer-close", label: "inbox.close" }],
  "application applied": [{ step: "confirm-receive", label: "inbox.sign", atOnce: true }, { step: "confirm-refuse", label: "inbox.refuse" }],
  "application received": [{ step: "confirm-accept", label: "inbox.accept" }, { step: "confirm-ask", label: "inbox.ask" }, { step: "confirm-refuse", label: "inbox.refuse" }],
  "application supplement": [{ step: "confirm-refuse", label: "inbox.refuse" }],
  "application accepted": [{ step: "confirm-rule", label: "inbox.rule" }, { step: "confirm-dismiss", label: "inbox.dismiss" }],
  "application objected": [{ step: "confirm-objection", label: "inbox.objection" }],
};

// To who got it a letter was not "sent": it waits for something.
const MINE: Readonly<Record<string, Key>> = {
  "letter sent": "inbox.state.new", "letter received": "inbox.state.signed", "letter accepted": "inbox.state.work", "letter in_work": "inbox.state.work", "application applied": "inbox.state.new",
};

const KINDS: Readonly<Record<string, Key>> = { letter: "inbox.letter", answer: "inbox.answer", application: "inbox.application" };

function Item({ item }: { item: InboxItem }) {
  const { t, pick, language } = useText();
  const { today } = useNow();
  const { word } = useCodeTable();
  const { person } = useSession();
  const announce = useAnnounce();
  const changed = useCaseChanged();
  const [token, setToken] = useState(() => uuidv7());
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const ways = WAYS[`${item.what} ${item.state}`] ?? [];
  const mine = MINE[`${item.what} ${item.state}`];
  const application = item.what === "application";
  const about: Record<string, string> = application ? {} : { referral: item.about };

  const press = async (way: Way) => {
    setBusy(true);
    setError(null);
    try {
      const name = way.label === "inbox.sign" ? { name: person.seat_name } : {};
      await takeStep(token, item.case, way.step, { at: today, ...about, ...name });
      // The next press is another save: the station answers a token it knows with what it did before.
      setToken(uuidv7());
      await changed(item.case);
      announce(t("saved"));
    } catch (thrown) {
      setError(thrown);
    }
    setBusy(false);
  };
  return (
    <div className="stack tight">
      <div className="line-row">
        <a className="grow line-link" href={href(["cases", item.case])}>
          <b>{item.title || t("cases.untitled", { category: t(KINDS[item.what] ?? "inbox.letter"), id: item.case.slice(0, 8) })}</b>
        </a>
        <Tag tone="wait">{mine ? t(mine) : word(application ? "confirmation" : "referral", item.state)}</Tag>
      </div>
      <p>
        {t("inbox.line", {
          kind: item.kind_label ? pick(item.kind_label) : t(KINDS[item.what] ?? "inbox.letter"),
          unit: item.from_name ?? "", day: item.sent_on ? showDay(item.sent_on, language, today) : "",
        })}
      </p>
      {item.article && <p className="soft small">{pick(item.article)}</p>}
      <Failure error={error} />
      <div className="buttons">
        {ways.map((way, at) =>
          way.atOnce ? (
            <Button key={way.step} kind={at === 0 ? "primary" : "plain"} isDisabled={busy} onPress={() => void press(way)}>
              {t(way.label)}
            </Button>
          ) : (
            <LinkButton key={way.step} kind={at === 0 ? "primary" : "plain"} href={href(["cases", item.case, "step", way.step], about)}>
              {t(way.label)}
            </LinkButton>
          ),
        )}
        <LinkButton href={href(["cases", item.case])}>{t("inbox.open")}</LinkButton>
      </div>
    </div>
  );
}
