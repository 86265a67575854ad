import { describe, expect, it } from "vitest";
import { readSerial } from "#extension/pico/console/read-serial";
import type { SerialEvent } from "#extension/pico/console/serial-port";
import type { ProgramEnd } from "#extension/pico/computer/computer";
import { fakeComputer } from "./fake-computer";

const bytes = (text: string) => new TextEncoder().encode(text);

/** A computer whose port says these texts, each until the board goes away. */
function computerWithPort(sayings: string[], stty: ProgramEnd = { status: 0, lines: [] }) {
  const computer = fakeComputer();
  computer.programs.set("stty", () => stty);
  computer.streams.set("cat", async function* () {
    const saying = sayings.shift();
    if (saying !== undefined) yield await Promise.resolve(bytes(saying));
  });
  return computer;
}

/** What is told until the port has gone away so many times. */
async function told(computer: ReturnType<typeof fakeComputer>, ports: (string | undefined)[], times: number) {
  const controller = new AbortController();
  const events: string[] = [];
  let gone = 0;
  const findPort = () => Promise.resolve(ports.length > 1 ? ports.shift() : ports[0]);
  for await (const event of readSerial({ computer, findPort, baud: 115200, signal: controller.signal })) {
    events.push(inWords(event));
    if (event.kind === "gone" && ++gone === times) controller.abort();
  }
  return events;
}

function inWords(event: SerialEvent): string {
  if (event.kind === "open") return `open ${event.port}`;
  return event.kind === "bytes" ? new TextDecoder().decode(event.bytes) : "gone";
}

describe("a serial port", () => {
  it("is read again when the board comes back, wherever it is then", async () => {
    const computer = computerWithPort(["hello\n", "again\n"]);
    const ports = [undefined, "/dev/ttyACM0", undefined, undefined, "/dev/ttyACM1"];
    expect(await told(computer, ports, 2)).toEqual([
      "open /dev/ttyACM0",
      "hello\n",
      "gone",
      "open /dev/ttyACM1",
      "again\n",
      "gone",
    ]);
    expect(computer.runs[0]).toEqual([
      "stty",
      "-F",
      "/dev/ttyACM0",
      "115200",
      "raw",
      "-echo",
      "-hupcl",
      "clocal",
    ]);
  });

  it("is looked for with a rest in between", async () => {
    const computer = computerWithPort([]);
    await told(computer, ["/dev/ttyACM0"], 20);
    expect(computer.now()).toBeGreaterThanOrEqual(19 * 250);
  });

  it.each([
    {
      line: "stty: /dev/ttyACM0: Permission denied",
      says: "You may not use /dev/ttyACM0; run `Pollscope: Set Up USB Access`",
    },
    { line: "stty: invalid argument '77'", says: "/dev/ttyACM0 does not do 115200 bits per second" },
  ])("that may not be used is told: $line", async ({ line, says }) => {
    const computer = computerWithPort([], { status: 1, lines: [line] });
    await expect(told(computer, ["/dev/ttyACM0"], 1)).rejects.toThrow(says);
  });
});
