import { useState } from "react";
import { Button as AriaButton, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { useText } from "../text";
import { Icon } from "./Icon";

export interface PickOption {
  value: string;
  label: string;
  /** What else it is found by: a code. */
  also?: string;
}

interface Props {
  label: string;
  hint?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  options: readonly PickOption[];
  required?: boolean;
  shown?: boolean;
  wrong?: string | null;
  autoFocus?: boolean;
}

const MOST_SHOWN = 60;

/** The options that a written word finds, those that begin with it first. */
export function found(options: readonly PickOption[], written: string): PickOption[] {
  const word = written.normalize("NFKC").trim().toLowerCase();
  if (word === "") return options.slice(0, MOST_SHOWN);
  const rank = (option: PickOption) => {
    const also = (option.also ?? "").toLowerCase();
    const label = option.label.toLowerCase();
    if (also === word || label === word) return 0;
    if (also.startsWith(word) || label.startsWith(word)) return 1;
    return also.includes(word) || label.includes(word) ? 2 : 3;
  };
  return options
    .map((option) => ({ option, at: rank(option) }))
    .filter((one) => one.at < 3)
    .sort((a, b) => a.at - b.at)
    .map((one) => one.option)
    .slice(0, MOST_SHOWN);
}

/** The one option that a written word can only mean: by its code, its whole name, or as the only one found. */
export function meant(options: readonly PickOption[], written: string): PickOption | undefined {
  const word = written.normalize("NFKC").trim().toLowerCase();
  if (word === "") return undefined;
  const exact = options.filter((option) => option.also?.toLowerCase() === word || option.label.toLowerCase() === word);
  if (exact.length > 0) return exact.length === 1 ? exact[0] : undefined;
  const [first, second] = found(options, written);
  return second ? undefined : first;
}

const shownAs = (option: PickOption | undefined) => option?.label ?? "";

/**
 * One of many, found by writing a part of its name or its code. It is chosen as
 * soon as what is written can mean nothing else.
 */
export function PickBox({ label, hint, value, onChange, options, required = false, shown = false, wrong, autoFocus = false }: Props) {
  const { t } = useText();
  const [written, setWritten] = useState<string | null>(null);
  const [left, setLeft] = useState(false);
  const chosen = options.find((option) => option.value === value);
  const text = written ?? (chosen ? shownAs(chosen) : value);
  const fits = written === null || written === shownAs(chosen) ? options.slice(0, MOST_SHOWN) : found(options, written);
  const open = written !== null && written.trim() !== "" && !chosen;
  const told = (left || shown) && (open ? t(fits.length === 0 ? "pick.none" : "pick.several") : wrong);
  return (
    <ComboBox
      className="field"
      items={fits}
      inputValue={text}
      onInputChange={(next) => {
        if (next === text) return;
        setWritten(next);
        onChange(meant(options, next)?.value ?? "");
      }}
      value={chosen?.value ?? null}
      onChange={(key) => {
        if (key === null) return;
        setWritten(null);
        onChange(String(key));
      }}
      onBlur={() => {
        setLeft(true);
        if (chosen) setWritten(null);
      }}
      allowsEmptyCollection
      allowsCustomValue
      menuTrigger="input"
      isInvalid={Boolean(told)}
      isRequired={required}
      validationBehavior="aria"
    >
      <Label>
        {label}
        {required && <span className="must">{t("form.required")}</span>}
      </Label>
      <div className="combo">
        <Input className="input" autoFocus={autoFocus} autoComplete="off" />
        <AriaButton className="icon-btn" aria-label={t("pick.open")}>
          <Icon name="down" />
        </AriaButton>
      </div>
      {(chosen && written !== null ? shownAs(chosen) : hint) && (
        <Text slot="description" className="hint">
          {chosen && written !== null ? t("pick.understood", { name: chosen.also && chosen.also !== chosen.label ? `${chosen.label} (${chosen.also})` : chosen.label }) : hint}
        </Text>
      )}
      {told && (
        <Text slot="errorMessage" className="wrong">
          <Icon name="warn" />
          <span>{told}</span>
        </Text>
      )}
      <Popover className="popover">
        <ListBox<PickOption> renderEmptyState={() => <p className="soft popover-empty">{t("pick.none")}</p>}>
          {(option) => (
            <ListBoxItem id={option.value} textValue={option.label}>
              <span>{option.label}</span>
              {option.also && <span className="soft small pick-also">{option.also}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
