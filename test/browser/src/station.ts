// A real station: `hejie serve` on a data folder of its own, ended with the test.
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import described from "../../process/county.json" with { type: "json" };

const run = promisify(execFile);

/** The program under test; `make hejie` builds it. */
export const BINARY = path.resolve(import.meta.dirname, "../../../build/bin/hejie");

/** The secret of every seat in these tests; it guards invented people only. */
export const SECRET = described.secret;

// What a slow machine may take until the program says where it listens, or ends.
const STARTING_MS = 45_000;
const ENDING_MS = 20_000;

/** What one command printed, and how it ended. */
export interface Ended {
  status: number;
  stdout: string;
  stderr: string;
}

/** A folder of one station, and the commands that work on it. */
export class Folder {
  private constructor(
    readonly root: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  static async make(): Promise<Folder> {
    const root = await mkdtemp(path.join(tmpdir(), "hejie-browser-"));
    return Folder.at(root);
  }

  /** The same station in another folder, with all that lies outside its data. */
  static async copy(from: string): Promise<Folder> {
    const folder = await Folder.make();
    await cp(from, folder.root, { recursive: true });
    return folder;
  }

  private static at(root: string): Folder {
    return new Folder(root, {
      PATH: process.env["PATH"], HOME: root, XDG_CONFIG_HOME: root, XDG_STATE_HOME: root,
      HEJIE_DATA: path.join(root, "data"), HEJIE_PIN: SECRET,
    });
  }

  /** Runs one command; does not throw where it fails. */
  async run(...args: string[]): Promise<Ended> {
    try {
      const { stdout, stderr } = await run(BINARY, args, { env: this.env, maxBuffer: 64 << 20 });
      return { status: 0, stdout, stderr };
    } catch (error) {
      const ended = error as { code?: unknown; stdout?: string; stderr?: string };
      if (typeof ended.code !== "number") throw error;
      return { status: ended.code, stdout: ended.stdout ?? "", stderr: ended.stderr ?? "" };
    }
  }

  /** Runs one command with --json and reads its document; throws where it fails. */
  async json<T>(...args: string[]): Promise<T> {
    const { status, stdout, stderr } = await this.run(...args, "--json");
    if (status !== 0) throw new Error(`hejie ${args.join(" ")} ended with ${status}: ${stderr}`);
    return JSON.parse(stdout) as T;
  }

  /** Runs one command with --json and reads its lines; throws where it fails. */
  async lines<T>(...args: string[]): Promise<T[]> {
    const { status, stdout, stderr } = await this.run(...args, "--json");
    if (status !== 0) throw new Error(`hejie ${args.join(" ")} ended with ${status}: ${stderr}`);
    return stdout.split("\n").filter(Boolean).map((line) => JSON.parse(line) as T);
  }

  /** Writes a file beside the data, for a command to read. */
  async file(name: string, content: string): Promise<string> {
    const at = path.join(this.root, name);
    await writeFile(at, content);
    return at;
  }

  /** Serves the folder until the station is stopped. */
  async serve(...args: string[]): Promise<Station> {
    const child = spawn(BINARY, ["serve", "--listen", "127.0.0.1:0", "--json", ...args], {
      env: this.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    return Station.ready(child);
  }

  async remove(): Promise<void> {
    await rm(this.root, { recursive: true, force: true });
  }
}

/** The line that `serve` prints once it listens. */
interface Listening {
  listen: string;
  p2p?: string[];
  https?: string;
}

/** A folder that is being served. */
export class Station {
  private constructor(
    private readonly child: ChildProcess,
    private readonly ended: Promise<number | null>,
    private readonly said: string[],
    readonly at: Listening,
  ) {}

  static async ready(child: ChildProcess): Promise<Station> {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error("the program has no output to read");
    const said: string[] = [];
    createInterface({ input: stderr }).on("line", (line) => said.push(line));
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    const line = await new Promise<string>((resolve, reject) => {
      const late = setTimeout(() => {
        child.kill("SIGKILL");
        reject(new Error(`hejie serve did not say where it listens:\n${said.join("\n")}`));
      }, STARTING_MS);
      createInterface({ input: stdout }).once("line", (first) => {
        clearTimeout(late);
        resolve(first);
      });
      child.once("error", reject);
      void ended.then((status) => {
        clearTimeout(late);
        reject(new Error(`hejie serve ended with ${String(status)}:\n${said.join("\n")}`));
      });
    });
    return new Station(child, ended, said, JSON.parse(line) as Listening);
  }

  /** The address of the interface. */
  get address(): string {
    return this.at.listen.endsWith("/") ? this.at.listen : `${this.at.listen}/`;
  }

  /** What it wrote to stderr so far. */
  get log(): readonly string[] {
    return this.said;
  }

  /** Ends it as the system would; gives the exit status. */
  async stop(): Promise<number | null> {
    this.child.kill("SIGTERM");
    const late = setTimeout(() => this.child.kill("SIGKILL"), ENDING_MS);
    const status = await this.ended;
    clearTimeout(late);
    return status;
  }

  /** Ends it as a power cut would. */
  async kill(): Promise<void> {
    this.child.kill("SIGKILL");
    await this.ended;
  }
}
