import { useRegister } from "../../api/register";
import { MEDIATOR, MEMBER, ROSTER } from "../../components/registerSpecs";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { Entries } from "./Entries";
import { NumbersPart } from "./NumbersPart";
import { OpenPart } from "./OpenPart";

/** The unit: its committee, its mediators with leave and conflicts, the roster, the numbers, what a person should look at. */
export function UnitPage() {
  const { t, list } = useText();
  const say = useProblemText();
  const register = useRegister();
  const view = register.data;
  const may = (part: string) => view?.writable.includes(part) ?? false;
  if (register.isPending) return <Waiting>{t("wait.loading")}</Waiting>;
  return (
    <Page title={view ? view.unit_name : t("unitpage.title")} sub={view?.unit_code}>
      <div className="content narrow">
        <Failure error={register.error} />
        {view && view.warnings.length > 0 && (
          <Notice tone="due">
            <p>{t("unitpage.warnings")}</p>
            <ul>
              {view.warnings.map((warning, at) => (
                <li key={at}>{say(warning)}</li>
              ))}
            </ul>
          </Notice>
        )}
        {view && (
          <>
            <Entries part="members" title={t("unitpage.members")} none={t("unitpage.members.none")} specs={MEMBER} entries={view.members} may={may("members")} />
            <Entries part="mediators" title={t("unitpage.mediators")} none={t("unitpage.mediators.none")} specs={MEDIATOR} entries={view.mediators} may={may("mediators")} />
            <Entries part="roster" title={t("unitpage.roster")} none={t("unitpage.roster.none")} specs={ROSTER} entries={view.roster} may={may("roster")} />
            <NumbersPart />
            <OpenPart />
            {view.unknown.length > 0 && <p className="soft small">{t("unitpage.unknown", { names: list(view.unknown) })}</p>}
          </>
        )}
      </div>
    </Page>
  );
}
