// UUIDv7 (RFC 9562): names drafts and makes a repeated request the same request.

export function uuidv7(now = Date.now(), random: Uint8Array = crypto.getRandomValues(new Uint8Array(16))): string {
  const bytes = Uint8Array.from(random.subarray(0, 16));
  let left = now;
  for (let at = 5; at >= 0; at--) {
    bytes[at] = left % 256;
    left = Math.floor(left / 256);
  }
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
