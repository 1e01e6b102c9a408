import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { adoptLate, useLate } from "../../api/station";
import type { LateOperation } from "../../api/types";
import { ByLine } from "../../components/ByLine";
import { ChangeLine } from "../../components/ChangeLine";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Section } from "../../components/ui/Fields";
import { Failure, Notice } from "../../components/ui/Notice";
import { href } from "../../lib/route";
import { uuidv7 } from "../../lib/uuid";

/** What waits for a director: who wrote it, in which case, why it has no effect, and the press that takes it in. */
export function LateSection() {
  const { t } = useText();
  const late = useLate();
  if (!late.data) return <Failure error={late.error} />;
  if (late.data.items.length === 0) return null;
  return (
    <Section title={t("late.title")}>
      <p className="soft read">{t("late.why")}</p>
      <ol className="changes">
        {late.data.items.map((one) => (
          <Late key={one.id} one={one} />
        ))}
      </ol>
    </Section>
  );
}

function Late({ one }: { one: LateOperation }) {
  const { t } = useText();
  const say = useProblemText();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [once] = useState(() => uuidv7());
  const takeIn = async () => {
    setBusy(true);
    setError(null);
    try {
      await adoptLate(one.id, once);
      await client.invalidateQueries();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  const name = one.title ?? t("late.untitled");
  return (
    <li>
      <div>{one.case && !one.begins ? <a href={href(["cases", one.case])}>{name}</a> : <b>{name}</b>}</div>
      <ByLine by={one.by} />
      <p className="small">{say(one.why)}</p>
      <p className="soft small">{t("late.changes", { n: one.changes })}</p>
      {one.remark && <p className="small">{one.remark}</p>}
      {one.what && one.what.length > 0 && (
        <details>
          <summary>{t("late.first", { n: one.what.length })}</summary>
          <ol className="changes">
            {one.what.map((change, at) => (
              <ChangeLine key={at} change={change} signed={false} />
            ))}
          </ol>
        </details>
      )}
      {one.adopts ? (
        <div className="buttons">
          <Button isDisabled={busy} onPress={() => void takeIn()} aria-label={t("late.adopt.of", { title: name })}>
            {t("late.adopt")}
          </Button>
        </div>
      ) : (
        one.why_not && <Notice tone="wait">{say(one.why_not)}</Notice>
      )}
      <Failure error={error} />
    </li>
  );
}
