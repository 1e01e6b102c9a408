// A real Chromium that talks to the station under test and to nobody else.
import { access } from "node:fs/promises";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

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

export type Language = "zh-CN" | "en";

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

/** A page and everything that went wrong on it. */
export interface Visit {
  context: BrowserContext;
  page: Page;
  /** Script errors, console errors, and requests to anybody but the station. */
  troubles: string[];
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
    if (message.type() === "error") troubles.push(`${message.text()} (${message.location().url})`);
  });
  return { context, page, troubles };
}
