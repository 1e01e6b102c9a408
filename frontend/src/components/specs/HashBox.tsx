import { useRef, useState } from "react";
import { useText } from "../text";
import { Button } from "../ui/Button";
import { TextBox } from "../ui/Fields";

interface Props {
  label: string;
  value: string;
  onChange: (value: string) => void;
  required?: boolean;
  shown?: boolean;
  wrong?: string | null;
}

async function sha256(file: File): Promise<string> {
  const sum = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(sum)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The fingerprint of a file: read from the file, so that nobody types 64 digits. */
export function HashBox(props: Props) {
  const { t } = useText();
  const picker = useRef<HTMLInputElement>(null);
  const [failed, setFailed] = useState(false);
  const read = async (file: File | undefined) => {
    if (!file) return;
    try {
      props.onChange(await sha256(file));
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return (
    <div className="with-button">
      <TextBox {...props} hint={t(failed ? "hash.failed" : "hash.hint")} />
      <Button onPress={() => picker.current?.click()}>{t("hash.choose")}</Button>
      <input ref={picker} type="file" hidden aria-label={t("hash.choose")} onChange={(event) => void read(event.target.files?.[0])} />
    </div>
  );
}
