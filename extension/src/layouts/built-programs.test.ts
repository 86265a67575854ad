import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findBuiltPrograms, profileFolders, sourcesInRule } from "./built-programs";

describe("what cargo has built", () => {
  let target: string;
  beforeEach(() => {
    target = mkdtempSync(join(tmpdir(), "pollscope-target-"));
    for (const profile of ["debug", "thumbv6m-none-eabi/release", "thumbv6m-none-eabi/debug"]) {
      write(`${profile}/.cargo-lock`, "");
    }
  });
  afterEach(() => rmSync(target, { recursive: true }));

  /** The head of an ELF file for ARM, with a text behind it. */
  function elf(text: string, { bits = 32, machine = 40 } = {}): string {
    const head = Buffer.alloc(20);
    head.write("\x7fELF", "latin1");
    head[4] = bits / 32;
    head.writeUInt16LE(machine, 18);
    return head.toString("latin1") + text;
  }

  function write(name: string, text: string, seconds = 0) {
    const path = join(target, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text, "latin1");
    utimesSync(path, seconds, seconds);
  }

  it("is every ELF file in the folder of a profile, the newest first", async () => {
    write("thumbv6m-none-eabi/release/blink", elf("old"), 10);
    write("thumbv6m-none-eabi/debug/blink", elf("new"), 20);
    write("thumbv6m-none-eabi/debug/examples/demo", elf("demo"), 15);
    write("thumbv6m-none-eabi/debug/libapp.rlib", elf("no program"), 30);
    write("thumbv6m-none-eabi/debug/deps/blink-0123", elf("of the compiler"), 30);
    write("thumbv6m-none-eabi/debug/notes", "text", 30);
    write("elsewhere/blink", elf("in no profile"), 30);
    const found = await findBuiltPrograms(target);
    expect(found.map(({ name, profile, modified }) => `${name} ${profile} ${modified}`)).toEqual([
      "blink debug 20000",
      "demo debug 15000",
      "blink release 10000",
    ]);
    expect(found.map(({ sources }) => sources)).toEqual([null, null, null]);
  });

  it("is known with the sources that it was built from", async () => {
    write("debug/blink", elf(""));
    write("debug/blink.d", "/work/target/debug/blink: /work/src/main.rs /work/my\\ lib/src/lib.rs\n");
    const [blink] = await findBuiltPrograms(target);
    expect(blink?.sources).toEqual([resolve("/work/src/main.rs"), resolve("/work/my lib/src/lib.rs")]);
  });

  it("is told apart from programs for a machine with an operating system", async () => {
    write("debug/firmware", elf("Cortex-M"), 30);
    write("debug/riscv", elf("Hazard3", { machine: 243 }), 20);
    write("debug/host", elf("x86-64", { bits: 64, machine: 62 }), 10);
    write("debug/cut", "\x7fELF", 5);
    const found = await findBuiltPrograms(target);
    expect(found.map(({ name, isFirmware }) => `${name} ${isFirmware}`)).toEqual([
      "firmware true",
      "riscv true",
      "host false",
    ]);
  });

  it("is nothing where there is no folder", async () => {
    expect(await findBuiltPrograms(join(target, "nowhere"))).toEqual([]);
  });

  it("lies in the folders that hold cargo's lock", async () => {
    const folders = await profileFolders(target);
    expect(folders.map((folder) => folder.slice(target.length + 1)).sort()).toEqual([
      "debug",
      join("thumbv6m-none-eabi", "debug"),
      join("thumbv6m-none-eabi", "release"),
    ]);
  });
});

it.each([
  ["", []],
  ["no rule", []],
  ["a: \n", []],
  ["a: b.rs c.rs\n\nb.rs:\n", ["/t/b.rs", "/t/c.rs"]],
  ["a\\ b: ../src/d\\ e.rs", ["/src/d e.rs"]],
])("the rule %j names the sources %j", (rule, expected) => {
  expect(sourcesInRule(rule, "/t")).toEqual(expected.map((path) => resolve(path)));
});
