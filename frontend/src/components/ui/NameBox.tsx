import { useState } from "react";
import { Button as AriaButton, ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from "react-aria-components";
import { useText } from "../text";
import { Icon } from "./Icon";

interface Props {
  label: string;
  hint?: string | undefined;
  value: string;
  onChange: (value: string) => void;
  /** Names that are likely meant; any other may be written. */
  names: readonly string[];
  required?: boolean;
  shown?: boolean;
  wrong?: string | null;
}

/** A name, written or chosen from those at hand; whatever is written counts as it is. */
export function NameBox({ label, hint, value, onChange, names, required = false, shown = false, wrong }: Props) {
  const { t } = useText();
  const [left, setLeft] = useState(false);
  const told = (left || shown) && wrong ? wrong : null;
  // The list shows all names until something else is written.
  const fits = names.includes(value) ? names : names.filter((name) => name.includes(value.trim()));
  return (
    <ComboBox
      className="field"
      items={fits.map((name) => ({ id: name }))}
      inputValue={value}
      onInputChange={onChange}
      value={names.includes(value) ? value : null}
      onChange={(key) => {
        if (key !== null) onChange(String(key));
      }}
      onBlur={() => setLeft(true)}
      allowsCustomValue
      menuTrigger="input"
      isInvalid={told !== null}
      isRequired={required}
      validationBehavior="aria"
    >
      <Label>
        {label}
        {required && <span className="must">{t("form.required")}</span>}
      </Label>
      <div className="combo">
        <Input className="input" autoComplete="off" />
        <AriaButton className="icon-btn" aria-label={t("pick.open")}>
          <Icon name="down" />
        </AriaButton>
      </div>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      {told && (
        <Text slot="errorMessage" className="wrong">
          <Icon name="warn" />
          <span>{told}</span>
        </Text>
      )}
      <Popover className="popover">
        <ListBox<{ id: string }>>
          {(name) => (
            <ListBoxItem id={name.id} textValue={name.id}>
              {name.id}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
