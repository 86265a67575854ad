import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ELFCLASS64 } from "#adapter/elf/constants";
import { buildElf, TEXT } from "#test/helpers/elf-builder";
import { pollscope } from "./pollscope";

const BLINK = "samples/prebuilt/blink-release.elf";

let folder: string;
const file = (name: string) => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "pollscope-cli-"));
  writeFileSync(file("text.elf"), "This is no ELF file, only text that is long enough to be one.\n");
  writeFileSync(file("wide.elf"), buildElf({ header: { elfClass: ELFCLASS64 } }));
  writeFileSync(file("x86.elf"), buildElf({ header: { machine: 62 } }));
  writeFileSync(file("armv8m.elf"), buildElf({ sections: [TEXT, attributes("Cortex-M33", 17)] }));
  writeFileSync(file("empty.elf"), "");
  writeFileSync(file("stripped.elf"), stripped(BLINK));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe("a wrong command line", () => {
  it.each([
    { words: ["trase"], says: 'There is no command "trase"; `pollscope --help` lists the commands' },
    { words: ["trace"], says: "`pollscope trace` needs a firmware file; name an ELF" },
    {
      words: ["trace", BLINK, "other.elf"],
      says: 'Only one firmware file can be given, and "other.elf" is a second',
    },
    { words: ["trace", BLINK, "--for", "soon"], says: '"soon" is no length of time; write it as 2s' },
    { words: ["trace", BLINK, "--for", "0s"], says: '"0s" is no length of time' },
    {
      words: ["trace", BLINK, "--colour"],
      says: "Unknown option '--colour'; `pollscope trace --help` lists",
    },
    {
      words: ["futures", BLINK, "--for", "1s"],
      says: "Unknown option '--for'; `pollscope futures --help` lists",
    },
  ])("$words ends with status 2 and one sentence", async ({ words, says }) => {
    const { status, out, error } = await pollscope(words);
    expect({ status, out }).toEqual({ status: 2, out: "" });
    expect(error).toContain(`pollscope: ${says}`);
    expect(error.trimEnd().split("\n").length).toBe(1);
  });
});

describe("a firmware or input that cannot be used", () => {
  it.each([
    { name: "missing.elf", says: "There is no file" },
    { name: "", says: "is a folder; name the ELF file" },
    { name: "empty.elf", says: "empty.elf" },
    { name: "text.elf", says: "text.elf is not an ELF file" },
    { name: "wide.elf", says: "64-bit" },
    { name: "x86.elf", says: "x86" },
    { name: "armv8m.elf", says: "and the chip of the Pico is the RP2040 (armv6-m); build it with" },
  ])("$name ends with status 1 and one sentence", async ({ name, says }) => {
    const { status, out, error } = await pollscope(["trace", file(name)]);
    expect({ status, out }).toEqual({ status: 1, out: "" });
    expect(error).toContain(says);
    expect(error.startsWith("pollscope: ")).toBe(true);
    expect(error.trimEnd().split("\n").length).toBe(1);
    expect(error).toContain("; ");
  });

  it.each([
    { words: ["--task", "blnk"], says: 'no task "blnk"; its tasks are' },
    { words: ["--press", "15"], says: '"15" is no button press; write PIN@TIME' },
    { words: ["--press", "77@1s"], says: "77" },
    { words: ["--type", "hello"], says: '"hello" is no text to send; write TEXT@TIME' },
    { words: ["--part", "toaster:pin=3"], says: 'There is no part "toaster"; use one of' },
    { words: ["--part", "tm1637:clk=2"], says: "dio is missing; write it like tm1637:clk=2,dio=3" },
    { words: ["--save", "/nowhere/at/all.pollscope"], says: "The trace cannot be saved" },
  ])("$words ends with status 1 or 2, and one sentence", async ({ words, says }) => {
    const { status, error } = await pollscope(["trace", BLINK, "--for", "10ms", ...words]);
    expect([1, 2]).toContain(status);
    expect(error).toContain(says);
    expect(error.trimEnd().split("\n").length).toBe(1);
  });
});

describe("a firmware without debug info", () => {
  it("runs, and says that and why its tasks cannot be seen", async () => {
    const { status, out, error } = await pollscope(["trace", file("stripped.elf"), "--for", "1s"]);
    expect(status).toBe(0);
    expect(out.split("\n").filter((line) => line.includes("GP25")).length).toBe(3);
    expect(out).not.toContain("poll-begin");
    expect(error).toContain("tasks: the firmware has no debug info, so tasks cannot be seen");
  });

  it("has no futures to list", async () => {
    const { status, error } = await pollscope(["futures", file("stripped.elf")]);
    expect(status).toBe(1);
    expect(error).toContain("has no debug info, so its futures are not known; build with `debug = 2`");
  });
});

/** `.ARM.attributes` with Tag_CPU_name and Tag_CPU_arch (Addenda to, and Errata in, the ABI for the Arm Architecture 3.3.2). */
function attributes(cpu: string, architecture: number) {
  const body = [5, ...new TextEncoder().encode(cpu), 0, 6, architecture];
  const u32 = (value: number) => [value & 0xff, value >>> 8, 0, 0];
  const own = [1, ...u32(body.length + 5), ...body];
  const vendor = [...new TextEncoder().encode("aeabi"), 0, ...own];
  return { name: ".ARM.attributes", type: 0x7000_0003, data: [0x41, ...u32(vendor.length + 4), ...vendor] };
}

/** The file with its section headers gone, which takes symbols and debug info along. */
function stripped(path: string): Uint8Array {
  const bytes = Uint8Array.from(readFileSync(path));
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint32(32, 0, true);
  view.setUint16(48, 0, true);
  view.setUint16(50, 0, true);
  return bytes;
}
