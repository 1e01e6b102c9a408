// How each field of a case is typed, read and written back.
import type { CaseView } from "../../../api/types";
import type { Table } from "../../../components/codes";
import { dayWrong, timeWrong } from "../../../components/ui/DayBox";
import { moneyWrong } from "../../../components/ui/MoneyBox";
import { atBeijing, dayOf, readDay, readTime, timeOf, type Day } from "../../../lib/days";
import type { Key } from "../../../lib/messages";
import { readMoney, writeMoney } from "../../../lib/money";

export type EditKind = "line" | "paper" | "choice" | "tags" | "money" | "moment";
export type FieldName = "title" | "category" | "source" | "external_id" | "received_at" | "facts" | "claims" | "amount_fen" | "place" | "tags";

export interface EditSpec {
  kind: EditKind;
  required: boolean;
  most?: number;
  table?: Table;
}

export const SPECS: Readonly<Record<FieldName, EditSpec>> = {
  title: { kind: "line", required: true, most: 200 },
  category: { kind: "choice", required: true, table: "categories" },
  source: { kind: "choice", required: true, table: "sources" },
  external_id: { kind: "line", required: false, most: 100 },
  received_at: { kind: "moment", required: true },
  facts: { kind: "paper", required: true, most: 20_000 },
  claims: { kind: "paper", required: false, most: 5_000 },
  amount_fen: { kind: "money", required: false },
  place: { kind: "line", required: false, most: 200 },
  tags: { kind: "tags", required: false, table: "tags" },
};

/** What is typed: texts; of a moment day and time; of tags their codes. */
export type Typed = readonly string[];

export function readTyped(kept: unknown): Typed | null {
  return Array.isArray(kept) && kept.every((one) => typeof one === "string") ? kept : null;
}

export function typedFrom(view: CaseView, field: FieldName): Typed {
  if (field === "tags") return view.tags ?? [];
  if (field === "amount_fen") return [view.amount_fen === undefined ? "" : writeMoney(view.amount_fen)];
  if (field === "received_at") {
    const read = new Date(view.received_at ?? "");
    return Number.isNaN(read.getTime()) ? ["", ""] : [dayOf(read), timeOf(read)];
  }
  return [view[field] ?? ""];
}

export function typedWrong(field: FieldName, typed: Typed, today: Day): Key | null {
  const spec = SPECS[field];
  const text = typed[0] ?? "";
  if (spec.kind === "tags") return null;
  if (spec.kind === "money") return moneyWrong(text, spec.required);
  if (spec.kind === "moment") return dayWrong(text, today, "past", true) ?? timeWrong(typed[1] ?? "", true);
  if (spec.required && text.trim() === "") return "wrong.required";
  return spec.most !== undefined && Array.from(text).length > spec.most ? "wrong.long" : null;
}

/** The value as a patch takes it; null clears. Call only where nothing is wrong. */
export function typedValue(field: FieldName, typed: Typed, today: Day): unknown {
  const text = typed[0] ?? "";
  switch (SPECS[field].kind) {
    case "money": {
      const read = readMoney(text);
      return read.ok ? read.fen : null;
    }
    case "moment": {
      const day = readDay(text, today, "past");
      const time = readTime(typed[1] ?? "");
      return day.ok && time !== null ? atBeijing(day.day, time) : null;
    }
    case "tags":
      return typed;
    default:
      return text.trim() === "" ? null : text;
  }
}
