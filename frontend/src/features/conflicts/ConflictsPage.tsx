import { useConflicts } from "../../api/cases";
import { useCodeTable } from "../../components/codes";
import { ByLine } from "../../components/ByLine";
import { useText } from "../../components/text";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { useValues } from "../../components/values";
import { href } from "../../lib/route";
import { statementText } from "./statement";

/** Everything that two people wrote differently and a person must decide. */
export function ConflictsPage({ only }: { only?: string | undefined }) {
  const { t } = useText();
  const { show, label } = useValues();
  const { word } = useCodeTable();
  const list = useConflicts();
  const conflicts = (list.data?.conflicts ?? []).filter((conflict) => !only || conflict.case === only);
  return (
    <Page title={t("conflicts.title")} sub={t("conflicts.sub")}>
      <div className="content narrow">
        {list.isPending && <Waiting>{t("wait.loading")}</Waiting>}
        <Failure error={list.error} />
        {list.data && conflicts.length === 0 && (
          <div className="read">
            <h2>{t("conflicts.none")}</h2>
            <p className="soft">{t("conflicts.none.do")}</p>
          </div>
        )}
        <ul className="plain-list stack">
          {conflicts.map((conflict) => (
            <li className="card" key={`${conflict.case} ${conflict.field}`}>
              <a className="line-link" href={href(["conflicts", conflict.case, conflict.field])}>
                <b>
                  {conflict.title ?? conflict.case.slice(0, 8)}
                  {" · "}
                  {conflict.kind === "step" ? t("conflict.step") : label(conflict.field)}
                </b>
              </a>
              {conflict.values.map((value, at) => (
                <div key={at}>
                  {statementText(conflict, value.value, show, (step) => word("steps", step)).slice(0, 60)} <ByLine by={value} />
                </div>
              ))}
            </li>
          ))}
        </ul>
      </div>
    </Page>
  );
}
