// The first run of a root in the browser: from an empty folder to signed in.
import { expect, test } from "vitest";
import { Desk } from "../src/desk.ts";
import { rig } from "../src/rig.ts";
import { SECRET } from "../src/station.ts";

const on = rig();

// The third wrong secret in a row makes the fourth wait; twice as long each time.
const MOST_TRIES = 8;

test("a root is set up, its recovery sheet is confirmed, and a wrong secret is slowed", async () => {
  const desk = await Desk.open(on.browser, on.station);
  const { page } = desk;
  await desk.button("setup.root.go").click();

  // A mistake is said beside its field, and nothing typed is lost by it.
  await desk.field("unit.code").fill("330681-fy");
  await desk.button("setup.root.make").click();
  await desk.text("wrong.code").waitFor();
  await desk.field("unit.code").fill("330681000000-fy");
  await page.getByText("浙江省绍兴市诸暨市").waitFor();
  await desk.field("unit.name").fill("诸暨市样例人民法院");
  await desk.field("seat.name").fill("高例清");
  await page.getByRole("checkbox", { name: "管理员" }).waitFor({ state: "attached" });
  await desk.field("secret.new").fill("short");
  await desk.field("secret.again").fill("short");
  await desk.button("setup.root.make").click();
  await desk.text("wrong.secret.short", { least: 8 }).waitFor();
  await desk.field("secret.new").fill(SECRET);
  await desk.field("secret.again").fill(SECRET);
  await desk.button("setup.root.make").click();

  // The sheet is shown, and there is no way on before it is confirmed.
  await page.getByRole("heading", { name: desk.say("recovery.title"), exact: true }).waitFor();
  const sheet = await page.locator("article").innerText();
  expect(sheet).toContain("诸暨市样例人民法院");
  expect(sheet).toMatch(/\b[0-9A-Z]{4}\b/);
  expect(await desk.button("recovery.go").isDisabled()).toBe(true);
  await page.getByText(desk.say("recovery.kept")).click();
  await desk.button("recovery.go").click();

  // A root has a second one, with another code, that has to be confirmed by itself.
  await page.getByRole("heading", { name: desk.say("recovery.second.title"), exact: true }).waitFor();
  const second = await page.locator(".recovery-code").innerText();
  expect(second).toMatch(/^([0-9A-Z]{4}-){9}[0-9A-Z]{4}$/);
  expect(sheet).not.toContain(second);
  expect(await desk.button("recovery.go").isDisabled()).toBe(true);
  await page.getByText(desk.say("recovery.kept")).click();
  await desk.button("recovery.go").click();

  // Nothing opens without the secret.
  await desk.signIn("not the secret");
  await desk.text("problem.wrong_secret").waitFor();
  const slowed = page.getByText(new RegExp(desk.say("signin.slowed", { seconds: "\\d+" })));
  for (let tried = 1; (await slowed.count()) === 0; tried++) {
    expect(tried, "wrong secrets go on without being slowed").toBeLessThan(MOST_TRIES);
    const answered = page.waitForResponse((answer) => answer.url().endsWith("/sessions"));
    await desk.signIn(`not the secret ${tried}`);
    await answered;
    await desk.quiet();
  }
  expect(await desk.button("signin.open").isDisabled()).toBe(true);
  await desk.button("signin.open").and(page.locator(":enabled")).waitFor();
  await desk.signIn();
  await desk.shell().waitFor();
  await desk.text("cases.none").waitFor();

  await desk.button("rail.lock").click();
  await desk.text("signin.locked").waitFor();
  expect(await desk.shell().isVisible()).toBe(false);
  await desk.signIn();
  await desk.shell().waitFor();
  expect(desk.troubles.filter((one) => !/\b(401|403|429)\b.*\/sessions/.test(one))).toEqual([]);
  await desk.close();
});
