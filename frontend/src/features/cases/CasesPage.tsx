import { useNow } from "../../components/now";
import { CaseList } from "./CaseList";
import { CasePage } from "./CasePage";

/** List left, case right where there is room; one at a time where there is not. */
export function CasesPage({ open, query }: { open?: string | undefined; query: Readonly<Record<string, string>> }) {
  const { today } = useNow();
  return (
    <div className={open ? "cases open" : "cases"}>
      <div className="cases-list">
        <CaseList open={open} query={query} today={today} />
      </div>
      {open && (
        <div className="cases-one">
          <CasePage key={open} id={open} />
        </div>
      )}
    </div>
  );
}
