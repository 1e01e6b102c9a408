import { createContext, useContext, useEffect, useRef, useState, type ReactNode } from "react";
import type { CaseView } from "../../api/types";
import type { Day } from "../../lib/days";
import type { Key } from "../../lib/messages";
import { useText } from "../text";
import { Button } from "../ui/Button";
import { DayBox, MomentBox } from "../ui/DayBox";
import { ChoiceBox, ChoiceRow, ManyRow, TextBox, Tick, type Option } from "../ui/Fields";
import { NameBox } from "../ui/NameBox";
import { MoneyBox } from "../ui/MoneyBox";
import { HashBox } from "./HashBox";
import { QuestionRows } from "./QuestionRows";
import { itemsOf, leaningOf, namesOf, ONE_MEANT, textOf, timeField, type FieldSpec, type SpecForm } from "./specForm";
import { UnitBox } from "./UnitBox";
import { useLetterLabel } from "./useLetterLabel";

// With more choices than this, a list that opens is easier than buttons.
const MOST_BUTTONS = 6;
// Texts that may be this long are a story, texts with these names a sentence or two.
const STORY_FROM = 2000;
// The people of a promise.
const PROMISED = ["who", "to"];
const SENTENCES = ["note", "reason", "why", "what", "measures", "focus", "conduct", "hints", "proof"];

/** What the fields of one form share. */
export interface SpecScene {
  today: Day;
  /** Show what is wrong even before a field was left. */
  shown: boolean;
  /** What is wrong by path, judged here. */
  wrong: Readonly<Record<string, Key>>;
  /** What the station said of a field, by path, in words. */
  said: Readonly<Record<string, string>>;
  /** A field was changed: what was said of it holds no longer. */
  changed: (path: string) => void;
  view: CaseView | undefined;
  step: string;
}

const Scene = createContext<SpecScene | null>(null);

function useScene(): SpecScene {
  const scene = useContext(Scene);
  if (!scene) throw new Error("fields stand in a scene");
  return scene;
}

interface Props {
  specs: readonly FieldSpec[];
  form: SpecForm;
  set: (form: SpecForm) => void;
}

/** A form drawn from the fields that the station names. */
export function SpecForm({ scene, ...rest }: Props & { scene: SpecScene }) {
  return (
    <Scene.Provider value={scene}>
      <SpecFields {...rest} path="" />
    </Scene.Provider>
  );
}

function SpecFields({ specs, path, ...rest }: Props & { path: string }) {
  const { t } = useText();
  const { wrong, said, shown } = useScene();
  const [asked, setAsked] = useState(false);
  const pathOf = (spec: FieldSpec) => (path ? `${path}.${spec.name}` : spec.name);
  const rare = specs.filter((spec) => spec.rare);
  // What is filled in or wrong is never hidden.
  const open = asked || rare.some((spec) => filled(rest.form[spec.name]) || said[pathOf(spec)] !== undefined || (shown && wrong[pathOf(spec)] !== undefined));
  const draw = (spec: FieldSpec) => <OneField key={spec.name} {...rest} spec={spec} at={pathOf(spec)} />;
  return (
    <>
      {specs.filter((spec) => !spec.rare).map(draw)}
      {rare.length > 0 && !open && (
        <div className="buttons">
          <Button kind="quiet" icon="down" aria-expanded={false} onPress={() => setAsked(true)}>
            {t("form.rare", { n: rare.length })}
          </Button>
        </div>
      )}
      {open && rare.map(draw)}
    </>
  );
}

const filled = (entry: SpecForm[string] | undefined): boolean => entry !== undefined && entry.length > 0;

function termOptions(view: CaseView | undefined, spec: FieldSpec, pick: (label: { zh: string; en: string }) => string, t: ReturnType<typeof useText>["t"]): Option[] {
  const terms = view?.agreement?.terms ?? [];
  if (spec.choices && spec.choices.length > 0) {
    return spec.choices.map((choice) => {
      const term = terms.find((one) => String(one.n) === choice.code);
      return { value: choice.code, label: term ? t("form.term", { n: choice.code, who: term.who, what: term.what }) : pick(choice) };
    });
  }
  return terms.flatMap((term) => (term.performed_at ? [] : [{ value: String(term.n), label: t("form.term", { n: term.n, who: term.who, what: term.what }) }]));
}

type FieldProps = Omit<Props, "specs"> & { spec: FieldSpec; at: string };

