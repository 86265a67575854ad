import { describe, expect, it } from "vitest";
import type { Computer } from "#extension/pico/computer/computer";
import { isPortThere, readSerial } from "#extension/pico/console/read-serial";
import { fakeMac } from "./fake-mac";
import { inPieces } from "./fake-usb";
import { fakeWindows, type FakeWindows } from "./fake-windows";

/** What is told of a port until it goes away. */
async function heard(computer: Computer, port: string): Promise<string[]> {
  const controller = new AbortController();
  const events: string[] = [];
  const { signal } = controller;
  for await (const event of readSerial({
    computer,
    findPort: () => Promise.resolve(port),
    baud: 115200,
    signal,
  })) {
    events.push(
      event.kind === "bytes"
        ? Buffer.from(event.bytes).toString()
        : event.kind === "open"
          ? `open ${event.port}`
          : "gone",
    );
    if (event.kind === "gone") controller.abort();
  }
  return events;
}

describe("on macOS", () => {
  it("a port is held open while it is set up and read, for macOS forgets how it was set up", async () => {
    const { computer } = fakeMac();
    const heldBy: Record<string, readonly string[]> = {};
    computer.programs.set("stty", () => {
      heldBy["stty"] = [...computer.held];
      return { status: 0, lines: [] };
    });
    computer.streams.set("/bin/cat", () => {
      heldBy["cat"] = [...computer.held];
      return inPieces("hello\n");
    });
    const port = "/dev/cu.usbmodem14105";
    expect(await heard(computer, port)).toEqual([`open ${port}`, "hello\n", "gone"]);
    expect(heldBy).toEqual({ stty: [port], cat: [port] });
    expect(computer.held).toEqual([]);
    expect(computer.runs[0]).toEqual(["/bin/stty", "-f", port, "115200", "raw", "-echo", "-hupcl", "clocal"]);
  });

  it("a port that another program has to itself is told", async () => {
    const { computer } = fakeMac();
    computer.programs.set("stty", () => ({ status: 1, lines: ["stty: /dev/cu.x: Resource busy"] }));
    await expect(heard(computer, "/dev/cu.x")).rejects.toThrow(
      "/dev/cu.x is in use by another program; close it",
    );
    expect(computer.held).toEqual([]);
  });
});

describe("on Windows", () => {
  const saying = (system: FakeWindows, ...pieces: readonly string[]) => {
    const scripts: string[] = [];
    system.onScript((script) => {
      scripts.push(script);
      return (async function* () {
        for (const piece of pieces) yield await Promise.resolve(Buffer.from(piece));
      })();
    });
    return scripts;
  };

  it("a port is read by a script that says first that it is open", async () => {
    const system = fakeWindows();
    const scripts = saying(system, "op", "en\nhel", "lo \u00fc\r\n");
    expect((await heard(system.computer, "\\\\.\\COM12")).join("|")).toBe(
      "open \\\\.\\COM12|hel|lo \u00fc\r\n|gone",
    );
    expect(scripts[0]).toContain("IO.Ports.SerialPort 'COM12', 115200");
    expect(scripts[0]).toContain("DtrEnable = $true");
  });

  it.each([
    { exception: "UnauthorizedAccessException", says: "COM5 is in use by another program; close it there" },
    { exception: "ArgumentOutOfRangeException", says: "COM5 does not do 115200 bits per second" },
  ])("a port that cannot be opened is told: $exception", async ({ exception, says }) => {
    const system = fakeWindows();
    saying(system, `${exception}\n`);
    await expect(heard(system.computer, "COM5")).rejects.toThrow(says);
  });

  it("a port that has gone is looked for again, with a rest in between", async () => {
    const system = fakeWindows();
    let tries = 0;
    system.onScript(() => inPieces(++tries < 5 ? "IOException\n" : "open\nback\n"));
    expect(await heard(system.computer, "COM5")).toEqual(["open COM5", "back\n", "gone"]);
    expect(system.computer.now()).toBe(4000);
  });

  it("nothing but the name of a port comes into a script", async () => {
    const { computer, onScript } = fakeWindows();
    const scripts: string[] = [];
    onScript((script) => {
      scripts.push(script);
      return undefined;
    });
    for (const port of ["COM5'; calc; '", "COM5\n", "COM1234", "x COM5", "/dev/ttyS0", "COM", ""]) {
      const controller = new AbortController();
      let looks = 0;
      const findPort = () => {
        if (looks++ > 0) controller.abort();
        return Promise.resolve(port);
      };
      for await (const event of readSerial({ computer, findPort, baud: 9600, signal: controller.signal })) {
        throw new Error(`${port}: ${event.kind}`);
      }
    }
    expect(scripts).toEqual([]);
  });

  it("a port that is named is there if Windows lists it, or does not tell", async () => {
    const system = fakeWindows();
    expect(await isPortThere(system.computer, "COM7")).toBe(true);
    system.onScript((script) => inPieces(script.includes("GetPortNames") ? "ports COM3 COM10" : undefined));
    expect(await isPortThere(system.computer, "com3")).toBe(true);
    expect(await isPortThere(system.computer, "\\\\.\\COM10")).toBe(true);
    expect(await isPortThere(system.computer, "COM1")).toBe(false);
    expect(await isPortThere(system.computer, "/dev/ttyACM0")).toBe(false);
    system.onScript(() => inPieces("ports "));
    expect(await isPortThere(system.computer, "COM3")).toBe(false);
  });
});
