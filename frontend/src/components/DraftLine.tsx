import type { DraftStatus } from "../api/draftKeeper";
import { Icon } from "./ui/Icon";
import { useText } from "./text";

/** Says beside a form whether what was typed is safe. Only what is true. */
export function DraftLine({ status }: { status: DraftStatus }) {
  const { t } = useText();
  if (status === "none") return null;
  return (
    <span className="small soft" role="status" style={{ display: "inline-flex", gap: "0.375rem", alignItems: "center" }}>
      {status === "kept" && <Icon name="check" />}
      {t(status === "kept" ? "draft.kept" : status === "failed" ? "draft.failed" : "draft.typing")}
    </span>
  );
}
