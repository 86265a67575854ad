import { describe, expect, it } from "vitest";
import { Drive, Net } from "./net";

function check(drives: readonly Drive[], isHigh: boolean): void {
  const net = new Net("n");
  for (const [i, drive] of drives.entries()) net.addDriver(`d${i}`).set(drive);
  expect(net.isHigh).toBe(isHigh);
}

describe("Net", () => {
  it("lets an output beat a resistor, a resistor a pull, and a pull nothing", () => {
    check([], false);
    check([Drive.floating], false);
    check([Drive.high], true);
    check([Drive.pullUp], true);
    check([Drive.pullUp, Drive.low], false);
    check([Drive.pullDown, Drive.high], true);
    check([Drive.pullUp, Drive.floating], true);
    check([Drive.pullDown, Drive.resistorUp], true);
    check([Drive.pullUp, Drive.resistorDown], false);
    check([Drive.low, Drive.resistorUp], false);
  });

  it("is a wired AND for open-drain drivers with a pull-up", () => {
    check([Drive.pullUp, Drive.floating, Drive.low], false);
    check([Drive.pullUp, Drive.low, Drive.low], false);
  });

  it("keeps the last level where a pad has both pulls on", () => {
    const net = new Net("n");
    const driver = net.addDriver("pad");
    driver.set(Drive.high);
    driver.set(Drive.keep);
    expect(net.isHigh).toBe(true);
    driver.set(Drive.low);
    driver.set(Drive.keep);
    expect(net.isHigh).toBe(false);
  });

  it("keeps the last level where two pulls work against each other", () => {
    const net = new Net("n");
    const [a, b] = [net.addDriver("a"), net.addDriver("b")];
    a.set(Drive.pullUp);
    b.set(Drive.pullDown);
    expect(net.isHigh).toBe(true);
  });

  it("reports two strong drivers against each other once per conflict, by name", () => {
    const reports: string[] = [];
    const net = new Net("GPIO3", (name, drivers) => reports.push(`${name}: ${drivers.join(", ")}`));
    const [a, b] = [net.addDriver("chip"), net.addDriver("wire")];
    a.set(Drive.high);
    b.set(Drive.low);
    expect(net.isHigh).toBe(false);
    expect(net.isContended).toBe(true);
    expect(reports).toEqual(["GPIO3: chip, wire"]);
    b.set(Drive.floating);
    expect(net.isContended).toBe(false);
    b.set(Drive.low);
    expect(reports).toHaveLength(2);
  });

  it("tells listeners each change, and only the newest level where one of them answers at once", () => {
    const net = new Net("n");
    const [chip, part] = [net.addDriver("chip"), net.addDriver("part")];
    chip.set(Drive.pullUp);
    const heard: string[] = [];
    net.listen((isHigh) => {
      heard.push(`first ${isHigh}`);
      if (!isHigh) chip.set(Drive.pullUp);
    });
    net.listen((isHigh) => heard.push(`second ${isHigh}`));
    part.set(Drive.low);
    chip.set(Drive.low);
    part.set(Drive.floating);
    expect(heard).toEqual(["first false", "second false"]);
    chip.set(Drive.pullUp);
    expect(heard.slice(2)).toEqual(["first true", "second true"]);
  });
});
