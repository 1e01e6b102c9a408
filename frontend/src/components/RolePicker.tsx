import { useCodeTable } from "./codes";
import { useText } from "./text";
import { ManyRow } from "./ui/Fields";

/** What a person may do; several at once. */
export function RolePicker({ value, onChange, shown }: { value: readonly string[]; onChange: (roles: string[]) => void; shown: boolean }) {
  const { t, pick } = useText();
  const { table } = useCodeTable();
  return (
    <ManyRow
      label={t("role.label")}
      hint={t("role.hint")}
      value={value}
      onChange={onChange}
      options={table("roles").map((row) => ({ value: row.code, label: pick(row) }))}
      required
      shown={shown}
      wrong={value.length === 0 ? t("wrong.required") : null}
    />
  );
}
