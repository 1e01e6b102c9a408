import { useOpenCases } from "../../api/register";
import { useText } from "../../components/text";
import { LinkButton } from "../../components/ui/Button";
import { Failure } from "../../components/ui/Notice";
import { href } from "../../lib/route";

/** Who has which open cases: what a colleague takes over when someone leaves. */
export function OpenPart() {
  const { t } = useText();
  const open = useOpenCases();
  const lists = (open.data ?? []).filter((one) => one.cases.length > 0);
  return (
    <section className="stack tight">
      <h2>{t("open.title")}</h2>
      <p className="soft small">{t("open.sub")}</p>
      <Failure error={open.error} />
      {open.data && lists.length === 0 && <p className="soft">{t("open.none")}</p>}
      {lists.map((one) => (
        <details key={one.mediator} className="card">
          <summary>{t("open.of", { name: one.mediator || t("open.nobody"), n: one.cases.length })}</summary>
          <ul className="plain-list">
            {one.cases.map((row) => (
              <li key={row.id} className="line-row">
                <a className="grow line-link" href={href(["cases", row.id])}>
                  {row.title || row.id.slice(0, 8)}
                </a>
                <a className="line-link" href={href(["cases", row.id, "step", "assign"])}>
                  {t("open.assign")}
                </a>
              </li>
            ))}
          </ul>
          {one.mediator !== "" && (
            <div className="buttons">
              <LinkButton href={href(["unit", "handover"], { from: one.mediator })}>{t("open.handover", { name: one.mediator })}</LinkButton>
            </div>
          )}
        </details>
      ))}
    </section>
  );
}
