import { more } from "../../../api/lifecycleTypes";
import type { CaseView } from "../../../api/types";
import { useCodeTable } from "../../../components/codes";
import { useNow } from "../../../components/now";
import { useStepWords } from "../../../components/specs/useStepWords";
import { useText } from "../../../components/text";
import { Notice } from "../../../components/ui/Notice";
import { Tag, type Tone } from "../../../components/ui/Tag";
import type { Key } from "../../../lib/messages";
import { showDay } from "../../../lib/when";
import { Facts } from "./Facts";

const TONES: Readonly<Record<string, Tone>> = { confirmed: "ok", notarised: "ok", order_issued: "ok", refused: "bad", dismissed: "bad", supplement: "due", objected: "due", withdrawn: "plain" };
const SUITS: Readonly<Record<string, Key>> = { wanted: "suit.wanted", docketed: "suit.docketed", ended: "suit.ended" };

/** What is before the court: the joint application and what came of it, and a suit. */
export function CourtCard({ view }: { view: CaseView }) {
  const { t, language } = useText();
  const { today } = useNow();
  const { word } = useCodeTable();
  const said = useStepWords(view.id);
  const { judicial_confirmation: confirmation, suit } = more(view);
  const day = (on: string | undefined) => (on ? showDay(on, language, today) : "");
  const ground = (code: string | undefined) => {
    if (!code) return "";
    const refused = said("confirm-refuse", "ground", code);
    return refused === code ? said("confirm-dismiss", "ground", code) : refused;
  };
  if (!confirmation && !suit) return null;
  return (
    <section className="card stack">
      {confirmation && (
        <div className="stack tight">
          <div className="line-row">
            <h2 className="grow">{t("court.confirmation")}</h2>
            <Tag tone={TONES[confirmation.state] ?? "wait"}>{word("confirmation", confirmation.state)}</Tag>
          </div>
          {confirmation.asked_for && <Notice tone="due">{t("court.asked", { what: confirmation.asked_for })}</Notice>}
          <Facts
            rows={[
              [t("court.court"), confirmation.court],
              [t("court.applied"), day(confirmation.applied_on)],
              [t("court.received"), day(confirmation.received_on)],
              [t("court.accepted"), day(confirmation.accepted_on)],
              [t("court.number"), confirmation.number],
              [t("court.decided"), day(confirmation.decided_on)],
              [t("court.ground"), ground(confirmation.ground)],
              [t("court.objected"), day(confirmation.objected_on)],
            ]}
          />
          {confirmation.enforceable && <p className="small">{t("court.enforceable")}</p>}
        </div>
      )}
      {suit && (
        <div className="stack tight">
          <div className="line-row">
            <h2 className="grow">{t("court.suit")}</h2>
            <Tag tone={suit.state === "ended" ? "ok" : "wait"}>{t(SUITS[suit.state] ?? "suit.wanted")}</Tag>
          </div>
          <Facts
            rows={[
              [t("suit.wanted.on"), day(suit.wanted_on)],
              [t("court.court"), suit.court],
              [t("court.number"), suit.number],
              [t("suit.docketed.on"), day(suit.docketed_on)],
              [t("suit.result"), suit.result && said("suit", "result", suit.result)],
              [t("suit.ended.on"), day(suit.ended_on)],
            ]}
          />
        </div>
      )}
    </section>
  );
}
