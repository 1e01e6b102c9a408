// The stations on which all screens can be seen: a county at work, a folder
// that was never set up, one that waits for its certificate, one without cases.
import path from "node:path";
import type { Browser } from "playwright-core";
import { launch } from "./browser.ts";
import { County, fill, initRoot, type Story, TOWN, VILLAGE } from "./county.ts";
import { Desk } from "./desk.ts";
import type { NamedLook } from "./looks.ts";
import { Folder, type Station } from "./station.ts";

export type Place = "empty" | "awaiting" | "fresh" | "village" | "court";

const WITHOUT_PEOPLE: readonly Place[] = ["empty", "awaiting"];

export class Scene {
  private constructor(
    readonly browser: Browser,
    readonly story: Story,
    private readonly county: County,
    private readonly others: Readonly<Record<"empty" | "awaiting" | "fresh", { folder: Folder; station: Station }>>,
  ) {}

  static async make(): Promise<Scene> {
    const county = await County.make();
    const serve = async (prepare?: (folder: Folder) => Promise<unknown>) => {
      const folder = await Folder.make();
      await prepare?.(folder);
      return { folder, station: await folder.serve() };
    };
    const ask = (folder: Folder) =>
      folder.json(
        "init", "--unit", VILLAGE.code, "--unit-name", VILLAGE.name, "--seat-name", VILLAGE.person, "--role", VILLAGE.roles,
        "--request", path.join(folder.root, "request"), "--recovery", path.join(folder.root, "sheet.txt"),
      );
    const others = { empty: await serve(), awaiting: await serve(ask), fresh: await serve((folder) => initRoot(folder, TOWN)) };
    return new Scene(await launch(), await fill(county), county, others);
  }

  /** Opens a page at a place, signed in where it has people. */
  open(place: Place, look: NamedLook): Promise<Desk> {
    const station = place === "village" || place === "court" ? this.county[place].station : this.others[place].station;
    return WITHOUT_PEOPLE.includes(place) ? Desk.open(this.browser, station, look) : Desk.signedIn(this.browser, station, look);
  }

  async end(): Promise<(number | null)[]> {
    await this.browser.close();
    const statuses = await this.county.end();
    for (const { folder, station } of Object.values(this.others)) {
      statuses.push(await station.stop());
      await folder.remove();
    }
    return statuses;
  }
}
