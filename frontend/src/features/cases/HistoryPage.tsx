import { useCase, useHistory } from "../../api/cases";
import type { Change } from "../../api/types";
import { ByLine } from "../../components/ByLine";
import { useCodeTable } from "../../components/codes";
import { useText } from "../../components/text";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Marked } from "../../components/ui/Marked";
import { Page } from "../../components/ui/Page";
import { useValues } from "../../components/values";
import { compare, wholeNumbers } from "../../lib/diff";
import type { Key } from "../../lib/messages";
import { href } from "../../lib/route";

const KINDS: Readonly<Record<string, Key>> = {
  create: "history.create", set: "history.set", add: "history.add", remove: "history.remove",
  text: "history.text", step: "history.step", settle: "history.settle", remark: "history.remark", unknown: "history.unknown",
};

/** Who changed what, from what to what; the newest first. */
export function HistoryPage({ id }: { id: string }) {
  const { t } = useText();
  const view = useCase(id);
  const history = useHistory(id);
  return (
    <Page title={t("history.title")} back={{ href: href(["cases", id]), label: view.data?.title ? t("back.to", { title: view.data.title }) : t("case.back") }}>
      <div className="content narrow">
        {history.isPending && <Waiting>{t("wait.loading")}</Waiting>}
        <Failure error={history.error} />
        {history.data && (
          <ol className="changes">
            {[...history.data].reverse().map((change, at) => (
              <Line key={`${change.id} ${change.field ?? ""} ${at}`} change={change} />
            ))}
          </ol>
        )}
      </div>
    </Page>
  );
}

function Line({ change }: { change: Change }) {
  const { t } = useText();
  const { word } = useCodeTable();
  const { show, label } = useValues();
  const field = change.field ?? "";
  const what = change.kind === "step" || change.step ? word("steps", change.step ?? "") : label(field);
  const said = (value: unknown) => (value === undefined ? "" : show(field, value));
  const [from, to] = [said(change.from), said(change.to)];
  const [before, after] = compare(from, to);
  const both = change.from !== undefined && change.to !== undefined;
  return (
    <li>
      <div>
        <b>{t(KINDS[change.kind] ?? "history.unknown")}</b> {what}
      </div>
      {change.remark && <p className="small">{change.kind === "remark" ? change.remark : `${t("history.remark")} · ${change.remark}`}</p>}
      <ByLine by={change} />
      {change.kind !== "step" && (change.from !== undefined || change.to !== undefined) && (
        <div className="fromto">
          {change.from !== undefined && (
            <div>
              <span className="soft small">{t("history.from")} </span>
              {both ? <Marked pieces={wholeNumbers(before, from, field)} /> : show(field, change.from)}
            </div>
          )}
          {change.to !== undefined && (
            <div>
              <span className="soft small">{t("history.to")} </span>
              {both ? <Marked pieces={wholeNumbers(after, to, field)} /> : show(field, change.to)}
            </div>
          )}
        </div>
      )}
    </li>
  );
}
