// Base64 of bytes: files travel in JSON as strings, because the window's web
// view may not be handed a Blob, File or FormData as a request body.

// Spreading a whole file into one call would overflow the stack.
const STEP = 0x8000;

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += STEP) text += String.fromCharCode(...bytes.subarray(at, at + STEP));
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}
