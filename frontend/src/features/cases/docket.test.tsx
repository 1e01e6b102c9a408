// The court's folder as a person meets it.
import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, describe, expect, it, vi } from "vitest";
import { axeFindings } from "../../test/axe";
import { draw } from "../../test/render";
import { fakeStation, Refused } from "../../test/station";
import { DocketPage } from "./DocketPage";

afterEach(() => {
  vi.unstubAllGlobals();
  delete (window as unknown as { go?: unknown }).go;
});

/** A window that saves files, or in which the person thinks better of it. */
function desktop(saves: boolean) {
  const SaveFile = vi.fn(async (_title: string, _name: string, _content: string) => saves);
  (window as unknown as { go: unknown }).go = { desktop: { Native: { SaveFile, SetTitle: async () => undefined } } };
  return SaveFile;
}

const archive = {
  case: "c1", kind: "suit", documents: 5, made: 2, enclosed: 0, paper: 2, missing: 1, unlisted: [],
  warnings: [{ code: "warning_docket", texts: { zh: "“调解笔录”留在本单位", en: "The minutes stay here" } }],
  file: { name: "docket-c1.zip", media_type: "application/zip", data: "UEsFBg==" },
};

describe("the folder for the court", () => {
  it("is saved where the person says, and what stays or is missing is told", async () => {
    const station = fakeStation({ "GET /cases/c1/docket": () => archive });
    const save = desktop(true);
    const { container } = draw(<DocketPage id="c1" />);
    await userEvent.click(screen.getByRole("button", { name: "保存立案材料" }));
    expect(await screen.findByText("已保存（起诉）：docket-c1.zip")).toBeVisible();
    expect(save).toHaveBeenCalledWith("保存立案材料", "docket-c1.zip", "UEsFBg==");
    expect(screen.getByText("共 5 项材料：按登记内容排印 2 项，纸质 2 项，缺电子文件 1 项。")).toBeVisible();
    expect(screen.getByText("“调解笔录”留在本单位")).toBeVisible();
    expect(station.of("GET /cases/c1/docket")).toHaveLength(1);
    expect(await axeFindings(container)).toEqual([]);
  });
  it("says nothing is saved where the person thought better of it", async () => {
    fakeStation({ "GET /cases/c1/docket": () => archive });
    desktop(false);
    draw(<DocketPage id="c1" />, "en");
    await userEvent.click(screen.getByRole("button", { name: "Save the folder" }));
    expect(await screen.findByRole("button", { name: "Save the folder" })).toBeEnabled();
    expect(screen.queryByText(/Saved/)).toBeNull();
  });
  it("says in the law's words why there is nothing to docket yet", async () => {
    fakeStation({ "GET /cases/c1/docket": () => new Refused(409, { code: "step_docket_open", texts: { zh: "调解还没有结束", en: "Mediation has not ended" } }) });
    const save = desktop(true);
    draw(<DocketPage id="c1" />);
    await userEvent.click(screen.getByRole("button", { name: "保存立案材料" }));
    expect(await screen.findByText("调解还没有结束")).toBeVisible();
    expect(save).not.toHaveBeenCalled();
  });
});
