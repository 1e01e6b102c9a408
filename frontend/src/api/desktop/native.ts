// What a browser page can't do by itself: save a file where the person says,
// print, name the window. In the window the desktop does it; in a browser the
// browser's own way. Only this file knows which.
import { fromBase64, toBase64 } from "../../lib/base64";
import type { StoredFile } from "../types";

interface Native {
  SetTitle(title: string): Promise<void>;
  Print(): Promise<void>;
  SaveFile(title: string, name: string, content: string): Promise<boolean>;
  OpenFile(title: string, filters: { name: string; pattern: string }[]): Promise<{ name: string; content: string } | null>;
}

function native(): Native | undefined {
  return (window as unknown as { go?: { desktop?: { Native?: Native } } }).go?.desktop?.Native;
}

/** Answers whether the file was saved; false where the person thought better of it. */
export async function saveFile(title: string, file: StoredFile): Promise<boolean> {
  const desktop = native();
  if (desktop) return desktop.SaveFile(title, file.name, file.data);
  const url = URL.createObjectURL(new Blob([fromBase64(file.data)], { type: file.media_type }));
  const link = document.createElement("a");
  link.href = url;
  link.download = file.name;
  link.click();
  // The browser reads the address after the click has returned.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return true;
}

/** Lets the person choose a file; its bytes come as base64. Null: none chosen. */
export async function openFile(title: string, kind: string): Promise<{ name: string; data: string } | null> {
  const desktop = native();
  if (desktop) {
    const chosen = await desktop.OpenFile(title, [{ name: kind, pattern: "*" }]);
    return chosen && { name: chosen.name, data: chosen.content };
  }
  return new Promise((resolve, reject) => {
    const input = document.createElement("input");
    input.type = "file";
    input.addEventListener("cancel", () => resolve(null));
    input.addEventListener("change", () => {
      const file = input.files?.[0];
      if (!file) { resolve(null); return; }
      file.arrayBuffer().then((bytes) => resolve({ name: file.name, data: toBase64(new Uint8Array(bytes)) }), reject);
    });
    input.click();
  });
}

export async function print(): Promise<void> {
  const desktop = native();
  if (desktop) await desktop.Print();
  else window.print();
}

export function setTitle(title: string): void {
  document.title = title;
  void native()?.SetTitle(title);
}
