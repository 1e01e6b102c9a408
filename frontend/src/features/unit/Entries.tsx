import { useState } from "react";
import { patchRegister, useRegisterChanged } from "../../api/register";
import { EntryForm } from "../../components/EntryForm";
import { useNow } from "../../components/now";
import type { FieldSpec } from "../../components/specs/specForm";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Failure } from "../../components/ui/Notice";
import { uuidv7 } from "../../lib/uuid";
import { showDay } from "../../lib/when";
import { cleared, entryForm, type Entry } from "./entryForm";

interface Props {
  part: "members" | "mediators" | "roster";
  title: string;
  none: string;
  specs: readonly FieldSpec[];
  entries: readonly { id: string; name: string }[];
  may: boolean;
}

/** The entries of one part of the register: read, and where this person may, written. */
export function Entries({ part, title, none, specs, entries, may }: Props) {
  const { t } = useText();
  const changed = useRegisterChanged();
  const [open, setOpen] = useState("");
  const save = async (token: string, fields: Record<string, unknown>) => {
    await patchRegister(token, { fields: { [`${part}.+`]: fields } });
    await changed();
    setOpen("");
  };
  return (
    <section className="stack tight">
      <div className="line-row">
        <h2 className="grow">{title}</h2>
        {may && (
          <Button icon="plus" aria-expanded={open === "new"} onPress={() => setOpen(open === "new" ? "" : "new")}>
            {t("unitpage.add")}
          </Button>
        )}
      </div>
      {open === "new" && (
        <div className="card">
          <EntryForm specs={specs} start={{}} action={t("edit.save")} save={save} cancel={() => setOpen("")} />
        </div>
      )}
      {entries.length === 0 && <p className="soft read">{none}</p>}
      {entries.length > 0 && (
        <ul className="plain-list card-list">
          {entries.map((entry) => (
            <li key={entry.id}>
              <OneEntry part={part} specs={specs} entry={entry as Entry} may={may} open={open === entry.id} setOpen={setOpen} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

interface OneProps {
  part: string;
  specs: readonly FieldSpec[];
  entry: Entry;
  may: boolean;
  open: boolean;
  setOpen: (id: string) => void;
}

function OneEntry({ part, specs, entry, may, open, setOpen }: OneProps) {
  const { t } = useText();
  const changed = useRegisterChanged();
  const line = useEntryLine(specs);
  const [sure, setSure] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const remove = async () => {
    setError(null);
    try {
      await patchRegister(uuidv7(), { fields: { [`${part}.${entry.id}`]: null } });
      await changed();
    } catch (thrown) {
      setError(thrown);
    }
  };
  if (open) {
    const start = entryForm(specs, entry);
    return (
      <EntryForm
        specs={specs}
        start={start}
        action={t("edit.save")}
        cancel={() => setOpen("")}
        save={async (token, fields) => {
          await patchRegister(token, { fields: { [`${part}.${entry.id}`]: cleared(specs, entry, fields) } });
          await changed();
          setOpen("");
        }}
      />
    );
  }
  return (
    <>
      <div className="line-row">
        <span className="grow">
          <b>{entry.name}</b>
          {line(entry).map((text) => (
            <span key={text} className="small block">
              {text}
            </span>
          ))}
        </span>
        {may && !sure && (
          <>
            <Button kind="quiet" onPress={() => setOpen(entry.id)} aria-label={t("unitpage.edit", { name: entry.name })}>
              {t("edit.change")}
            </Button>
            <Button kind="quiet" onPress={() => setSure(true)} aria-label={t("unitpage.remove", { name: entry.name })}>
              {t("people.remove.yes")}
            </Button>
          </>
        )}
      </div>
      {sure && (
        <div className="buttons">
          <span>{t("unitpage.remove.sure", { name: entry.name })}</span>
          <Button onPress={() => void remove()}>{t("people.remove.yes")}</Button>
          <Button onPress={() => setSure(false)}>{t("people.remove.no")}</Button>
        </div>
      )}
      <Failure error={error} />
    </>
  );
}

const plain = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));

/** What stands in an entry, in words: short things in one line, leave and conflicts in lines of their own. */
function useEntryLine(specs: readonly FieldSpec[]): (entry: Entry) => string[] {
  const { t, pick, list, language } = useText();
  const { today } = useNow();
  const colon = language === "en" ? ": " : "：";
  const day = (text: unknown) => (typeof text === "string" && text !== "" ? showDay(text, language, today) : "");
  return (entry) => {
    const short: string[] = [];
    const long: string[] = [];
    for (const spec of specs) {
      const value = entry[spec.name];
      if (spec.name === "name" || value === undefined || value === null || value === "" || value === 0 || value === false) continue;
      const label = pick(spec.label);
      if (spec.kind === "choice") {
        const choice = spec.choices?.find((one) => one.code === value);
        short.push(choice ? pick(choice) : plain(value));
      } else if (spec.kind === "date") short.push(`${label} ${day(value)}`);
      else if (spec.kind === "bool") short.push(label);
      else if (spec.kind === "spans" && Array.isArray(value)) {
        for (const span of value as { from: string; to?: string }[]) long.push(`${label}${colon}${t("unitpage.span", { from: day(span.from), to: day(span.to) })}`);
      } else if (Array.isArray(value)) {
        if (value.length > 0) long.push(`${label}${colon}${list(value as string[])}`);
      } else short.push(`${label} ${plain(value)}`);
    }
    return [short.join(" · "), ...long].filter(Boolean);
  };
}
