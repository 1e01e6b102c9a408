import { settle, useCase, useCaseChanged, useConflicts } from "../../api/cases";
import type { Conflict } from "../../api/types";
import { useSession } from "../../components/session";
import { useText } from "../../components/text";
import { useAnnounce } from "../../components/ui/Announce";
import { Button, LinkButton } from "../../components/ui/Button";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { useValues } from "../../components/values";
import { goTo, href } from "../../lib/route";
import { uuidv7 } from "../../lib/uuid";
import { useState } from "react";
import { mayDecide } from "./statement";
import { Statements } from "./Statements";
import { WriteAnother } from "./WriteAnother";

/** Two statements side by side, and the question that a person must answer. */
export function ConflictPage({ id, field }: { id: string; field: string }) {
  const { t } = useText();
  const { label } = useValues();
  const { person } = useSession();
  const list = useConflicts();
  const view = useCase(id);
  const conflict = list.data?.conflicts.find((one) => one.case === id && one.field === field);
  const title = conflict?.title ?? view.data?.title;
  const back = { href: href(["cases", id]), label: title ? t("back.to", { title }) : t("case.back") };
  if (list.isPending) return <Waiting>{t("wait.loading")}</Waiting>;
  if (!conflict) {
    return (
      <Page title={t("conflict.gone")} back={back}>
        <div className="content">
          <Failure error={list.error} />
          {!list.error && <p>{t("conflict.gone.why")}</p>}
          <div className="buttons">
            <LinkButton href={href(["cases", id])}>{t("new.open")}</LinkButton>
            <LinkButton href={href(["conflicts"])}>{t("rail.conflicts")}</LinkButton>
          </div>
        </div>
      </Page>
    );
  }
  const what = conflict.kind === "step" ? t("conflict.step") : label(field);
  return (
    <Page title={t("conflict.title", { field: what })} back={back}>
      <Decide conflict={conflict} may={mayDecide(conflict, person)} />
    </Page>
  );
}

function Decide({ conflict, may }: { conflict: Conflict; may: boolean }) {
  const { t, pick } = useText();
  const changed = useCaseChanged();
  const announce = useAnnounce();
  const [token] = useState(() => uuidv7());
  const [writing, setWriting] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const decide = async (value: unknown) => {
    setBusy(true);
    setError(null);
    try {
      await settle(token, conflict.case, { field: conflict.field, value, base: conflict.heads });
      await changed(conflict.case);
      announce(t("conflict.settled"));
      goTo(href(["cases", conflict.case]));
    } catch (thrown) {
      setError(thrown);
      setBusy(false);
      await changed(conflict.case); // other statements may stand now: they are shown
    }
  };
  const step = conflict.kind === "step";
  return (
    <div className="content" style={{ maxWidth: "64rem" }}>
      <Notice tone="wait">
        <p>{t(step ? "conflict.why.step" : "conflict.why")}</p>
        <p>{pick(conflict.why)}</p>
        <p>{t("conflict.who", { who: pick(conflict.decides) })}</p>
      </Notice>
      <Statements conflict={conflict} may={may && !busy} keep={(value) => void decide(value)} />
      <Failure error={error} safe={t("conflict.safe")} />
      {may ? (
        <>
          {!step && !writing && (
            <div className="buttons">
              <Button onPress={() => setWriting(true)}>{t("conflict.another")}</Button>
              <span className="soft small">{t("conflict.after")}</span>
            </div>
          )}
          {!step && writing && <WriteAnother conflict={conflict} busy={busy} save={(value) => void decide(value)} cancel={() => setWriting(false)} />}
          {step && <p className="soft small">{t("conflict.after")}</p>}
        </>
      ) : (
        <Notice tone="due">{t("conflict.maynot.who", { who: pick(conflict.decides) })}</Notice>
      )}
    </div>
  );
}
