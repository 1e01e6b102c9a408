import { useTable } from "../../api/tables";
import type { CaseView } from "../../api/types";
import { useText } from "../text";
import { ChoiceRow } from "../ui/Fields";
import { Failure, Notice, Waiting } from "../ui/Notice";
import { knownAnswer, questionsOf } from "./knownAnswers";
import { textOf, type SpecForm } from "./specForm";

interface Props {
  label: string;
  view: CaseView | undefined;
  value: readonly SpecForm[];
  onChange: (rows: SpecForm[]) => void;
  wrong: string | null;
}

/** The questions before a joint application, with their articles, as the table in force asks them. */
export function QuestionRows({ label, view, value, onChange, wrong }: Props) {
  const { t, pick } = useText();
  const table = useTable("confirmation");
  const answerOf = (id: string) => textOf(value.find((row) => row["question"] === id)?.["answer"]);
  const answer = (id: string, said: string) => onChange([...value.filter((row) => row["question"] !== id && textOf(row["question"]) !== ""), { question: id, answer: said }]);
  return (
    <fieldset className="stack rows-field">
      <legend>{label}</legend>
      {table.isPending && <Waiting>{t("wait.loading")}</Waiting>}
      <Failure error={table.error} />
      {questionsOf(table.data?.document).map((question) => {
        const said = answerOf(question.id);
        return (
          <div key={question.id} className="stack tight question">
            <ChoiceRow
              label={pick(question)}
              hint={
                <>
                  {pick(question.article)}
                  {said !== "" && said === knownAnswer(question, view) && <span className="block">{t("confirm.from_case")}</span>}
                </>
              }
              value={said}
              onChange={(next) => answer(question.id, next)}
              options={[{ value: "yes", label: t("value.yes") }, { value: "no", label: t("value.no") }]}
            />
            {said !== "" && said !== question.good && (
              <Notice tone={question.blocks ? "bad" : "due"} live>
                {pick(question.help)}
              </Notice>
            )}
          </div>
        );
      })}
      {wrong && <p role="alert" className="bad-line">{wrong}</p>}
    </fieldset>
  );
}
