import { useCase, useSheet } from "../../api/cases";
import { print } from "../../api/desktop/native";
import type { SheetSection } from "../../api/types";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Failure, Waiting } from "../../components/ui/Notice";
import { Page } from "../../components/ui/Page";
import { href } from "../../lib/route";

/** The case as it will lie on paper. */
export function SheetPage({ id }: { id: string }) {
  const { t, language } = useText();
  const view = useCase(id);
  const sheet = useSheet(id, language === "en" ? "en" : "zh");
  return (
    <Page
      title={t("sheet.title")}
      back={{ href: href(["cases", id]), label: view.data?.title ? t("back.to", { title: view.data.title }) : t("case.back") }}
      actions={
        <Button kind="primary" icon="print" onPress={() => void print()} isDisabled={!sheet.data}>
          {t("sheet.print")}
        </Button>
      }
    >
      <div className="content">
        {sheet.isPending && <Waiting>{t("wait.loading")}</Waiting>}
        <Failure error={sheet.error} />
        {sheet.data && (
          <article className="print-sheet">
            <h2 className="sheet-title">{sheet.data.title}</h2>
            {sheet.data.subtitle && <p style={{ textAlign: "center", textIndent: 0 }}>{sheet.data.subtitle}</p>}
            {sheet.data.sections.map((section) => (
              <Part key={section.key} section={section} />
            ))}
          </article>
        )}
      </div>
    </Page>
  );
}

function Part({ section }: { section: SheetSection }) {
  return (
    <section>
      {section.heading && <h3>{section.heading}</h3>}
      {section.kind === "pairs" && (
        <dl>
          {(section.pairs ?? []).map((pair, at) => (
            <div key={at} style={{ display: "contents" }}>
              <dt>{pair.label}</dt>
              <dd>{pair.value}</dd>
            </div>
          ))}
        </dl>
      )}
      {section.kind === "text" && (section.paragraphs ?? []).map((text, at) => <p key={at}>{text}</p>)}
      {section.kind === "table" && (
        <div className="table-wrap">
          <table>
            <thead>
              <tr>
                {(section.columns ?? []).map((column) => (
                  <th key={column} scope="col">
                    {column}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {(section.rows ?? []).map((row, at) => (
                <tr key={at}>
                  {row.map((cell, column) => (
                    <td key={column}>{cell}</td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}
