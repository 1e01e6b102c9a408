// What most tests stand on: a browser, and a station on a folder of its own.
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, expect } from "vitest";
import { launch } from "./browser.ts";
import { Folder, type Station } from "./station.ts";

export class Rig {
  private parts: { browser?: Browser; folder?: Folder; station?: Station } = {};

  get browser(): Browser {
    return there(this.parts.browser, "browser");
  }

  get folder(): Folder {
    return there(this.parts.folder, "folder");
  }

  get station(): Station {
    return there(this.parts.station, "station");
  }

  async start(prepare?: (folder: Folder) => Promise<void>, ...args: string[]): Promise<void> {
    this.parts.folder = await Folder.make();
    await prepare?.(this.parts.folder);
    this.parts.station = await this.parts.folder.serve(...args);
    this.parts.browser = await launch();
  }

  /** Serves the folder again after its program ended. */
  async again(...args: string[]): Promise<void> {
    this.parts.station = await this.folder.serve(...args);
  }

  /** Ends what was started; gives the station's exit status. */
  async end(): Promise<number | null> {
    const { browser, folder, station } = this.parts;
    await browser?.close();
    const status = (await station?.stop()) ?? null;
    await folder?.remove();
    return status;
  }
}

function there<T>(part: T | undefined, name: string): T {
  if (part === undefined) throw new Error(`the ${name} was not started`);
  return part;
}

/** Starts a rig for the tests of a file and ends it after them. */
export function rig(prepare?: (folder: Folder) => Promise<void>, ...args: string[]): Rig {
  const made = new Rig();
  beforeAll(() => made.start(prepare, ...args));
  afterAll(async () => {
    expect(await made.end(), "the station ends in good order").toBe(0);
  });
  return made;
}
