// What the tests of one run share: a county of real stations, made once. `make
// test` names the folder; else it is made here and removed at the end.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** The folder of the county's stations. */
    county: string;
  }
}

const REPOSITORY = path.resolve(import.meta.dirname, "../../..");

export default function setup(project: TestProject): () => void {
  const given = process.env["HEJIE_SHARED"];
  const shared = given ?? mkdtempSync(path.join(tmpdir(), "hejie-shared-"));
  if (given === undefined) execFileSync("go", ["run", "./test/process/make", shared], { cwd: REPOSITORY, stdio: "inherit" });
  project.provide("county", path.join(shared, "county"));
  return () => {
    if (given === undefined) rmSync(shared, { recursive: true, force: true });
  };
}
