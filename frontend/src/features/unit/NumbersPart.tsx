import { useNumbers } from "../../api/register";
import { useProblemText } from "../../components/problem";
import { codeKey, LISTS } from "../../components/registerSpecs";
import { useText } from "../../components/text";
import { Failure, Notice } from "../../components/ui/Notice";

/** Which numbers belong to which desk this year, and the next one here. */
export function NumbersPart() {
  const { t, list } = useText();
  const say = useProblemText();
  const numbers = useNumbers();
  const data = numbers.data;
  const series = (code: string) => (LISTS.number_series.some((one) => one === code) ? t(codeKey("number_series", code)) : code);
  return (
    <section className="stack tight">
      <h2>{t("numbers.title")}</h2>
      <Failure error={numbers.error} />
      {data && (
        <div className="card stack tight">
          <p>{t("numbers.series", { series: series(data.series), year: data.year, used: data.used, voided: data.voided })}</p>
          {data.text && <p>{t("numbers.next", { text: data.text })}</p>}
          {data.why && <p className="soft">{say(data.why)}</p>}
          <ul className="plain-list">
            {data.desks.map((desk) => (
              <li key={desk.seat}>
                {t(desk.here ? "numbers.desk.here" : "numbers.desk", {
                  name: desk.seat_name || desk.seat.slice(0, 8), ranges: list(desk.stretches.map((one) => t("numbers.range", { from: one.from, to: one.to }))),
                })}
              </li>
            ))}
          </ul>
          {data.overlaps.length > 0 && <Notice tone="bad">{t("numbers.overlap")}</Notice>}
        </div>
      )}
    </section>
  );
}
