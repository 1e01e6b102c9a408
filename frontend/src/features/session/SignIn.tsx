import { useEffect, useState } from "react";
import { setToken } from "../../api/client";
import { asProblem } from "../../api/errors";
import { signIn, useSeatsHere } from "../../api/station";
import type { SessionInfo } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { ChoiceRow, TextBox } from "../../components/ui/Fields";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { LookSwitch } from "../../components/LookSwitch";

interface Props {
  unitName: string;
  /** The seat whose pages wait behind the lock, if any. */
  lockedSeat?: string | undefined;
  done: (session: SessionInfo) => void;
  /** Leads to the recovery sheet, where a secret was forgotten. */
  recover: () => void;
}

// Seconds until another secret may be tried, counted down in words.
function useCountdown(from: number): number {
  const [left, setLeft] = useState(from);
  const [seen, setSeen] = useState(from);
  if (seen !== from) {
    setSeen(from);
    setLeft(from);
  }
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setLeft(left - 1), 1000);
    return () => clearTimeout(timer);
  }, [left]);
  return left;
}

/** Choose who you are, give your secret. */
export function SignIn({ unitName, lockedSeat, done, recover }: Props) {
  const { t, list } = useText();
  const { word } = useCodeTable();
  const seats = useSeatsHere();
  const [chosen, setChosen] = useState(lockedSeat ?? "");
  const [secret, setSecret] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [tries, setTries] = useState(0);
  const [shown, setShown] = useState(false);
  const usable = (seats.data ?? []).filter((seat) => !seat.awaiting);
  const seat = chosen || (usable.length === 1 ? (usable[0]?.seat ?? "") : "");
  const problem = error ? asProblem(error) : null;
  const wait = useCountdown(problem?.retry_after ? problem.retry_after + tries * 1e-6 : 0);

  const submit = async () => {
    setShown(true);
    if (busy || seat === "" || secret === "" || wait > 0) return;
    setBusy(true);
    setError(null);
    try {
      const { token, ...info } = await signIn(seat, secret);
      setToken(token);
      setSecret("");
      done(info);
    } catch (thrown) {
      setTries((n) => n + 1);
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };

  return (
    <>
      <header>
        <h1>{unitName}</h1>
        <p className="soft">{t(lockedSeat ? "signin.locked" : "signin.sub")}</p>
      </header>
      {seats.isPending && <Waiting>{t("wait.loading")}</Waiting>}
      <Failure error={seats.error} />
      {seats.data && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <ChoiceRow
            label={t("signin.who")}
            value={seat}
            onChange={setChosen}
            shown={shown}
            wrong={seat === "" ? t("signin.who.wrong") : null}
            options={usable.map((one) => ({ value: one.seat, label: `${one.seat_name} · ${list(one.roles.map((role) => word("roles", role)))}` }))}
          />
          <TextBox label={t("signin.secret")} type="password" value={secret} onChange={setSecret} shown={shown} wrong={secret === "" ? t("wrong.required") : null} autoFocus autoComplete="current-password" name="secret" />
          {wait > 0 && (
            <Notice tone="wait" live>
              {t("signin.slowed", { seconds: Math.max(1, Math.round(wait)) })}
            </Notice>
          )}
          {wait <= 0 && Boolean(error) && <Failure error={error} />}
          <div className="buttons">
            <Button kind="primary" type="submit" isDisabled={busy || wait > 0}>
              {t(busy ? "signin.opening" : "signin.open")}
            </Button>
          </div>
          <p className="soft small">
            {t("signin.forgotten")}{" "}
            <Button kind="quiet" onPress={recover}>
              {t("signin.recover")}
            </Button>
          </p>
        </form>
      )}
      <LookSwitch />
    </>
  );
}
