// Fields of forms: the label above, "required" written out, what is wrong said
// beside the field when leaving it. A field never refuses what is typed.
import { useId, useState, type ReactNode } from "react";
import {
  Checkbox, CheckboxGroup, Input, Label, ListBox, ListBoxItem, Popover, Radio, RadioGroup, Select, SelectValue, Text, TextArea, TextField,
  Button as AriaButton,
} from "react-aria-components";
import { useText } from "../text";
import { Icon } from "./Icon";

export interface Option {
  value: string;
  label: string;
}

interface Common {
  label: string;
  hint?: ReactNode;
  /** What is wrong, in words; shown once the field was left. */
  wrong?: string | null | undefined;
  /** Show what is wrong even before the field was left (after "save"). */
  shown?: boolean;
  required?: boolean;
}

function Must({ required }: { required: boolean | undefined }) {
  const { t } = useText();
  return required ? <span className="must">{t("form.required")}</span> : null;
}

function Beside({ hint, wrong }: { hint?: ReactNode; wrong: string | null }) {
  return (
    <>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      {wrong && (
        <Text slot="errorMessage" className="wrong">
          <Icon name="warn" />
          <span>{wrong}</span>
        </Text>
      )}
    </>
  );
}

function useLeft(wrong: string | null | undefined, shown: boolean | undefined) {
  const [left, setLeft] = useState(false);
  return { visible: (left || shown) && wrong ? wrong : null, leave: () => setLeft(true) };
}

interface TextProps extends Common {
  value: string;
  onChange: (value: string) => void;
  onBlur?: () => void;
  long?: boolean;
  paper?: boolean;
  short?: boolean;
  type?: "text" | "password" | "search" | "tel";
  maxLength?: number | undefined;
  autoFocus?: boolean;
  autoComplete?: string;
  placeholder?: string;
  readOnly?: boolean;
  name?: string;
}

export function TextBox(props: TextProps) {
  const { label, hint, wrong, shown, required, value, onChange, onBlur, long, paper, short, type = "text", maxLength } = props;
  const { visible, leave } = useLeft(wrong, shown);
  return (
    <TextField
      className="field"
      value={value}
      onChange={onChange}
      onBlur={() => {
        leave();
        onBlur?.();
      }}
      isInvalid={visible !== null}
      isRequired={required ?? false}
      isReadOnly={props.readOnly ?? false}
      validationBehavior="aria"
      type={type}
      autoFocus={props.autoFocus ?? false}
      {...(props.name ? { name: props.name } : {})}
      autoComplete={props.autoComplete ?? "off"}
    >
      <Label>
        {label}
        <Must required={required} />
      </Label>
      {long ? <TextArea className={paper ? "input paper" : short ? "input short" : "input"} maxLength={maxLength} /> : <Input className="input" maxLength={maxLength} placeholder={props.placeholder} />}
      <Beside hint={hint} wrong={visible} />
    </TextField>
  );
}

interface ChoiceProps extends Common {
  value: string;
  onChange: (value: string) => void;
  options: readonly Option[];
}

/** One of many, as a list that opens. */
export function ChoiceBox({ label, hint, wrong, shown, required, value, onChange, options }: ChoiceProps) {
  const { t } = useText();
  const { visible, leave } = useLeft(wrong, shown);
  return (
    <Select
      className="field"
      value={value === "" ? null : value}
      onChange={(key) => onChange(String(key ?? ""))}
      onBlur={leave}
      isInvalid={visible !== null}
      isRequired={required ?? false}
      validationBehavior="aria"
    >
      <Label>
        {label}
        <Must required={required} />
      </Label>
      <AriaButton className="input select-button">
        <SelectValue>{({ selectedText }) => selectedText || t("form.choose")}</SelectValue>
        <Icon name="down" />
      </AriaButton>
      <Beside hint={hint} wrong={visible} />
      <Popover className="popover">
        <ListBox>
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} textValue={option.label}>
              {option.label}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** One of few, all of them in sight. */
export function ChoiceRow({ label, hint, wrong, shown, required, value, onChange, options }: ChoiceProps) {
  const { visible, leave } = useLeft(wrong, shown);
  return (
    <RadioGroup
      className="field"
      // Null, not "": with a value that no radio has, Tab would pass all of them.
      value={value === "" ? null : value}
      onChange={onChange}
      onBlur={leave}
      isInvalid={visible !== null}
      isRequired={required ?? false}
      validationBehavior="aria"
    >
      <Label className="label">
        {label}
        <Must required={required} />
      </Label>
      <div className="choices">
        {options.map((option) => (
          <Radio key={option.value} value={option.value} className="choice">
            <span className="box round" />
            {option.label}
          </Radio>
        ))}
      </div>
      <Beside hint={hint} wrong={visible} />
    </RadioGroup>
  );
}

interface ManyProps extends Common {
  value: readonly string[];
  onChange: (value: string[]) => void;
  options: readonly Option[];
}

/** Any number of a few. */
export function ManyRow({ label, hint, wrong, shown, required, value, onChange, options }: ManyProps) {
  const { visible, leave } = useLeft(wrong, shown);
  return (
    <CheckboxGroup className="field" value={[...value]} onChange={onChange} onBlur={leave} isInvalid={visible !== null} validationBehavior="aria">
      <Label className="label">
        {label}
        <Must required={required} />
      </Label>
      <div className="choices">
        {options.map((option) => (
          <Checkbox key={option.value} value={option.value} className="choice">
            {({ isSelected }) => (
              <>
                <span className="box">{isSelected && <Icon name="check" />}</span>
                {option.label}
              </>
            )}
          </Checkbox>
        ))}
      </div>
      <Beside hint={hint} wrong={visible} />
    </CheckboxGroup>
  );
}

export function Tick({ label, value, onChange }: { label: string; value: boolean; onChange: (value: boolean) => void }) {
  return (
    <Checkbox className="choice" isSelected={value} onChange={onChange}>
      {({ isSelected }) => (
        <>
          <span className="box">{isSelected && <Icon name="check" />}</span>
          {label}
        </>
      )}
    </Checkbox>
  );
}

/** A group of fields with a heading of its own. */
export function Section({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className="card stack" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}
