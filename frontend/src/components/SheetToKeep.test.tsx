import { describe, expect, it } from "vitest";
import { draw } from "../test/render";
import { SheetToKeep } from "./SheetToKeep";

const leave = () => {
  const event = new Event("beforeunload", { cancelable: true });
  window.dispatchEvent(event);
  return event.defaultPrevented;
};

describe("a sheet that is shown once", () => {
  it("is not left by a slip of the hand, and holds nobody once it is put away", () => {
    const { unmount } = draw(<SheetToKeep sheet={{ unit_name: "示范村调解委员会", text: "样例", code: "AAAA-BBBB" }} second done={() => undefined} />);
    expect(leave()).toBe(true);
    unmount();
    expect(leave()).toBe(false);
  });
});
