import { I2CMode } from "rp2040js";
import { describe, expect, it } from "vitest";
import { seconds } from "#adapter/chip/rp2040/rp2040";
import { plainBoard, runPlainBoard } from "#test/helpers/rp2040js-board";
import { bootFirmware } from "./rp2040-firmware";

const SENSOR = 0x48;
/** One reading: the first tick is after half a second. */
const RUN_SECONDS = 0.7;
/** How long embassy-rp gives the crystal to start, for which rp2040js does not wait. */
const CRYSTAL_SECONDS = 0.128;

/** What is done on the bus, in order: `start 48 write`, `write 00`, `read 15`, `stop`. */
type Transfers = readonly string[];

const hex = (byte: number) => byte.toString(16).padStart(2, "0");

/** The firmware on rp2040js, with a sensor of a few lines that always answers with `word`; without if there is none. */
function onRp2040js(word: number | undefined): Transfers {
  const board = plainBoard("samples/prebuilt/thermometer-release.elf");
  const clock = board.clock as unknown as { readonly nanos: number };
  const bus: string[] = [];
  let count = 0;
  // Its UART keeps the transmit interrupt pending for good; the bus is what is compared.
  board.uart[0]!.checkInterrupts = () => undefined;
  const i2c = board.i2c[0]!;
  i2c.onConnect = (address, mode) => {
    bus.push(`start ${hex(address)} ${I2CMode[mode].toLowerCase()}`);
    count = 0;
    i2c.completeConnect(word !== undefined && address === SENSOR);
  };
  i2c.onWriteByte = (byte) => {
    bus.push(`write ${hex(byte)}`);
    i2c.completeWrite(true);
  };
  i2c.onReadByte = () => {
    const byte = count++ % 2 === 0 ? (word ?? 0) >>> 8 : (word ?? 0) & 0xff;
    bus.push(`read ${hex(byte)}`);
    i2c.completeRead(byte);
  };
  i2c.onStop = () => {
    bus.push("stop");
    i2c.completeStop();
  };
  while (clock.nanos < RUN_SECONDS * 1e9) runPlainBoard(board, 200);
  return bus;
}

/** The same on our chip; what is on the bus is read from the edges of its two pins (UM10204 3.1). */
function onOurs(parts: readonly string[], celsius: number): Transfers {
  const { machine, log } = bootFirmware("thermometer-release", parts);
  if (parts.length > 0) machine.apply({ kind: "temperature", part: "tmp102@0x48", celsius });
  machine.run(seconds(CRYSTAL_SECONDS + RUN_SECONDS));
  return transfersIn(log);
}

function transfersIn(log: readonly string[]): Transfers {
  const transfers: string[] = [];
  const level = { 4: true, 5: true };
  let bits: number[] = [];
  let isAddress = false;
  let isRead = false;
  for (const line of edgesInOrder(log)) {
    const match = / GPIO([45]) (high|low)$/.exec(line);
    if (match === null) continue;
    const pin = Number(match[1]) as 4 | 5;
    const isHigh = match[2] === "high";
    level[pin] = isHigh;
    if (pin === 4 && level[5]) {
      if (isHigh) transfers.push("stop");
      else isAddress = true;
      bits = [];
    } else if (pin === 5 && isHigh) {
      bits.push(level[4] ? 1 : 0);
      if (bits.length < 9) continue;
      const byte = bits.slice(0, 8).reduce((sum, bit) => sum * 2 + bit, 0);
      if (isAddress) isRead = (byte & 1) !== 0;
      const mode = isRead ? "read" : "write";
      transfers.push(isAddress ? `start ${hex(byte >>> 1)} ${mode}` : `${mode} ${hex(byte)}`);
      isAddress = false;
      bits = [];
    }
  }
  // Before the first start the pull-ups come up one after the other.
  return transfers.slice(transfers.findIndex((each) => each.startsWith("start")));
}

/** What a sensor does to SDA because SCL has fallen is told before the fall, which is of the same instant. */
function edgesInOrder(log: readonly string[]): string[] {
  const edges = log.filter((line) => / GPIO[45] /.test(line));
  const isFall = (line: string | undefined) => line?.endsWith(" GPIO5 low") === true;
  return edges.flatMap((line, i) => {
    const [before, after] = [edges[i - 1], edges[i + 1]];
    const sameAs = (other: string | undefined) => other?.split(" ")[0] === line.split(" ")[0];
    if (line.includes(" GPIO4 ") && isFall(after) && sameAs(after)) return [];
    const isSwapped = isFall(line) && before?.includes(" GPIO4 ") === true && sameAs(before);
    return isSwapped ? [line, before] : [line];
  });
}

describe("embassy-rp's async I2C driver against rp2040js", () => {
  it.each([
    { celsius: 21.5, word: 0x1580 },
    { celsius: -12.5, word: 0xf380 },
  ])("reads $celsius degrees by the same transfers", ({ celsius, word }) => {
    const ours = onOurs(["tmp102:sda=4,scl=5"], celsius);
    expect(ours).toEqual([
      "start 48 write",
      "write 00",
      "start 48 read",
      `read ${hex(word >>> 8)}`,
      `read ${hex(word & 0xff)}`,
      "stop",
    ]);
    expect(ours).toEqual(onRp2040js(word));
  });

  // What the driver still puts into the FIFO after the abort is flushed (datasheet 4.3.17, IC_TX_ABRT_SOURCE), and tried
  // again by rp2040js.
  it("gives up where nobody acknowledges the address", () => {
    const ours = onOurs([], 0);
    expect(ours).toEqual(["start 48 write", "stop"]);
    expect(ours).toEqual(onRp2040js(undefined).slice(0, 2));
  });
});
