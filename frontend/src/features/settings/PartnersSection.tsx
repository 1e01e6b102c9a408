import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { putPeers, syncWith, usePeers, useSync, useUnits } from "../../api/station";
import type { Partner, Peer, SyncResult, Unit } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { useNow } from "../../components/now";
import { useProblemText } from "../../components/problem";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { TextBox } from "../../components/ui/Fields";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { Tag } from "../../components/ui/Tag";
import { showRecent } from "../../lib/when";

/** The units that this one works with: where they are, what they have, sync now. */
export function PartnersSection() {
  const { t } = useText();
  const units = useUnits();
  const peers = usePeers();
  const sync = useSync();
  if (units.isPending || peers.isPending) return <Waiting>{t("wait.loading")}</Waiting>;
  const others = (units.data ?? []).filter((unit) => !unit.own);
  return (
    <div className="stack">
      <Failure error={units.error ?? peers.error} />
      {others.length === 0 && <p className="soft read">{t("partners.none")}</p>}
      {others.map((unit) => (
        <PartnerCard
          key={unit.unit}
          unit={unit}
          peers={peers.data ?? []}
          partner={sync.data?.partners.find((partner) => partner.unit === unit.unit)}
        />
      ))}
      <OtherAddresses peers={peers.data ?? []} known={others} />
    </div>
  );
}

function facts(partner: Partner | undefined, time: (moment: string) => string, t: ReturnType<typeof useText>["t"]): string[] {
  if (!partner) return [];
  const unit = partner.unit_name;
  const lines: string[] = [];
  if (partner.in_step_at && partner.waiting === 0) lines.push(t("sync.instep", { unit, time: time(partner.in_step_at) }));
  else if (partner.received_at) lines.push(t("sync.received", { unit, time: time(partner.received_at) }));
  if (partner.waiting > 0) lines.push(t("sync.waiting", { unit, n: partner.waiting }));
  return lines;
}

function PartnerCard({ unit, peers, partner }: { unit: Unit; peers: Peer[]; partner: Partner | undefined }) {
  const { t, language } = useText();
  const { word } = useCodeTable();
  const { now } = useNow();
  const say = useProblemText();
  const client = useQueryClient();
  const peer = peers.find((one) => one.unit === unit.unit);
  const [text, setText] = useState((peer?.addresses ?? []).join("\n"));
  const [busy, setBusy] = useState<"" | "sync" | "save">("");
  const [result, setResult] = useState<SyncResult | null>(null);
  const [saved, setSaved] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const run = async (kind: "sync" | "save", work: () => Promise<void>) => {
    setBusy(kind);
    setError(null);
    setResult(null);
    setSaved(false);
    try {
      await work();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy("");
      await client.invalidateQueries({ queryKey: ["sync"] });
    }
  };
  const syncNow = () => run("sync", async () => setResult(await syncWith(unit.unit)));
  const save = () =>
    run("save", async () => {
      const addresses = text.split(/\s+/).filter(Boolean);
      const rest = peers.filter((one) => one.unit !== unit.unit).map(kept);
      await putPeers(addresses.length > 0 ? [...rest, { unit: unit.unit, addresses }] : rest);
      await client.invalidateQueries({ queryKey: ["peers"] });
      setSaved(true);
    });
  const found = peer?.found ?? [];
  return (
    <section className="card stack" aria-label={unit.name}>
      <div className="buttons">
        <div>
          <b className="book">{unit.name}</b> <span className="soft small">{[unit.code, unit.body && word("bodies", unit.body)].filter(Boolean).join(" · ")}</span>
        </div>
        <span className="spring" />
        {found.length > 0 && <Tag tone="ok">{t("partners.near")}</Tag>}
        <Button kind="plain" isDisabled={busy !== ""} onPress={() => void syncNow()}>
          {t(busy === "sync" ? "partners.syncing" : "partners.sync")}
        </Button>
      </div>
      {facts(partner, (moment) => showRecent(moment, language, now), t).map((line) => (
        <div key={line}>{line}</div>
      ))}
      {partner?.trouble && <Notice tone="bad">{t("sync.trouble", { unit: unit.name, why: say(partner.trouble) })}</Notice>}
      {result && (
        <Notice tone={result.in_step ? "ok" : "wait"} live>
          {t(result.in_step ? "partners.instep" : "partners.notyet", { sent: result.sent, received: result.received })}
          {result.refused > 0 && ` ${t("partners.refused", { n: result.refused })}`}
        </Notice>
      )}
      <TextBox label={t("partners.addresses")} hint={t("partners.addresses.hint")} long short value={text} onChange={setText} />
      {saved && (
        <Notice tone="ok" live>
          {t("saved")}
        </Notice>
      )}
      <Failure error={error} safe={t("partners.safe")} />
      <div className="buttons">
        <Button isDisabled={busy !== ""} onPress={() => void save()}>
          {t("partners.save")}
        </Button>
      </div>
    </section>
  );
}

// What is found on the network just now is never written back as an address.
const kept = (peer: Peer): Peer => (peer.unit ? { unit: peer.unit, addresses: peer.addresses } : { addresses: peer.addresses });

/** An address of a unit that is not known here yet. */
function OtherAddresses({ peers, known }: { peers: Peer[]; known: readonly Unit[] }) {
  const { t } = useText();
  const client = useQueryClient();
  const strangers = peers.filter((peer) => !known.some((unit) => unit.unit === peer.unit));
  const [text, setText] = useState(strangers.flatMap((peer) => peer.addresses).join("\n"));
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<SyncResult | null>(null);
  const [error, setError] = useState<unknown>(null);
  const addresses = text.split(/\s+/).filter(Boolean);
  const run = async () => {
    setBusy(true);
    setError(null);
    try {
      const rest = peers.filter((peer) => known.some((unit) => unit.unit === peer.unit)).map(kept);
      await putPeers([...rest, ...addresses.map((address) => ({ addresses: [address] }))]);
      const first = addresses[0];
      if (first) setSaid(await syncWith(first));
      await client.invalidateQueries();
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section className="card stack" aria-label={t("partners.other")}>
      <h2>{t("partners.other")}</h2>
      <TextBox label={t("partners.addresses")} hint={t("partners.other.hint")} long short value={text} onChange={setText} />
      <Failure error={error} safe={t("partners.safe")} />
      {said && (
        <Notice tone={said.in_step ? "ok" : "wait"} live>
          {t(said.in_step ? "partners.instep" : "partners.notyet", { sent: said.sent, received: said.received })}
        </Notice>
      )}
      <div className="buttons">
        <Button isDisabled={busy || addresses.length === 0} onPress={() => void run()}>
          {t(busy ? "partners.syncing" : "partners.savesync")}
        </Button>
      </div>
    </section>
  );
}
