import type { CaseView } from "../../../api/types";
import { useText } from "../../../components/text";
import { Editable } from "./Editable";

/** The case itself: the story as paper, what is asked for, the plain facts. */
export function CaseFields({ view }: { view: CaseView }) {
  const { t } = useText();
  return (
    <>
      <section className="paper-sheet" aria-label={t("case.story")}>
        <Editable view={view} field="facts" />
        <Editable view={view} field="claims" />
      </section>
      <section className="card pairs" aria-label={t("case.facts")}>
        <Editable view={view} field="amount_fen" />
        <Editable view={view} field="place" />
        <Editable view={view} field="category" />
        <Editable view={view} field="source" />
        <Editable view={view} field="received_at" />
        <Editable view={view} field="external_id" />
        <Editable view={view} field="tags" />
        <Editable view={view} field="title" />
      </section>
    </>
  );
}
