import { useState } from "react";
import { useText } from "../../../components/text";
import { Button } from "../../../components/ui/Button";

interface Props {
  /** What the value is, for who does not see the page. */
  label: string;
  value: string;
  mask: (value: string) => string;
}

/** A value of which the middle is covered until somebody asks to see it. */
export function Covered({ label, value, mask }: Props) {
  const { t } = useText();
  const [shown, setShown] = useState(false);
  const covered = mask(value);
  // Nothing to uncover: the station covered it for this reader already.
  if (covered === value || value.includes("*")) return <span>{value}</span>;
  return (
    <span className="covered">
      <span aria-live="polite">{shown ? value : covered}</span>{" "}
      <Button kind="quiet" aria-label={t(shown ? "covered.hide.of" : "covered.show.of", { what: label })} onPress={() => setShown(!shown)}>
        {t(shown ? "covered.hide" : "covered.show")}
      </Button>
    </span>
  );
}
