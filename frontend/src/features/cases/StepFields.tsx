import type { CaseView, FieldSpec } from "../../api/types";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { DayBox, MomentBox } from "../../components/ui/DayBox";
import { ChoiceBox, ChoiceRow, ManyRow, TextBox, Tick, type Option } from "../../components/ui/Fields";
import { MoneyBox } from "../../components/ui/MoneyBox";
import type { Day } from "../../lib/days";
import type { Key } from "../../lib/messages";
import { itemsOf, leaningOf, namesOf, textOf, timeField, type StepForm } from "./stepForm";

// With more choices than this, a list that opens is easier than buttons.
const MOST_BUTTONS = 6;

interface Props {
  specs: readonly FieldSpec[];
  form: StepForm;
  set: (form: StepForm) => void;
  wrong: Readonly<Record<string, Key>>;
  shown: boolean;
  today: Day;
  view: CaseView | undefined;
  path?: string;
}

/** The form of a step, drawn from the fields that the station names. */
export function StepFields(props: Props) {
  return (
    <>
      {props.specs.map((spec) => (
        <OneField key={spec.name} {...props} spec={spec} />
      ))}
    </>
  );
}

function useTermOptions(view: CaseView | undefined, spec: FieldSpec): Option[] {
  const { pick } = useText();
  const terms = view?.agreement?.terms ?? [];
  if (spec.choices && spec.choices.length > 0) {
    return spec.choices.map((choice) => {
      const term = terms.find((one) => String(one.n) === choice.code);
      return { value: choice.code, label: term ? `${choice.code}. ${term.who}: ${term.what}` : pick(choice) };
    });
  }
  return terms.flatMap((term) => (term.performed_at ? [] : [{ value: String(term.n), label: `${term.n}. ${term.who}: ${term.what}` }]));
}

function OneField({ spec, form, set, wrong, shown, today, view, path = "" }: Omit<Props, "specs"> & { spec: FieldSpec }) {
  const { t, pick } = useText();
  const terms = useTermOptions(view, spec);
  const label = pick(spec.label);
  const hint = spec.hint ? pick(spec.hint) : undefined;
  const key = wrong[path ? `${path}.${spec.name}` : spec.name];
  const said = key ? t(key, { most: spec.max_length ?? 0 }) : null;
  const text = textOf(form[spec.name]);
  const put = (value: StepForm[string]) => set({ ...form, [spec.name]: value });
  const options = (spec.choices ?? []).map((choice) => ({ value: choice.code, label: pick(choice) }));
  const common = { label, required: spec.required, shown, wrong: said };
  switch (spec.kind) {
    case "date":
      return <DayBox {...common} value={text} onChange={put} today={today} leaning={leaningOf(spec.name)} />;
    case "datetime":
      return (
        <MomentBox
          {...common}
          day={text}
          time={textOf(form[timeField(spec.name)])}
          onChange={(day, time) => set({ ...form, [spec.name]: day, [timeField(spec.name)]: time })}
          today={today}
          leaning={leaningOf(spec.name)}
        />
      );
    case "money":
      return <MoneyBox {...common} value={text} onChange={put} />;
    case "bool":
      return (
        <div className="choices">
          <Tick label={label} value={text === "yes"} onChange={(on) => put(on ? "yes" : "")} />
        </div>
      );
    case "whole":
      // A number with given choices, or of a term, is chosen by what it stands for.
      if (options.length === 0 && spec.name !== "term") return <TextBox {...common} hint={hint} value={text} onChange={put} />;
      return <ChoiceRow {...common} hint={hint} value={text} onChange={put} options={spec.name === "term" ? terms : options} />;
    case "term":
      return <ChoiceRow {...common} hint={hint} value={text} onChange={put} options={terms} />;
    case "party":
      return <ChoiceRow {...common} hint={hint} value={text} onChange={put} options={options.length > 0 ? options : (view?.parties ?? []).map((party) => ({ value: party.id, label: party.name }))} />;
    case "names":
      return options.length > 0 ? (
        <ManyRow {...common} hint={hint} value={namesOf(form[spec.name])} onChange={put} options={options} />
      ) : (
        <TextBox {...common} hint={hint ?? t("form.names.hint")} value={text} onChange={put} />
      );
    case "choice": {
      const Box = options.length > MOST_BUTTONS ? ChoiceBox : ChoiceRow;
      return <Box {...common} hint={hint} value={text} onChange={put} options={options} />;
    }
    case "list":
      return <Items {...{ spec, form, set, wrong, shown, today, view, path, label }} />;
    default:
      return <TextBox {...common} hint={hint} value={text} onChange={put} long={spec.kind === "long_text"} />;
  }
}

function Items({ spec, form, set, wrong, shown, today, view, path = "", label }: Omit<Props, "specs"> & { spec: FieldSpec; label: string }) {
  const { t } = useText();
  const items = itemsOf(form[spec.name]);
  const put = (next: StepForm[]) => set({ ...form, [spec.name]: next });
  const at = path ? `${path}.${spec.name}` : spec.name;
  const key = wrong[at];
  return (
    <fieldset className="stack" style={{ border: 0, padding: 0, margin: 0 }}>
      <legend style={{ fontWeight: 600 }}>{label}</legend>
      {items.map((item, n) => (
        <div className="card stack" key={n} role="group" aria-label={t("form.item", { n: n + 1 })}>
          <div className="buttons">
            <b>{t("form.item", { n: n + 1 })}</b>
            <span className="spring" />
            {items.length > 1 && (
              <Button kind="quiet" icon="cross" onPress={() => put(items.filter((_, other) => other !== n))}>
                {t("form.item.remove", { n: n + 1 })}
              </Button>
            )}
          </div>
          <StepFields
            specs={spec.items ?? []}
            form={item}
            set={(next) => put(items.map((one, other) => (other === n ? next : one)))}
            wrong={wrong}
            shown={shown}
            today={today}
            view={view}
            path={`${at}.${n}`}
          />
        </div>
      ))}
      {key && shown && <p role="alert">{t(key)}</p>}
      <div className="buttons">
        <Button icon="plus" onPress={() => put([...items, {}])}>
          {t("form.item.add")}
        </Button>
      </div>
    </fieldset>
  );
}
