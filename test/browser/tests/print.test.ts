// The sheet of a case as it comes out on paper.
import { expect, test } from "vitest";
import { Api } from "../src/api.ts";
import { initRoot, tell, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { rig } from "../src/rig.ts";
import { WALL } from "../src/samples.ts";

const on = rig((folder) => initRoot(folder, TOWN));

test("the sheet is printed alone, whole and legible", async () => {
  const [id = ""] = await tell(await Api.signIn(on.station), [WALL]);
  const desk = await Desk.signedIn(on.browser, on.station);
  const { page } = desk;
  await desk.to("cases", id);
  await desk.link("case.print").click();
  await page.getByRole("heading", { level: 1, name: desk.say("sheet.title") }).waitFor();
  await page.getByText(WALL.document.claims?.split("\n")[1] ?? "").waitFor();

  await page.emulateMedia({ media: "print" });
  const seen = await page.locator("body").innerText();
  for (const one of [WALL.document.title, "李大样", "王小例", "中间原有一道1998年砌的土墙", "赵示和", "纠纷现场"]) expect(seen).toContain(one);
  expect(await page.getByRole("navigation").count(), "the rail stays off the paper").toBe(0);
  expect(await page.getByRole("button").count(), "so do the buttons").toBe(0);
  expect(await desk.text("sync.saved").count()).toBe(0);
  const style = await page.locator("article").evaluate((sheet) => {
    const { color, backgroundColor, fontFamily, fontSize } = getComputedStyle(sheet);
    return { color, backgroundColor, fontFamily, fontSize: parseFloat(fontSize) };
  });
  expect(style.fontFamily).toMatch(/serif/i);
  expect(style.fontSize).toBeGreaterThanOrEqual(14);
  const paper = (await page.pdf({ format: "A4" })).toString("latin1");
  const sheets = paper.match(/\/Type\s*\/Page\b/g) ?? [];
  expect(sheets.length, "a short case fits on two sheets").toBeLessThanOrEqual(2);
  expect(sheets.length).toBeGreaterThanOrEqual(1);

  // Last, because from here on the browser's own print dialogue holds the page.
  await page.emulateMedia({ media: null });
  const asked = page.evaluate(
    () =>
      new Promise<boolean>((answered) => {
        window.addEventListener(
          "beforeprint",
          () => {
            answered(true);
          },
          { once: true },
        );
      }),
  );
  await desk.button("sheet.print").click();
  expect(await asked, "the button asks the browser to print").toBe(true);
  expect(desk.troubles).toEqual([]);
  await desk.close();
});
