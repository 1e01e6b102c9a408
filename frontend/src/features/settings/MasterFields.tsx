import type { Unit } from "../../api/types";
import { useText } from "../../components/text";
import { ChoiceBox } from "../../components/ui/Fields";
import { isBureau, isCourt, type Chosen } from "./masters";

// A list that opens has no empty value: this is its name there.
const LEFT = "-";

interface Props {
  units: readonly Unit[];
  value: Chosen;
  onChange: (value: Chosen) => void;
  /** What stands in each where nothing is chosen. */
  left: { court: string; bureau: string };
  /** The unit that is asked about: nobody is his own master. */
  of?: string;
}

/** The court that guides a unit and the bureau that supervises it; nothing where none is known here. */
export function MasterFields({ units, value, onChange, left, of }: Props) {
  const { t } = useText();
  const field = (what: keyof Chosen, fits: (unit: Unit) => boolean) => {
    const options = units.filter((unit) => unit.unit !== of && fits(unit));
    if (options.length === 0) return null;
    return (
      <ChoiceBox
        label={t(`masters.${what}`)}
        hint={t(`masters.${what}.hint`)}
        value={value[what] || LEFT}
        onChange={(chosen) => onChange({ ...value, [what]: chosen === LEFT ? "" : chosen })}
        options={[{ value: LEFT, label: left[what] }, ...options.map((unit) => ({ value: unit.unit, label: unit.name }))]}
      />
    );
  };
  return (
    <>
      {field("court", (unit) => isCourt(unit.body))}
      {field("bureau", isBureau)}
    </>
  );
}
