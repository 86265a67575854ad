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

  function write(name: string, text: string, seconds = 0) {
    const path = join(target, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    utimesSync(path, seconds, seconds);
  }

  it("is every ELF file in the folder of a profile, the newest first", async () => {
    write("thumbv6m-none-eabi/release/blink", "\x7fELF old", 10);
    write("thumbv6m-none-eabi/debug/blink", "\x7fELF new", 20);
    write("thumbv6m-none-eabi/debug/examples/demo", "\x7fELF demo", 15);
    write("thumbv6m-none-eabi/debug/libapp.rlib", "\x7fELF no program", 30);
    write("thumbv6m-none-eabi/debug/deps/blink-0123", "\x7fELF of the compiler", 30);
    write("thumbv6m-none-eabi/debug/notes", "text", 30);
    write("elsewhere/blink", "\x7fELF in no profile", 30);
    const found = await findBuiltPrograms(target);
    expect(found.map(({ name, profile, modified }) => `${name} ${profile} ${modified}`)).toEqual([
      "blink debug 20000",
      "demo debug 15000",
      "blink release 10000",
    ]);
    expect(found.map(({ sources }) => sources)).toEqual([null, null, null]);
  });

  it("is known with the sources that it was built from", async () => {
    write("debug/blink", "\x7fELF");
    write("debug/blink.d", "/work/target/debug/blink: /work/src/main.rs /work/my\\ lib/src/lib.rs\n");
    const [blink] = await findBuiltPrograms(target);
    expect(blink?.sources).toEqual([resolve("/work/src/main.rs"), resolve("/work/my lib/src/lib.rs")]);
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
