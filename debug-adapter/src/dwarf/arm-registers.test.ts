import { expect, it } from "vitest";
import { armRegisterName } from "./arm-registers";

it.each([
  [0, "r0"],
  [12, "r12"],
  [13, "sp"],
  [14, "lr"],
  [15, "pc"],
  [16, "register 16"],
  [64, "s0"],
  [95, "s31"],
  [256, "d0"],
  [287, "d31"],
])("register %i is called %s", (register, name) => expect(armRegisterName(register)).toBe(name));
