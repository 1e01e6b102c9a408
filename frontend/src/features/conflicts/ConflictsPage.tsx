import { useConflicts } from "../../api/cases";
import type { Conflict } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { ByLine } from "../../components/ByLine";
import { useStepValues } from "../../components/stepValues";
import { useText } from "../../components/text";
import { LeftOut } from "../../components/LeftOut";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Marked } from "../../components/ui/Marked";
import { Page } from "../../components/ui/Page";
import { useValues } from "../../components/values";
import { href } from "../../lib/route";
import { wholeNumbers } from "../../lib/diff";
import { glimpse } from "../../lib/glimpse";
import { marks, statementText } from "./statement";

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
        <LeftOut cases={list.data?.left_out} />
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
  const { t, pick } = useText();
  const { show, label } = useValues();
  const { word } = useCodeTable();
  const said = useStepValues();
  const texts = conflict.values.map((value) => statementText(conflict, value.value, show, (step) => word("steps", step), said));
  const pieces = marks(texts);
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
          <div className="glimpse">
            <Marked pieces={glimpse(wholeNumbers(pieces[at] ?? [], texts[at] ?? "", conflict.field))} />
          </div>
          <ByLine by={value} />
        </div>
      ))}
      <p className="soft small">
        {pick(conflict.why)} · {t("conflict.who", { who: pick(conflict.decides) })}
      </p>
    </>
  );
}
