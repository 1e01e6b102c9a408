import { useState } from "react";
import { acceptLoss, rebuild, useStatus, verify } from "../../api/station";
import type { RebuildResult, Status, VerifyResult } from "../../api/types";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Section } from "../../components/ui/Fields";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import type { Key } from "../../lib/messages";
import { showMoment } from "../../lib/when";
import { LateSection } from "./LateSection";

const COUNTS = ["records", "operations", "conflicts", "unsent", "owed", "waiting", "late", "refused", "newer"] as const;
const MEGABYTE = 1 << 20;

const size = (bytes: number) => (bytes / MEGABYTE).toLocaleString("en", { maximumFractionDigits: 1 });

/** How this computer's part is: for whoever looks after it. */
export function StatusSection() {
  const { t } = useText();
  const say = useProblemText();
  const status = useStatus();
  if (status.isPending) return <Waiting>{t("wait.loading")}</Waiting>;
  if (!status.data) return <Failure error={status.error} />;
  return (
    <div className="stack">
      {status.data.wrong.length === 0 && <Notice tone="ok">{t("status.fine")}</Notice>}
      {status.data.wrong.map((wrong, at) => (
        <Notice tone="bad" key={at}>
          {say(wrong)}
        </Notice>
      ))}
      {status.data.wrong.some(({ code }) => LOST.has(code)) && <GiveUp />}
      {status.data.late > 0 && <LateSection />}
      <Figures status={status.data} />
      <Care />
    </div>
  );
}

function Figures({ status }: { status: Status }) {
  const { t, language } = useText();
  const rows: [string, string][] = [
    [t("status.unit"), `${status.unit_name} ${status.unit_code}`],
    [t("status.version"), status.version],
    [t("status.clock"), showMoment(status.clock, language, "0000-01-01")],
    [t("status.packs"), t("status.mb", { n: size(status.pack_bytes) })],
    [t("status.free"), status.free_bytes < 0 ? t("status.unknown") : t("status.mb", { n: size(status.free_bytes) })],
    ...COUNTS.map((name): [string, string] => [t(`status.${name}` satisfies Key), String(status[name])]),
  ];
  return (
    <div className="card table-wrap">
      <table>
        <tbody>
          {rows.map(([name, value]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{value}</td>
            </tr>
          ))}
          {status.listening.map((address) => (
            <tr key={address}>
              <th scope="row">{t("status.listening")}</th>
              <td style={{ overflowWrap: "anywhere" }}>{address}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

// What is told until it comes back from somebody, or a person gives it up.
const LOST: ReadonlySet<string> = new Set(["own_lost", "frames_lost", "packs_behind", "reach_lost", "damaged"]);

/** Giving up what is lost on this computer and held nowhere else: asked twice. */
function GiveUp() {
  const { t } = useText();
  const [asked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const giveUp = async () => {
    setBusy(true);
    setError(null);
    try {
      await acceptLoss();
      setAsked(false);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t("status.lost")}>
      <p className="soft read">{t("status.lost.why")}</p>
      <div className="buttons">
        {!asked && <Button onPress={() => setAsked(true)}>{t("status.lost.give")}</Button>}
        {asked && (
          <>
            <Button isDisabled={busy} onPress={() => void giveUp()}>
              {t("status.lost.sure")}
            </Button>
            <Button isDisabled={busy} onPress={() => setAsked(false)}>
              {t("status.lost.keep")}
            </Button>
          </>
        )}
      </div>
      <Failure error={error} />
    </Section>
  );
}

function Care() {
  const { t } = useText();
  const [busy, setBusy] = useState<"" | "verify" | "rebuild">("");
  const [checked, setChecked] = useState<VerifyResult | null>(null);
  const [built, setBuilt] = useState<RebuildResult | null>(null);
  const [error, setError] = useState<unknown>(null);
  const run = async (kind: "verify" | "rebuild") => {
    setBusy(kind);
    setError(null);
    setChecked(null);
    setBuilt(null);
    try {
      if (kind === "verify") setChecked(await verify());
      else setBuilt(await rebuild());
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy("");
    }
  };
  return (
    <Section title={t("status.care")}>
      <p className="soft read">{t("status.care.why")}</p>
      <div className="buttons">
        <Button isDisabled={busy !== ""} onPress={() => void run("verify")}>
          {t(busy === "verify" ? "status.verifying" : "status.verify")}
        </Button>
        <Button isDisabled={busy !== ""} onPress={() => void run("rebuild")}>
          {t(busy === "rebuild" ? "status.rebuilding" : "status.rebuild")}
        </Button>
      </div>
      {checked?.bad.length === 0 && (
        <Notice tone="ok" live>
          {t("status.verified", { n: checked.operations })}
        </Notice>
      )}
      {checked && checked.healed.length > 0 && (
        <Notice tone="ok" live>
          {t("status.healed", { n: checked.healed.length })}
        </Notice>
      )}
      {checked && checked.newer.length > 0 && (
        <Notice tone="wait" live>
          {t("status.newer.found", { n: checked.newer.length })}
        </Notice>
      )}
      {checked && checked.bad.length > 0 && (
        <Notice tone="bad" live>
          <p>{t("status.bad", { n: checked.bad.length })}</p>
          <ul>
            {checked.bad.map((damage, at) => (
              <li key={at}>{[damage.where, damage.what, damage.id].filter(Boolean).join(" · ")}</li>
            ))}
          </ul>
        </Notice>
      )}
      {built && (
        <Notice tone="ok" live>
          {t("status.rebuilt", { n: built.records })}
        </Notice>
      )}
      <Failure error={error} />
    </Section>
  );
}
