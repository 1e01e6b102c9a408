import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import type { SetupState } from "../../api/types";
import { LookSwitch } from "../../components/LookSwitch";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Awaiting } from "./Awaiting";
import { JoinUnit } from "./JoinUnit";
import { NewRoot } from "./NewRoot";
import { RecoverPage } from "./RecoverPage";

type Way = "" | "root" | "demo" | "join" | "recover";

/** First run: what this computer is to become. */
export function SetupPages({ state }: { state: SetupState }) {
  const client = useQueryClient();
  const [way, setWay] = useState<Way>("");
  const finished = () => {
    setWay("");
    void client.invalidateQueries();
  };
  return (
    <main className="plain">
      {way === "root" && <NewRoot demo={false} back={() => setWay("")} done={finished} />}
      {way === "demo" && <NewRoot demo back={() => setWay("")} done={finished} />}
      {way === "join" && <JoinUnit replace={state.state === "awaiting_certificate"} back={() => setWay("")} done={finished} />}
      {way === "recover" && <RecoverPage back={() => setWay("")} done={finished} />}
      {way === "" && state.state === "awaiting_certificate" && <Awaiting state={state} done={finished} anew={() => setWay("join")} />}
      {way === "" && state.state === "empty" && <Choose choose={setWay} />}
      {way === "" && <LookSwitch />}
    </main>
  );
}

function Choose({ choose }: { choose: (way: Way) => void }) {
  const { t } = useText();
  return (
    <>
      <header>
        <h1>{t("setup.welcome")}</h1>
        <p className="read">{t("setup.promise")}</p>
      </header>
      <section className="card stack">
        <h2>{t("setup.join")}</h2>
        <p className="read">{t("setup.join.what")}</p>
        <div className="buttons">
          <Button kind="primary" onPress={() => choose("join")}>
            {t("setup.join.go")}
          </Button>
        </div>
      </section>
      <section className="card stack">
        <h2>{t("setup.root")}</h2>
        <p className="read">{t("setup.root.what")}</p>
        <div className="buttons">
          <Button onPress={() => choose("root")}>{t("setup.root.go")}</Button>
        </div>
      </section>
      <section className="card stack">
        <h2>{t("setup.demo")}</h2>
        <p className="read">{t("setup.demo.what")}</p>
        <div className="buttons">
          <Button onPress={() => choose("demo")}>{t("setup.demo.go")}</Button>
        </div>
      </section>
      <div className="buttons">
        <Button kind="quiet" onPress={() => choose("recover")}>
          {t("setup.recover")}
        </Button>
      </div>
    </>
  );
}
