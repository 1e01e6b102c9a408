import { describe, expect, it } from "vitest";
import { maskAddress, maskElectronic, maskId, maskPhone } from "./mask";

// The same forms as casework's TestMasks.
describe("masks", () => {
  it.each([
    [maskId, "11010519491231002X", "110105********002X"],
    [maskId, "990125550312001", "990125******001"],
    [maskId, "E12345678", "E1*****78"],
    [maskId, "AB1", "***"],
    [maskPhone, "13812345678", "138****5678"],
    [maskPhone, "000-0000-0001", "000-****-0001"],
    [maskPhone, "87654321", "******21"],
    [maskPhone, "12", "**"],
    [maskAddress, "浙江省绍兴市诸暨市枫桥镇河湾村3组12号", "浙江省绍兴市诸暨市枫桥镇****"],
    [maskAddress, "镇江市京口区示例路8号", "镇江市京口区****"],
    [maskAddress, "河湾村3组", "****"],
    [maskAddress, "", ""],
    [maskElectronic, "yang@example.invalid", "y***@example.invalid"],
    [maskElectronic, "李@example.invalid", "***@example.invalid"],
    [maskElectronic, "13812345678", "138****5678"],
  ])("%o of %s", (mask, whole, covered) => {
    expect(mask(whole)).toBe(covered);
  });
});
