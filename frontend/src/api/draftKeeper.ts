// Keeps what is typed: at each pause, when the page is hidden, again after a
// failure, one request at a time, the newest value always last.

export type DraftStatus = "none" | "typing" | "kept" | "failed";

export interface DraftStore {
  put(value: unknown, keepalive: boolean): Promise<unknown>;
  remove(): Promise<unknown>;
}

/** A pause in typing that is long enough to keep what is there, in milliseconds. */
export const PAUSE_MS = 500;
/** Even without a pause, nothing typed waits longer than this. */
const LONGEST_MS = 3_000;
const RETRY_MS = 4_000;

export class DraftKeeper {
  private pending: { value: unknown } | null = null;
  private sending: Promise<void> | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private typingSince = 0;
  private ended = false;

  constructor(
    private readonly store: DraftStore,
    private readonly tell: (status: DraftStatus) => void,
  ) {}

  /** Notes a new value; it is kept at the next pause. */
  note(value: unknown): void {
    if (this.ended) return;
    this.pending = { value };
    this.tell("typing");
    const now = Date.now();
    if (this.typingSince === 0) this.typingSince = now;
    this.later(Math.min(PAUSE_MS, Math.max(0, this.typingSince + LONGEST_MS - now)));
  }

  /** Keeps what was noted now; resolves when nothing is left to keep or it failed. */
  async flush(keepalive = false): Promise<void> {
    clearTimeout(this.timer);
    if (this.sending) await this.sending;
    if (!this.pending || this.ended) return;
    const { value } = this.pending;
    this.pending = null;
    this.typingSince = 0;
    this.sending = this.send(value, keepalive);
    await this.sending;
  }

  /** Forgets the draft: it was saved, or is not wanted. */
  async discard(): Promise<void> {
    this.pending = null;
    clearTimeout(this.timer);
    if (this.sending) await this.sending;
    this.pending = null;
    clearTimeout(this.timer);
    await this.store.remove();
    this.tell("none");
  }

  /** The field is gone from the page: keep the last value, take no more. */
  end(): void {
    void this.flush(true).finally(() => {
      this.ended = true;
      clearTimeout(this.timer);
    });
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), ms);
  }

  private async send(value: unknown, keepalive: boolean): Promise<void> {
    try {
      await this.store.put(value, keepalive);
      if (!this.pending) this.tell("kept");
    } catch {
      // Still in the field; a newer value takes its place.
      this.pending ??= { value };
      this.tell("failed");
      this.later(RETRY_MS);
    } finally {
      this.sending = null;
    }
  }
}
