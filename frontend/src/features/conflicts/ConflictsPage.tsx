import { useConflicts } from "../../api/cases";
import type { Conflict } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { ByLine } from "../../components/ByLine";
import { useStepValues } from "../../components/stepValues";
import { useText } from "../../components/text";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { useValues } from "../../components/values";
import { href } from "../../lib/route";
import { statementText } from "./statement";

/** Everything that two people wrote differently and a person must decide. */
export function ConflictsPage({ only }: { only?: string | undefined }) {
  const { t } = useText();
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
              <Card conflict={conflict} />
            </li>
          ))}
        </ul>
      </div>
    </Page>
  );
}

function Card({ conflict }: { conflict: Conflict }) {
  const { t } = useText();
  const { show, label } = useValues();
  const { word } = useCodeTable();
  const said = useStepValues();
  return (
    <>
      <a className="line-link" href={href(["conflicts", conflict.case, conflict.field])}>
        <b>
          {conflict.title ?? conflict.case.slice(0, 8)}
          {" · "}
          {conflict.kind === "step" ? t("conflict.step") : label(conflict.field)}
        </b>
      </a>
      {conflict.values.map((value, at) => (
        <div key={at}>
          <div className="glimpse">{statementText(conflict, value.value, show, (step) => word("steps", step), said)}</div>
          <ByLine by={value} />
        </div>
      ))}
    </>
  );
}
