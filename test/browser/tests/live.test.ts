// What others do shows on an open page without reloading it.
import { expect, test } from "vitest";
import { initRoot, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { rig } from "../src/rig.ts";
import { WALL } from "../src/samples.ts";

const on = rig((folder) => initRoot(folder, TOWN));

test("a case recorded and changed on the command line appears on the open page", async () => {
  const desk = await Desk.signedIn(on.browser, on.station);
  await desk.text("cases.none").waitFor();
  await desk.page.evaluate(() => {
    document.body.dataset["kept"] = "the same page";
  });

  const file = await on.folder.file("case.json", JSON.stringify(WALL.document));
  const { id } = await on.folder.json<{ id: string }>("case", "new", "--file", file);
  await desk.page.getByRole("row", { name: new RegExp(WALL.document.title) }).click();
  await desk.page.getByText("示范村3组", { exact: true }).waitFor();

  const change = await on.folder.file("change.json", JSON.stringify({ place: "村口老槐树下" }));
  await on.folder.json("case", "set", id, "--file", change);
  await desk.page.getByText("村口老槐树下", { exact: true }).waitFor();
  const step = await on.folder.file("step.json", JSON.stringify({ at: new Date().toISOString() }));
  await on.folder.json("case", "act", id, "accept", "--file", step);
  await desk.text("steps.next", { step: "指定调解员" }).waitFor();
  expect(await desk.page.evaluate(() => document.body.dataset["kept"]), "the page was not loaded anew").toBe("the same page");

  // The program ends and comes back at the same address: the page says so, and
  // goes on by itself once the person has signed in again.
  await on.station.kill();
  await desk.text("sync.silent").waitFor();
  await on.again("--listen", new URL(desk.address).host);
  await desk.text("signin.locked").waitFor();
  await desk.signIn();
  await desk.page.getByText("村口老槐树下", { exact: true }).waitFor();
  await desk.text("sync.saved").waitFor();
  await desk.close();
});
