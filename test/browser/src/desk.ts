// A person at a page: signs in, goes to pages by their address, reads by the
// words that stand there.
import path from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { onTestFailed } from "vitest";
import { type Look, visit, type Visit } from "./browser.ts";
import { SECRET, type Station } from "./station.ts";
import { type Language, type Say, say } from "./words.ts";

const PICTURES = path.resolve(import.meta.dirname, "../../../build/shots");
let pictures = 0;

export class Desk {
  readonly say: Say;

  private constructor(
    private readonly opened: Visit,
    readonly address: string,
    readonly language: Language,
  ) {
    this.say = say(language);
  }

  /** Opens a browser window of its own at the station's address. */
  static async open(browser: Browser, station: Station, look: Look = {}): Promise<Desk> {
    const desk = new Desk(await visit(browser, station.address, look), station.address, look.language ?? "zh-CN");
    // A test that fails leaves a picture of what it saw.
    onTestFailed(async ({ task }) => {
      const name = `failed-${task.name.replace(/\W+/g, "-").slice(0, 60)}-${String(++pictures)}.png`;
      await desk.page.screenshot({ path: path.join(PICTURES, name) }).catch(() => undefined);
    });
    await desk.page.goto(station.address);
    return desk;
  }

  /** Opens one and signs in. */
  static async signedIn(browser: Browser, station: Station, look: Look = {}, name?: string): Promise<Desk> {
    const desk = await Desk.open(browser, station, look);
    await desk.signIn(SECRET, name);
    await desk.shell().waitFor();
    return desk;
  }

  get page(): Page {
    return this.opened.page;
  }

  /** What went wrong on the page so far. */
  get troubles(): readonly string[] {
    return this.opened.troubles;
  }

  async signIn(secret = SECRET, name?: string): Promise<void> {
    await this.field("signin.secret").waitFor();
    if (name !== undefined) await this.page.getByRole("radio", { name: new RegExp(`^${name} `) }).check({ force: true });
    await this.field("signin.secret").fill(secret);
    await this.button("signin.open").click();
  }

  /** The rail, which is there when somebody is signed in. */
  shell(): Locator {
    return this.page.locator(".shell");
  }

  /** Goes to a page by its address, as from a copied link. */
  async to(...parts: string[]): Promise<void> {
    await this.page.evaluate((hash) => {
      window.location.hash = hash;
    }, `#/${parts.map(encodeURIComponent).join("/")}`);
    await this.quiet();
  }

  /** Waits until the page shows all that it asked for. */
  quiet(): Promise<void> {
    return this.opened.quiet();
  }

  field(key: string): Locator {
    return this.page.getByLabel(this.say(key), { exact: false }).filter({ visible: true }).first();
  }

  button(key: string, values: Record<string, string | number> = {}): Locator {
    return this.page.getByRole("button", { name: this.say(key, values), exact: true }).filter({ visible: true });
  }

  link(key: string, values: Record<string, string | number> = {}): Locator {
    return this.page.getByRole("link", { name: this.say(key, values), exact: true }).filter({ visible: true });
  }

  text(key: string, values: Record<string, string | number> = {}): Locator {
    return this.page.getByText(this.say(key, values)).filter({ visible: true }).first();
  }

  /** The box under a label, whatever stands behind the label's name. */
  labelled(name: string): Locator {
    return this.page.getByLabel(name, { exact: false }).filter({ visible: true });
  }

  async close(): Promise<void> {
    await this.opened.context.close();
  }
}
