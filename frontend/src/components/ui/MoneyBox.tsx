import type { Key } from "../../lib/messages";
import { capitalMoney, readMoney, writeMoney } from "../../lib/money";
import { useText } from "../text";
import { TextBox } from "./Fields";

export function moneyWrong(value: string, required: boolean): Key | null {
  const read = readMoney(value);
  if (read.ok) return null;
  if (read.problem === "empty") return required ? "wrong.required" : null;
  return `wrong.money.${read.problem}`;
}

/** An amount in yuan; says which amount was understood. */
export function MoneyBox(props: { label: string; value: string; onChange: (value: string) => void; required?: boolean; shown?: boolean; wrong?: string | null }) {
  const { t, language } = useText();
  // Agreements write amounts in capitals, which nobody can change afterwards.
  const capitals = (fen: number) => (language === "zh-CN" ? `（${capitalMoney(fen)}）` : "");
  const { value, required = false } = props;
  const read = readMoney(value);
  const problem = moneyWrong(value, required);
  return (
    <TextBox
      label={props.label}
      value={value}
      onChange={props.onChange}
      required={required}
      shown={props.shown ?? false}
      hint={read.ok ? t("money.understood", { yuan: writeMoney(read.fen) }) + capitals(read.fen) : t("money.hint")}
      wrong={props.wrong ?? (problem && t(problem))}
    />
  );
}
