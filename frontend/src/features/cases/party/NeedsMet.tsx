import { useSteps } from "../../../api/cases";
import type { CaseView, PartyView } from "../../../api/types";
import { useCodeTable } from "../../../components/codes";
import { useNow } from "../../../components/now";
import { useText } from "../../../components/text";
import { Icon } from "../../../components/ui/Icon";
import { href } from "../../../lib/route";
import { showDay } from "../../../lib/when";
import { dayOf, standing, textIn } from "../taken";

/** Of each need of a party: what was done about it, by whom and when, or the way to write it down. */
export function NeedsMet({ view, party }: { view: CaseView; party: PartyView }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { today } = useNow();
  const steps = useSteps(view.id);
  const may = steps.data?.some((one) => one.step === "assist" && one.allowed) ?? false;
  const given = standing(view, "assist").filter((event) => textIn(event, "for") === party.name);
  return (
    <ul className="plain-list small">
      {(party.needs ?? []).map((code) => {
        const need = word("needs", code);
        const done = given.filter((event) => textIn(event, "need") === code);
        if (done.length > 0) {
          return done.map((event) => {
            const who = textIn(event, "name");
            const values = { need, what: textIn(event, "what"), who, day: showDay(dayOf(event), language, today) };
            return (
              <li key={event.id}>
                <Icon name="check" /> {t(who === "" ? "party.owed.done.nobody" : "party.owed.done", values)}
              </li>
            );
          });
        }
        return (
          <li key={code} className="soft">
            {t("party.owed.open", { need })}{" "}
            {may && (
              <a className="line-link" href={href(["cases", view.id, "step", "assist"], { for: party.name, need: code })} aria-label={t("party.owed.record.of", { name: party.name, need })}>
                {t("party.owed.record")}
              </a>
            )}
          </li>
        );
      })}
    </ul>
  );
}
