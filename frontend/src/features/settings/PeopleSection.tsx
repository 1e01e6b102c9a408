import { useState } from "react";
import { useQueryClient } from "@tanstack/react-query";
import { openFile } from "../../api/desktop/native";
import { addSeat, joinSeat, useSeatsHere } from "../../api/station";
import type { RequestFile } from "../../api/types";
import { useCodeTable } from "../../components/codes";
import { NewSecret, secretWrong } from "../../components/NewSecret";
import { RequestResult } from "../../components/RequestResult";
import { RolePicker } from "../../components/RolePicker";
import { useSession } from "../../components/session";
import { useText } from "../../components/text";
import { Button } from "../../components/ui/Button";
import { Section, TextBox } from "../../components/ui/Fields";
import { Failure, Notice, Waiting } from "../../components/ui/Notice";
import { Tag } from "../../components/ui/Tag";

/** Who can sign in on this computer, and one more person. */
export function PeopleSection() {
  const { t, list } = useText();
  const { word } = useCodeTable();
  const { may } = useSession();
  const seats = useSeatsHere();
  const [adding, setAdding] = useState(false);
  // Kept here: what takes a certificate is gone once nobody waits for one.
  const [taken, setTaken] = useState(false);
  return (
    <div className="stack">
      {seats.isPending && <Waiting>{t("wait.loading")}</Waiting>}
      <Failure error={seats.error} />
      <ul className="plain-list stack">
        {(seats.data ?? []).map((seat) => (
          <li className="card" key={seat.seat}>
            <b className="book">{seat.seat_name}</b> <span className="soft">{list(seat.roles.map((role) => word("roles", role)))}</span>{" "}
            {seat.awaiting && <Tag tone="wait">{t("people.awaiting")}</Tag>}
          </li>
        ))}
      </ul>
      {(seats.data ?? []).some((seat) => seat.awaiting) && <TakeCertificate taken={() => setTaken(true)} />}
      {taken && (
        <Notice tone="ok" live>
          {t("seat.joined")}
        </Notice>
      )}
      {may("add_seat") && !adding && (
        <div className="buttons">
          <Button icon="plus" onPress={() => setAdding(true)}>
            {t("seat.add")}
          </Button>
        </div>
      )}
      {adding && <AddSeat close={() => setAdding(false)} />}
    </div>
  );
}

function TakeCertificate({ taken }: { taken: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const take = async () => {
    setError(null);
    try {
      const file = await openFile(t("join.choose"), t("join.kind"));
      if (!file) return;
      await joinSeat(file.data);
      taken();
      await client.invalidateQueries({ queryKey: ["seats"] });
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <div className="stack">
      <div className="buttons">
        <Button onPress={() => void take()}>{t("join.choose")}</Button>
      </div>
      <Failure error={error} safe={t("join.safe")} />
    </div>
  );
}

function AddSeat({ close }: { close: () => void }) {
  const { t } = useText();
  const client = useQueryClient();
  const [name, setName] = useState("");
  const [roles, setRoles] = useState<string[]>([]);
  const [secret, setSecret] = useState<[string, string]>(["", ""]);
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [made, setMade] = useState<RequestFile | null>(null);
  const add = async () => {
    setShown(true);
    if (name.trim() === "" || roles.length === 0 || secretWrong(...secret)) return;
    setBusy(true);
    setError(null);
    try {
      setMade(await addSeat({ seat_name: name.trim(), roles, secret: secret[0] }));
      await client.invalidateQueries({ queryKey: ["seats"] });
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  if (made) {
    return (
      <Section title={t("seat.add")}>
        <RequestResult file={made.file} words={made.words} />
        <div className="buttons">
          <Button onPress={close}>{t("edit.done")}</Button>
        </div>
      </Section>
    );
  }
  return (
    <Section title={t("seat.add")}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void add();
        }}
      >
        <TextBox label={t("seat.name")} value={name} onChange={setName} required shown={shown} wrong={name.trim() === "" ? t("wrong.required") : null} />
        <RolePicker value={roles} onChange={setRoles} shown={shown} />
        <p className="soft">{t("seat.secret")}</p>
        <NewSecret first={secret[0]} again={secret[1]} change={(first, again) => setSecret([first, again])} shown={shown} />
        <Failure error={error} />
        <div className="buttons">
          <Button kind="primary" type="submit" isDisabled={busy}>
            {t(busy ? "setup.making" : "seat.make")}
          </Button>
          <Button isDisabled={busy} onPress={close}>
            {t("edit.cancel")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