function OneField(props: FieldProps) {
  const { spec, form, at } = props;
  const { t, pick } = useText();
  const { wrong, said, shown, today, view, step, changed } = useScene();
  const letter = useLetterLabel(view);
  const label = pick(spec.label);
  const hint = spec.hint ? pick(spec.hint) : undefined;
  const key = wrong[at];
  const told = said[at] ?? (key ? t(key, { most: spec.max_length ?? 0 }) : null);
  const text = textOf(form[spec.name]);
  const set = (next: SpecForm) => {
    changed(at);
    props.set(next);
  };
  const put = (value: SpecForm[string]) => set({ ...form, [spec.name]: value });
  const options = (spec.choices ?? []).map((choice) => ({ value: choice.code, label: letter(spec.name, choice.code) ?? pick(choice) }));
  const common = { label, required: spec.required, shown: shown || said[at] !== undefined, wrong: told };
  const boxed = { ...common, hint, value: text, onChange: put };
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
    case "yes_no":
      return <ChoiceRow {...boxed} options={[{ value: "yes", label: t("value.yes") }, { value: "no", label: t("value.no") }]} />;
    case "whole":
    case "term": {
      // A number with given choices, or of a term, is chosen by what it stands for.
      if (spec.name === "term" || spec.kind === "term") return <ChoiceRow {...boxed} options={termOptions(view, spec, pick, t)} />;
      return options.length === 0 ? <TextBox {...boxed} /> : <ChoiceRow {...boxed} options={options} />;
    }
    case "party":
      return <ChoiceRow {...boxed} options={options.length > 0 ? options : (view?.parties ?? []).map((party) => ({ value: party.id, label: party.name }))} />;
    case "names":
      return options.length > 0 ? (
        <ManyRow {...common} hint={hint} value={namesOf(form[spec.name])} onChange={put} options={options} />
      ) : (
        <TextBox {...boxed} hint={hint ?? t("form.names.hint")} />
      );
    case "choices":
      return <ManyRow {...common} hint={hint} value={namesOf(form[spec.name])} onChange={put} options={options} />;
    case "unit":
      return <UnitBox {...boxed} view={view} referral={step.startsWith("refer")} />;
    case "hash":
      return <HashBox {...boxed} />;
    case "choice": {
      const Box = options.length > MOST_BUTTONS ? ChoiceBox : ChoiceRow;
      // What must not be chosen can be taken back, unlike a button that was pressed.
      return <Box {...boxed} options={spec.required || text === "" || (options.length === 1 && ONE_MEANT.includes(spec.name)) ? options : [...options, { value: "", label: t("form.unchosen") }]} />;
    }
    case "list":
    case "spans":
      if (step === "confirm-apply" && spec.name === "answers") return <QuestionRows label={label} view={view} value={itemsOf(form[spec.name])} onChange={put} wrong={told} />;
      return <Items {...props} set={set} label={label} told={told} />;
    default: {
      // A fixed set of names (the mediators of the case) is chosen, not written.
      if (options.length > 0) return <ChoiceRow {...boxed} options={options} />;
      // Who promises, and to whom, is mostly a party; anybody else is written.
      if (at.startsWith("terms.") && PROMISED.includes(spec.name) && (view?.parties ?? []).length > 0) return <NameBox {...boxed} names={[...new Set(view?.parties.map((party) => party.name))]} />;
      const story = spec.kind === "long_text" || (spec.max_length ?? 0) >= STORY_FROM;
      return <TextBox {...boxed} long={story || SENTENCES.includes(spec.name)} short={!story} />;
    }
  }
}

/** Rows that can be added and taken away; the keyboard follows. */
function Items({ spec, form, set, at, label, told }: FieldProps & { label: string; told: string | null }) {
  const { t } = useText();
  const { shown } = useScene();
  const items = itemsOf(form[spec.name]);
  const box = useRef<HTMLFieldSetElement>(null);
  const wanted = useRef<number | null>(null);
  const put = (next: SpecForm[], focus: number) => {
    wanted.current = focus;
    set({ ...form, [spec.name]: next });
  };
  useEffect(() => {
    const row = wanted.current;
    wanted.current = null;
    if (row === null) return;
    const group = box.current?.querySelector(`[data-row="${row}"]`);
    const first = group?.querySelector<HTMLElement>("input, textarea, button") ?? box.current?.querySelector<HTMLElement>("[data-add] button");
    first?.focus();
  }, [items.length]);
  return (
    <fieldset className="stack rows-field" ref={box}>
      <legend>
        {label}
        {spec.required && <span className="must">{t("form.required")}</span>}
      </legend>
      {items.map((item, n) => (
        <div className="card stack" key={n} role="group" aria-label={t("form.item", { n: n + 1 })} data-row={n}>
          <SpecFields
            specs={spec.items ?? []}
            form={item}
            set={(next) => set({ ...form, [spec.name]: items.map((one, other) => (other === n ? next : one)) })}
            path={`${at}.${n}`}
          />
          {(items.length > 1 || !spec.required) && (
            <div className="buttons">
              <Button kind="quiet" icon="cross" onPress={() => put(items.filter((_, other) => other !== n), Math.max(0, n - 1))}>
                {t("form.item.remove", { n: n + 1 })}
              </Button>
            </div>
          )}
        </div>
      ))}
      {told && shown && <Wrong>{told}</Wrong>}
      {items.length < (spec.max_length ?? Infinity) && (
        <div className="buttons" data-add>
          <Button icon="plus" onPress={() => put([...items, {}], items.length)}>
            {t(items.length === 0 ? "form.item.first" : "form.item.add")}
          </Button>
        </div>
      )}
    </fieldset>
  );
}

function Wrong({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="bad-line">
      {children}
    </p>
  );
}
