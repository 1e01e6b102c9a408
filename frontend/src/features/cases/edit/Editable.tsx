import { useState } from "react";
import { patchCase, useCaseChanged } from "../../../api/cases";
import { draftPart, useDrafts } from "../../../api/drafts";
import { ApiError } from "../../../api/errors";
import type { Also, CaseView } from "../../../api/types";
import { ByLine } from "../../../components/ByLine";
import { useSession } from "../../../components/session";
import { useText } from "../../../components/text";
import { useAnnounce } from "../../../components/ui/Announce";
import { Button } from "../../../components/ui/Button";
import { Tag } from "../../../components/ui/Tag";
import { useValues } from "../../../components/values";
import { href } from "../../../lib/route";
import { uuidv7 } from "../../../lib/uuid";
import { FieldEditor } from "./FieldEditor";
import { SPECS, type FieldName } from "./fieldKinds";

export const fieldDraft = (id: string, field: string) => `case.${draftPart(id)}.${field}`.slice(0, 100);

/** One field of a case: shown, and changed in its place. */
export function Editable({ view, field }: { view: CaseView; field: FieldName }) {
  const { t } = useText();
  const { show, label } = useValues();
  const drafts = useDrafts();
  const { person } = useSession();
  const [choice, setChoice] = useState<boolean | null>(null);
  const begun = (drafts.data ?? []).some((draft) => draft.name === fieldDraft(view.id, field));
  const editing = choice ?? begun;
  const contested = view.conflicts.find((conflict) => conflict.field === field);
  const unknown = (view.unknown ?? []).some((change) => change.path === field);
  const name = label(field);
  // Who directs may, having seen what stands there, put a value of his own in its place.
  const replaces = unknown && person.roles.includes("director");
  if (editing && !contested && (!unknown || replaces)) {
    return (
      <div className="editable open">
        {unknown && <p className="small">{t("case.unknown.replace.what")}</p>}
        <FieldEditor view={view} field={field} done={() => setChoice(false)} />
      </div>
    );
  }
  const paper = SPECS[field].kind === "paper";
  const value = view[field];
  const empty = value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
  return (
    <div className="editable">
      <div className="head">
        <h2>{name}</h2>
        {!contested && !unknown && (
          <Button kind="quiet" icon="edit" onPress={() => setChoice(true)} aria-label={t("edit.field", { field: name })}>
            {t("edit.change")}
          </Button>
        )}
      </div>
      {contested ? (
        <p>
          <Tag tone="wait">{t("stage.conflict")}</Tag>{" "}
          <a className="line-link" href={href(["conflicts", view.id, field])}>
            {t("conflict.go")}
          </a>
        </p>
      ) : empty ? (
        <p className="soft">{t("value.none")}</p>
      ) : paper ? (
        String(value)
          .split("\n")
          .map((line, at) => <p key={at}>{line}</p>)
      ) : (
        <p>{show(field, value)}</p>
      )}
      {unknown && <p className="small soft">{t(replaces ? "case.unknown.field.director" : "case.unknown.field")}</p>}
      {replaces && !contested && (
        <div className="buttons">
          <Button kind="quiet" icon="edit" onPress={() => setChoice(true)} aria-label={t("case.unknown.replace.of", { field: name })}>
            {t("case.unknown.replace")}
          </Button>
        </div>
      )}
      {(view.also_written ?? [])
        .filter((also) => also.field === field)
        .map((also) => (
          <AlsoWritten key={also.field} view={view} also={also} />
        ))}
    </div>
  );
}

/** The value that somebody else wrote meanwhile; it can be taken instead. */
function AlsoWritten({ view, also }: { view: CaseView; also: Also }) {
  const { t } = useText();
  const { show } = useValues();
  const changed = useCaseChanged();
  const announce = useAnnounce();
  const [failed, setFailed] = useState<unknown>(null);
  const take = async (value: unknown) => {
    try {
      await patchCase(uuidv7(), view.id, { base: view.heads, fields: { [also.field]: value } });
      await changed(view.id);
      announce(t("saved"));
    } catch (thrown) {
      setFailed(thrown);
    }
  };
  return (
    <div className="small">
      {also.values.map((value, at) => (
        <p key={at} style={{ fontFamily: "var(--ui)" }}>
          {t("also.written")} {show(also.field, value.value)} <ByLine by={value} />{" "}
          <Button kind="quiet" onPress={() => void take(value.value)}>
            {t("also.take")}
          </Button>
        </p>
      ))}
      {failed instanceof ApiError && <p role="alert">{t("also.failed")}</p>}
    </div>
  );
}
