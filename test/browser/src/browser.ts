// A real Chromium that talks to the station under test and to nobody else.
import { access } from "node:fs/promises";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { type Language, WORDS } from "./words.ts";

const CHROMIUM = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

// Without a screen, as any user, and without the calls home that a browser
// makes at every start.
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The screen of most offices this is for. */
export const SCREEN = { width: 1366, height: 768 } as const;


/** How the interface is looked at; what is left out is as on a first start. */
export interface Look {
  language?: Language;
  /** Pixels of the base type: 16 is 100 %, 32 is 200 %. */
  size?: 16 | 20 | 24 | 32;
  theme?: "light" | "dark" | "contrast";
}

// Where the interface keeps how it looks.
const LOOK_KEY = "hejie-look";

export async function launch(): Promise<Browser> {
  await access(CHROMIUM).catch(() => {
    throw new Error(`${CHROMIUM} is not there: make setup installs it`);
  });
  return chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
}

// Questions whose answer may be no; Chromium calls every 4xx an error.
const EXPECTED = [
  /\b401\b.*\/api\/v1\/session$/, // who is signed in?
  /\b404\b.*\/api\/v1\/drafts\/[\w.-]+$/, // was something begun here?
];

/** A page and everything that went wrong on it. */
export interface Visit {
  context: BrowserContext;
  page: Page;
  /** Script errors, console errors, and requests to anybody but the station. */
  troubles: string[];
  /** Resolves when the page asked for all that it shows, and drew it. */
  quiet: () => Promise<void>;
}

/** Opens a window of its own (nothing remembered) for a station's address. */
export async function visit(browser: Browser, address: string, look: Look = {}): Promise<Visit> {
  const context = await browser.newContext({
    viewport: SCREEN,
    locale: look.language ?? "zh-CN",
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
  });
  const kept = { ...look, ...(look.size === undefined ? {} : { size: String(look.size) }) };
  await context.addInitScript(
    ([key, value]) => {
      if (localStorage.getItem(key) === null) localStorage.setItem(key, value);
    },
    [LOOK_KEY, JSON.stringify(kept)] as const,
  );
  const troubles: string[] = [];
  const own = new URL(address).origin;
  context.on("request", (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith("http") && url.origin !== own) troubles.push(`asked ${url.href}`);
  });
  const page = await context.newPage();
  page.on("pageerror", (error) => troubles.push(error.stack ?? error.message));
  page.on("console", (message) => {
    if (message.type() !== "error") return;
    if (EXPECTED.some((one) => one.test(`${message.text()} ${message.location().url}`))) return;
    troubles.push(`${message.text()} (${message.location().url})`);
  });
  return { context, page, troubles, quiet: quietness(page) };
}

// What stands where something is still being read.
const WAITING = new RegExp(
  `^(${(["zh-CN", "en"] as const).flatMap((language) => ["wait.loading", "wait.opening"].map((key) => WORDS[language][key] ?? key)).join("|")})$`,
);

// The stream of hints lasts as long as the page does.
const LASTING = "/api/v1/events";
// A page that goes on asking for longer than this is broken.
const QUIET_MS = 20_000;

function quietness(page: Page): () => Promise<void> {
  const asking = new Set<unknown>();
  page.on("request", (request) => {
    if (!request.url().includes(LASTING)) asking.add(request);
  });
  const answered = (request: unknown) => asking.delete(request);
  page.on("requestfinished", answered);
  page.on("requestfailed", answered);
  return async () => {
    const end = Date.now() + QUIET_MS;
    for (let still = 0; still < 2; ) {
      // Two frames: one to take what came, one in which effects ask for more.
      await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
      const waiting = asking.size > 0 || (await page.getByText(WAITING).count()) > 0;
      still = waiting ? 0 : still + 1;
      if (Date.now() > end) throw new Error("the page does not come to rest");
    }
    await page.evaluate(() => document.fonts.ready);
  };
}
