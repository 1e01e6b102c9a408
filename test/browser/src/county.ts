// A small county of real stations: a court that is its root, a township under
// it, a village under that. Made once a run by the command line, as an
// administrator would (test/process), and copied.
import path from "node:path";
import { inject } from "vitest";
import described from "../../process/county.json" with { type: "json" };
import { Api } from "./api.ts";
import { CONTESTED, OTHERS, SEEDS, type Told, WALL } from "./samples.ts";
import { enrich, type Rich } from "./rich.ts";
import { Folder, type Station } from "./station.ts";

/** A unit that is set up, with its first person. */
export interface Unit {
  code: string;
  name: string;
  person: string;
  roles: string;
}

export const COURT: Unit = described.court;
export const TOWN: Unit = described.town;
export const VILLAGE: Unit = described.village;
export const OTHER: Unit = described.other;
export const BUREAU: Unit = { code: "990125000000-sfj", name: "青禾县司法局", person: "孙例正", roles: "admin,director" };

// Found on this machine only, on any free ports.
const ROADS = ["--p2p", "/ip4/127.0.0.1/tcp/0"];

const unitFlags = (unit: Unit) => ["--unit", unit.code, "--unit-name", unit.name, "--seat-name", unit.person, "--role", unit.roles];

/** Makes a unit that is its own authority. */
export async function initRoot(folder: Folder, unit: Unit = COURT): Promise<void> {
  await folder.json("init", "--root", "--demo", ...unitFlags(unit), "--recovery", path.join(folder.root, "sheet.txt"));
}

/** Makes a unit and has its parent admit it. */
export async function admit(parent: Folder, child: Folder, unit: Unit): Promise<void> {
  const request = path.join(child.root, "request");
  const certificate = path.join(child.root, "certificate");
  await child.json("init", ...unitFlags(unit), "--request", request, "--recovery", path.join(child.root, "sheet.txt"));
  await parent.json("enroll", "--request", request, "--out", certificate);
  await child.json("join", "--certificate", certificate);
}

/** Records cases with all their steps; answers their ids. */
export async function tell(api: Api, told: readonly Told[]): Promise<string[]> {
  const ids: string[] = [];
  for (const one of told) {
    const id = await api.newCase(one.document);
    for (const [step, fields] of one.steps) await api.step(id, step, fields);
    ids.push(id);
  }
  return ids;
}

export interface Served {
  folder: Folder;
  station: Station;
}

/** The road by which others of this machine reach a station. */
export function roadOf(station: Station): string {
  const [road] = station.at.p2p ?? [];
  if (road === undefined) throw new Error("the station can't be reached by others");
  return road;
}

/** Three served stations, and what ends them. */
export class County {
  private constructor(
    readonly court: Served,
    readonly town: Served,
    readonly village: Served,
  ) {}

  static async make(): Promise<County> {
    const copy = (name: string) => Folder.copy(path.join(inject("county"), name));
    const [court, town, village] = await Promise.all([copy("court"), copy("town"), copy("village")]);
    const serve = async (folder: Folder): Promise<Served> => ({ folder, station: await folder.serve(...ROADS) });
    const [one, two, three] = await Promise.all([serve(court), serve(town), serve(village)]);
    return new County(one, two, three);
  }

  /** Ends all of it; gives the exit statuses. */
  async end(): Promise<(number | null)[]> {
    const all = [this.court, this.town, this.village];
    const statuses = await Promise.all(all.map(({ station }) => station.stop()));
    await Promise.all(all.map(({ folder }) => folder.remove()));
    return statuses;
  }
}

/** What the cases of a told county are called. */
export interface Story {
  wall: string;
  /** Its amount was written differently in village and township. */
  seeds: string;
  /** Agreed in the village, ended in the township. */
  contested: string;
  others: string[];
  rich: Rich;
}

/** Fills a county: cases in every state, and two contradictions that wait. */
export async function fill(county: County): Promise<Story> {
  const village = await Api.signIn(county.village.station);
  const town = await Api.signIn(county.town.station);
  const others = await tell(village, OTHERS.slice(2));
  const [wall = "", seeds = ""] = await tell(village, [WALL, SEEDS]);
  const [newest = "", contested = ""] = await tell(village, OTHERS.slice(0, 2));
  const road = roadOf(county.town.station);
  await village.sync(road);
  await village.set(seeds, { amount_fen: 1_240_000, claims: "请求赔偿秧苗损失和补种费用，并由农技站出具说明。" });
  await town.set(seeds, { amount_fen: 1_670_000, place: "新样湖村老井旁" });
  await village.step(contested, ...CONTESTED.village);
  await town.step(contested, ...CONTESTED.town);
  const court = await Api.signIn(county.court.station);
  // Twice, for the court's receipt to come down.
  const meet = async () => {
    for (let round = 0; round < 2; round++) {
      await village.sync(road);
      await town.sync(roadOf(county.court.station));
    }
    await village.sync(road);
  };
  const rich = await enrich({ village, town, court, villageCode: VILLAGE.code, courtCode: COURT.code, meet });
  await village.ask("PUT", "/peers", { peers: [{ addresses: [road] }] });
  return { wall, seeds, contested, others: [newest, ...others], rich };
}
