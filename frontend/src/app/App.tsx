import { useQueryClient } from "@tanstack/react-query";
import { useCodes, useSetup } from "../api/station";
import { CodesProvider } from "../components/codes";
import { useText } from "../components/text";
import { Button } from "../components/ui/Button";
import { Failure, Waiting } from "../components/ui/Notice";
import { SetupPages } from "../features/setup/SetupPages";
import { useLive } from "./live";
import { Pages } from "./Pages";
import { SessionGate } from "./SessionGate";
import { Shell } from "./Shell";

function Inside({ locked, lockedNow }: { locked: boolean; lockedNow: () => void }) {
  const connected = useLive(!locked, lockedNow);
  return (
    <Shell connected={connected}>
      <Pages />
    </Shell>
  );
}

export function App() {
  const { t } = useText();
  const client = useQueryClient();
  const setup = useSetup();
  const codes = useCodes();
  if (setup.isPending || codes.isPending) return <Waiting>{t("wait.opening")}</Waiting>;
  if (!setup.data || !codes.data) {
    return (
      <main className="plain">
        <h1>{t("app.noanswer")}</h1>
        <Failure error={setup.error ?? codes.error} safe={t("app.noanswer.safe")} />
        <div className="buttons">
          <Button kind="primary" onPress={() => void client.refetchQueries()}>
            {t("app.again")}
          </Button>
        </div>
      </main>
    );
  }
  return (
    <CodesProvider codes={codes.data}>
      {setup.data.state === "ready" ? (
        <SessionGate unitName={setup.data.unit_name ?? t("app.name")}>
          {(locked, lockedNow) => <Inside locked={locked} lockedNow={lockedNow} />}
        </SessionGate>
      ) : (
        <SetupPages state={setup.data} />
      )}
    </CodesProvider>
  );
}
