// A case that is half typed survives the end of its program, however it ends.
import { expect, test } from "vitest";
import { initRoot, TOWN } from "../src/county.ts";
import { Desk } from "../src/desk.ts";
import { rig } from "../src/rig.ts";

const on = rig((folder) => initRoot(folder, TOWN));

test("half a case, the process killed, restarted: the draft is offered and saved", async () => {
  const before = await Desk.signedIn(on.browser, on.station);
  await before.link("cases.new").click();
  const party = (desk: Desk, n: number) => desk.page.getByRole("group", { name: desk.say("people.number", { n }), exact: true });
  await party(before, 1).getByLabel("姓名或者名称").fill("李大样");
  await before.labelled("纠纷简要情况").fill("两家东西相邻，𬘭𫖯中间原有一道土墙");
  await before.text("draft.kept").waitFor();
  await on.station.kill();

  await on.again();
  const after = await Desk.signedIn(on.browser, on.station);
  await after.text("drafts.begun", { n: 1 }).waitFor();
  await after.page.getByRole("link", { name: new RegExp(after.say("drafts.go", { time: ".*" })) }).click();
  await after.text("draft.back").waitFor();
  expect(await after.labelled("纠纷简要情况").inputValue()).toBe("两家东西相邻，𬘭𫖯中间原有一道土墙");
  expect(await party(after, 1).getByLabel("姓名或者名称").inputValue()).toBe("李大样");

  // What is missing is said, each beside its field.
  await after.button("new.save").click();
  await after.text("form.wrong", { n: 2 }).waitFor();
  await after.page.getByRole("button", { name: /纠纷类别/ }).click();
  await after.page.getByRole("option", { name: "邻里纠纷" }).click();
  await after.labelled("案件名称").fill("李大样墙界纠纷");
  await after.button("new.save").click();
  await after.page.getByRole("heading", { name: "李大样墙界纠纷" }).waitFor();
  await after.to("cases");
  await after.page.getByRole("row", { name: /李大样墙界纠纷/ }).waitFor();
  expect(await after.page.getByText(after.say("drafts.begun", { n: 1 })).count()).toBe(0);
  expect(await on.folder.json<{ title: string }>("case", "list")).toMatchObject({ title: "李大样墙界纠纷" });
  expect(after.troubles).toEqual([]);
  await before.close();
  await after.close();
});
