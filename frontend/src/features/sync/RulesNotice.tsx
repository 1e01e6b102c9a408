import { useSync } from "../../api/station";
import { useText } from "../../components/text";
import { Notice } from "../../components/ui/Notice";

/** On every page while the tree goes by rules that this program does not know. */
export function RulesNotice() {
  const { t } = useText();
  const rules = useSync().data?.rules;
  if (!rules || rules.tree <= rules.known) return null;
  return (
    <Notice tone="due" live>
      {t("rules.newer", { tree: rules.tree, known: rules.known })}
    </Notice>
  );
}
