import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { UserError } from "#adapter/base/errors";
import type { ProbeBoard } from "#extension/pico/boards/board";
import type { Computer } from "#extension/pico/computer/computer";
import { thisComputer } from "#extension/pico/computer/this-computer";
import { probeRsFault } from "#extension/pico/probe/probe-rs-fault";
import { startProbeServer } from "#extension/pico/probe/probe-server";
import { flashWithProbeRs } from "#extension/pico/routes/probe-rs-route";
import { readFirmwareImage } from "#extension/pico/uf2/read-firmware-image";
import { fakeComputer } from "./fake-computer";

const BLINK = "samples/prebuilt/blink-release.elf";
/** What probe-rs 0.32 has written on a machine without a probe, and which options its help names. */
const RECORDED = "test/golden/flash/probe-rs-0.32";

const board: ProbeBoard = {
  kind: "probe",
  id: "1-5",
  serial: "E661",
  usb: undefined,
  name: "Debugprobe on Pico (CMSIS-DAP)",
  selector: "2e8a:000c:E661",
  port: undefined,
};

let folder: string;
let computer: Computer;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pollscope-probe-"));
  symlinkSync(resolve("test/flash/fake-tools/probe-rs.mjs"), join(folder, "probe-rs"));
  const path = `${folder}:${process.env["PATH"] ?? ""}`;
  computer = { ...thisComputer(), environment: { PATH: path } };
});
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => behave("works"));

function behave(mode: string): void {
  const behaviour = { mode, pollscope: resolve("dist/pollscope.js") };
  writeFileSync(join(folder, "behaviour.json"), JSON.stringify(behaviour));
  writeFileSync(join(folder, "asked.jsonl"), "");
}

const asked = () =>
  readFileSync(join(folder, "asked.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string[]);

async function start(signal = new AbortController().signal) {
  return startProbeServer(computer, board, { image: await readFirmwareImage(BLINK), signal });
}

async function download(): Promise<void> {
  await flashWithProbeRs(
    {
      computer,
      image: await readFirmwareImage(BLINK),
      firmware: BLINK,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      isVerified: true,
      isStarted: false,
    },
    { program: join(folder, "probe-rs"), board },
  );
}

describe("probe-rs's gdb server", () => {
  it("listens where it was told to, until it is stopped", async () => {
    await download();
    const server = await start();
    const [host, port] = server.gdb.split(":");
    const socket = connect(Number(port), host);
    await new Promise((resolve, reject) => socket.once("connect", resolve).once("error", reject));
    const closed = new Promise((resolve) => socket.once("close", resolve));
    server.stop();
    await closed;
    expect(asked().at(-1)).toEqual([
      "gdb",
      ...["--chip", "RP2040", "--probe", "2e8a:000c:E661", "--non-interactive"],
      ...["--gdb-connection-string", server.gdb],
    ]);
  });

  it("that does not start is told in a sentence", async () => {
    for (const [mode, sentence] of [
      ["no probe", "probe-rs finds no such debug probe; plug it in again"],
      ["in use", "The debug probe is in use; end the debug session"],
      ["no permission", "probe-rs sees the debug probe, but may not use it"],
      ["no target", "No RP2040 answers at the debug probe; check that SWCLK"],
    ] as const) {
      behave(mode);
      await expect(start()).rejects.toThrow(sentence);
    }
  });

  it("can be cancelled while it starts, and is given up", async () => {
    behave("hangs");
    const controller = new AbortController();
    const starting = start(controller.signal);
    controller.abort(new Error("cancelled"));
    await expect(starting).rejects.toThrow("cancelled");
    const slow = fakeComputer();
    slow.programs.set("probe-rs", () => new Promise(() => undefined));
    const image = await readFirmwareImage(BLINK);
    const late = startProbeServer(slow, board, { image, signal: new AbortController().signal });
    await expect(late).rejects.toThrow("probe-rs has not started its gdb server within 20 s; unplug");
  });

  it("is not there", async () => {
    const image = await readFirmwareImage(BLINK);
    const without = { ...computer, environment: { PATH: "/nowhere" } };
    const late = startProbeServer(without, board, { image, signal: new AbortController().signal });
    await expect(late).rejects.toThrow("There is no probe-rs here");
  });
});

describe("what probe-rs 0.32 really writes", () => {
  const recorded = (name: string) => {
    const lines = readFileSync(join(RECORDED, name), "utf8").trimEnd().split("\n");
    return { status: Number(/exit code (\d+)/.exec(lines.pop()!)?.[1]), lines };
  };

  it("without a probe is no matter of permissions, and no frame of a backtrace", () => {
    const faults = readdirSync(RECORDED)
      .filter((name) => /^(download|reset|attach|gdb)/.test(name))
      .map((name) => [name, probeRsFault(recorded(name), "load blink", "RP2040")] as const);
    expect(faults.length).toBe(5);
    for (const [name, fault] of faults) {
      expect(fault).toBeInstanceOf(UserError);
      expect(`${name}: ${fault.what}`).toBe(
        name === "gdb.txt"
          ? "gdb.txt: probe-rs could not load blink (/sys/bus/usb/devices/ not found (errno 2))"
          : `${name}: probe-rs finds no such debug probe`,
      );
    }
  });

  it("has every option that it is asked for", async () => {
    const options = readFileSync(join(RECORDED, "options.txt"), "utf8").trimEnd().split("\n");
    const known = new Map(options.map((line) => line.split(": ") as [string, string]));
    await download();
    const server = await start();
    server.stop();
    const requests = asked();
    expect(requests.map(([command]) => command)).toEqual(["download", "gdb"]);
    for (const [command, ...words] of requests) {
      for (const option of words.filter((word) => word.startsWith("--")))
        expect(
          known
            .get(command!)
            ?.split(";")
            .map((each) => each.split(" ")[0]),
        ).toContain(option);
    }
  });
});
