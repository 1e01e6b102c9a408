import { useState } from "react";
import { draftPart } from "../../api/drafts";
import type { Conflict } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { DraftLine } from "../../components/DraftLine";
import { useNow } from "../../components/now";
import { useText } from "../../components/text";
import { useDraft } from "../../components/useDraft";
import { Button } from "../../components/ui/Button";
import { MomentBox } from "../../components/ui/DayBox";
import { ChoiceBox, TextBox } from "../../components/ui/Fields";
import { MoneyBox, moneyWrong } from "../../components/ui/MoneyBox";
import { dayWrong, timeWrong } from "../../components/ui/DayBox";
import { useValues } from "../../components/values";
import { atBeijing, readDay, readTime } from "../../lib/days";
import { readMoney } from "../../lib/money";

type Typed = readonly [string, string];

function readTyped(kept: unknown): Typed | null {
  return Array.isArray(kept) && typeof kept[0] === "string" && typeof kept[1] === "string" ? [kept[0], kept[1]] : null;
}

interface Props {
  conflict: Conflict;
  busy: boolean;
  save: (value: unknown) => void;
  cancel: () => void;
}

/** Neither of both: the person writes what is right. */
export function WriteAnother({ conflict, busy, save, cancel }: Props) {
  const { t, pick } = useText();
  const { label } = useValues();
  const { table } = useCodeTable();
  const { today } = useNow();
  const field = conflict.field;
  const draft = useDraft<Typed>(`settle.${draftPart(conflict.case)}.${draftPart(field)}`.slice(0, 100), ["", ""], readTyped);
  const [shown, setShown] = useState(false);
  if (!draft.ready) return null;
  const [text, time] = draft.value;
  const money = field.endsWith("amount_fen");
  const moment = field.endsWith("_at");
  const choice = field === "category" || field === "source";
  const wrong = money
    ? moneyWrong(text, true)
    : moment
      ? (dayWrong(text, today, "past", true) ?? timeWrong(time, true))
      : text.trim() === ""
        ? ("wrong.required" as const)
        : null;
  const value = (): unknown => {
    if (money) {
      const read = readMoney(text);
      return read.ok ? read.fen : null;
    }
    if (moment) {
      const day = readDay(text, today, "past");
      return day.ok ? atBeijing(day.day, readTime(time) ?? "00:00") : null;
    }
    return text;
  };
  const common = { label: t("conflict.write", { field: label(field) }), required: true, shown, wrong: wrong && t(wrong) };
  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        setShown(true);
        if (!wrong) save(value());
      }}
    >
      {money && <MoneyBox {...common} value={text} onChange={(next) => draft.set([next, ""])} />}
      {moment && <MomentBox {...common} day={text} time={time} onChange={(day, at) => draft.set([day, at])} today={today} leaning="past" timeRequired />}
      {choice && (
        <ChoiceBox {...common} value={text} onChange={(next) => draft.set([next, ""])} options={table(field === "category" ? "categories" : "sources").map((row) => ({ value: row.code, label: pick(row) }))} />
      )}
      {!money && !moment && !choice && <TextBox {...common} long value={text} onChange={(next) => draft.set([next, ""])} autoFocus />}
      <div className="buttons">
        <Button kind="primary" type="submit" isDisabled={busy}>
          {t("conflict.use")}
        </Button>
        <Button isDisabled={busy} onPress={() => void draft.discard().finally(cancel)}>
          {t("edit.cancel")}
        </Button>
        <DraftLine status={draft.status} />
      </div>
    </form>
  );
}
