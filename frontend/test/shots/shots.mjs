// Takes a picture of each page in each look and asks axe about it.
//
//   npm run mock & npm run dev & npm run shots
//
// HEJIE_URL is the address of the pages, SHOTS the folder for the pictures,
// ONLY a part of a picture's name, CHROMIUM the browser.
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const url = process.env.HEJIE_URL ?? "http://127.0.0.1:5173";
const out = process.env.SHOTS ?? new URL("../../../build/shots/", import.meta.url).pathname;
const only = process.env.ONLY ?? "";
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
mkdirSync(out, { recursive: true });

const looks = {
  zh: { language: "zh-CN", size: "16", theme: "light" },
  en: { language: "en", size: "16", theme: "light" },
  dark: { language: "zh-CN", size: "16", theme: "dark" },
  contrast: { language: "zh-CN", size: "20", theme: "contrast" },
  large: { language: "zh-CN", size: "32", theme: "light" },
};
const pages = {
  list: { hash: "#/cases" },
  case: { hash: "#/cases/c000" },
  steps: { hash: "#/cases/c000", act: (page) => page.locator(".next button").click() },
  edit: { hash: "#/cases/c000", act: (page) => page.locator(".paper-sheet .editable button").first().click() },
  agreed: { hash: "#/cases/c002" },
  digest: { hash: "#/cases/c003" },
  new: { hash: "#/cases/new" },
  step: { hash: "#/cases/c000/step/agree" },
  history: { hash: "#/cases/c000/history" },
  notes: { hash: "#/cases/c000/notes" },
  sheet: { hash: "#/cases/c000/sheet" },
  conflicts: { hash: "#/conflicts" },
  conflict: { hash: "#/conflicts/c001/amount_fen" },
  conflictText: { hash: "#/conflicts/c001/claims" },
  conflictStep: { hash: "#/conflicts/c001/lifecycle.mediation" },
  settings: { hash: "#/settings" },
  people: { hash: "#/settings/people" },
  secret: { hash: "#/settings/secret" },
  partners: { hash: "#/settings/partners" },
  enrol: { hash: "#/settings/enrol" },
  status: { hash: "#/settings/status" },
  signin: { hash: "#/cases", out: true },
  nopage: { hash: "#/nowhere" },
};

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
let violations = 0;
for (const [look, kept] of Object.entries(looks)) {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, reducedMotion: "reduce", timezoneId: "Asia/Shanghai" });
  await context.addInitScript((value) => localStorage.setItem("hejie-look", value), JSON.stringify(kept));
  for (const [name, plan] of Object.entries(pages)) {
    if (!`${name}-${look}`.includes(only)) continue;
    const page = await context.newPage();
    page.on("pageerror", (error) => console.log(`${name}-${look}: ${error.message}`));
    page.on("console", (message) => message.type() === "error" && !/401|404/.test(message.text()) && console.log(`${name}-${look}: ${message.text()}`));
    await page.goto(`${url}/${plan.hash}`);
    if (!plan.out) {
      await page.getByRole("radio").first().waitFor();
      await page.waitForLoadState("networkidle");
      await page.locator(".choice").first().click();
      await page.locator(".choice[data-selected]").first().waitFor();
      await page.locator('input[type="password"]').fill("correct horse");
      await page.locator('button[type="submit"]').click();
      await page.locator("main.page").waitFor();
    }
    await page.waitForLoadState("load");
    await page.waitForTimeout(350);
    if (plan.act) await plan.act(page);
    await page.evaluate(() => document.fonts.ready);
    await page.waitForTimeout(250);
    await page.screenshot({ path: `${out}/${name}-${look}.png`, fullPage: look === "large" });
    const sideways = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (sideways > 0) console.log(`${name}-${look}: ${sideways}px too wide`);
    await page.evaluate(axe);
    const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
    for (const violation of found.violations) {
      violations++;
      console.log(`${name}-${look}: axe ${violation.id}: ${violation.nodes.slice(0, 3).map((node) => `${node.target.join(" ")} ${node.failureSummary?.split("\n")[1] ?? ""}`).join(" | ")}`);
    }
    await page.close();
  }
  await context.close();
}
await browser.close();
console.log(`axe violations: ${violations}`);
process.exit(violations > 0 ? 1 : 0);
