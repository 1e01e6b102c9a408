import { useHolders } from "../../api/cases";
import type { CaseView, Holder } from "../../api/types";
import { useNow } from "../../components/now";
import { useText } from "../../components/text";
import { Failure } from "../../components/ui/Notice";
import type { Key, Values } from "../../lib/messages";
import { href } from "../../lib/route";
import { showRecent } from "../../lib/when";

function words(holder: Holder, time: (moment: string) => string, t: (key: Key, values?: Values) => string): string {
  if (holder.here) return [t("holders.here"), holder.extent === "digest" ? t("holders.digest") : ""].filter(Boolean).join(" · ");
  const got = holder.received_at
    ? t("holders.received", { time: time(holder.received_at) })
    : t("holders.notyet");
  const rest = holder.waiting && holder.received_at ? t("holders.waiting", { n: holder.waiting }) : "";
  return [got, rest, holder.extent === "digest" ? t("holders.digest") : ""].filter(Boolean).join(" · ");
}

/** Who has this file, as far as receipts say. */
export function HoldersCard({ view }: { view: CaseView }) {
  const { id } = view;
  const notes = view.access === "full";
  const { t, language } = useText();
  const { now } = useNow();
  const holders = useHolders(id);
  return (
    <section className="card">
      <h2>{t(notes ? "holders.title" : "holders.title.digest")}</h2>
      <Failure error={holders.error} />
      <ul className="holders">
        {(holders.data ?? []).map((holder) => (
          <li key={`${holder.unit} ${holder.here ? "here" : ""}`}>
            {holder.unit_name} <span className="soft">· {words(holder, (moment) => showRecent(moment, language, now), t)}</span>
          </li>
        ))}
        {/* Receipts travel towards the owner; that the owner has the file needs none. */}
        {holders.data && !holders.data.some((holder) => holder.unit === view.unit) && (
          <li>
            {view.unit_name} <span className="soft">· {t("holders.owner")}</span>
          </li>
        )}
      </ul>
      {notes && (
        <p className="small" style={{ marginTop: "0.5rem" }}>
          <a className="line-link" href={href(["cases", id, "notes"])}>
            {t("notes.title")}
          </a>{" "}
          <span className="soft">{t("notes.where")}</span>
        </p>
      )}
    </section>
  );
}
