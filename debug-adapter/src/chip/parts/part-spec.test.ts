import { describe, expect, it } from "vitest";
import { UserError } from "../../base/errors";
import { parsePartSpec, parsePartSpecs } from "./part-spec";

function checkError(texts: readonly string[], message: string): void {
  expect(() => parsePartSpecs(texts)).toThrow(UserError);
  expect(() => parsePartSpecs(texts)).toThrow(message);
}

describe("parsePartSpec", () => {
  it("reads each kind of part", () => {
    expect(parsePartSpec("tm1637:clk=2,dio=3")).toEqual({ kind: "tm1637", name: "tm1637", clk: 2, dio: 3 });
    expect(parsePartSpec("button:pin=15")).toEqual({ kind: "button", name: "button15", pin: 15, to: "gnd" });
    expect(parsePartSpec("button:pin=15,to=3V3,name=go")).toEqual({
      kind: "button",
      name: "go",
      pin: 15,
      to: "3v3",
    });
    expect(parsePartSpec("led:pin=25")).toEqual({ kind: "led", name: "led25", pin: 25, to: "gnd" });
    expect(parsePartSpec("tmp102:sda=4,scl=5,address=0x49")).toEqual({
      kind: "tmp102",
      name: "tmp102@0x49",
      sda: 4,
      scl: 5,
      address: 0x49,
    });
    expect(parsePartSpec("tmp102:sda=4,scl=5")).toMatchObject({ address: 0x48 });
    expect(parsePartSpec("uart:tx=0,rx=1")).toEqual({ kind: "uart", name: "uart0", uart: 0, tx: 0, rx: 1 });
  });

  it("reads pins as people write them", () => {
    expect(parsePartSpec("led: pin = GP25")).toMatchObject({ pin: 25 });
    expect(parsePartSpec("led:pin=GPIO7")).toMatchObject({ pin: 7 });
    expect(parsePartSpec("led:pin=PIN_3")).toMatchObject({ pin: 3 });
  });

  it("names what is wrong, and what to do", () => {
    checkError(["lcd:pin=3"], 'There is no part "lcd"; use one of led:pin=25');
    checkError(["led"], 'Part "led": pin is missing; write it like led:pin=25');
    checkError(["led:pin=30"], 'Part "led:pin=30": there is no pin 30; GPIO pins are 0 to 29');
    checkError(["led:pin=red"], "there is no pin red");
    checkError(["led:pin=-1"], "there is no pin -1");
    checkError(["led:pin"], '"pin" has no value');
    checkError(["led:pin=1,pin=2"], "pin is given twice");
    checkError(["led:pin=1,colour=red"], 'it has no "colour"');
    checkError(["button:pin=1,to=5v"], "to=5v is no supply rail; use to=gnd or to=3v3");
    checkError(["tmp102:sda=4,scl=5,address=0x20"], "a TMP102 cannot have the address 0x20");
    checkError(["tmp102:sda=5,scl=4"], "GPIO5 is SCL and GPIO4 is SDA; swap the two pins");
    checkError(["uart:tx=1,rx=0"], "GPIO1 is no TX pin of a UART");
    checkError(["uart:tx=0,rx=5"], "GPIO0 belongs to UART0 and GPIO5 to UART1");
  });
});

describe("parsePartSpecs", () => {
  it("refuses a pin that is used twice, within a part and between parts", () => {
    checkError(["tm1637:clk=2,dio=2"], "GPIO2 is used twice: by tm1637 (clk) and tm1637 (dio)");
    checkError(["led:pin=3", "tm1637:clk=2,dio=3"], "GPIO3 is used twice: by led3 (pin) and tm1637 (dio)");
  });

  it("lets devices share an I2C bus", () => {
    const texts = ["tmp102:sda=4,scl=5", "tmp102:sda=4,scl=5,address=0x49"];
    expect(parsePartSpecs(texts)).toHaveLength(2);
    checkError(["tmp102:sda=4,scl=5", "led:pin=5"], "GPIO5 is used twice");
  });

  it("wants names that differ", () => {
    checkError(
      ["tm1637:clk=2,dio=3", "tm1637:clk=4,dio=5"],
      'Two parts are called "tm1637"; give one a name',
    );
    expect(parsePartSpecs(["tm1637:clk=2,dio=3", "tm1637:clk=4,dio=5,name=second"])).toHaveLength(2);
  });
});
