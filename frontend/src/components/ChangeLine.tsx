import type { Change } from "../api/types";
import type { Key } from "../lib/messages";
import { compare, wholeNumbers } from "../lib/diff";
import { ByLine } from "./ByLine";
import { useCodeTable } from "./codes";
import { useText } from "./text";
import { Marked } from "./ui/Marked";
import { useValues } from "./values";

const KINDS: Readonly<Record<string, Key>> = {
  create: "history.create", set: "history.set", add: "history.add", remove: "history.remove",
  text: "history.text", step: "history.step", settle: "history.settle", remark: "history.remark", unknown: "history.unknown",
};

/** One change: what, from what to what and, unless that stands beside it, by whom. */
export function ChangeLine({ change, signed = true }: { change: Change; signed?: boolean }) {
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
      {signed && <ByLine by={change} />}
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
