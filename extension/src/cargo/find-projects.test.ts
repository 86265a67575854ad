import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { picoProjects, projectOf } from "./find-projects";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "pollscope-projects-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function write(file: string, text = "") {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** A project that builds for a target, or says nothing of one. */
function project(name: string, triple?: string): string {
  write(`${name}/Cargo.toml`);
  if (triple !== undefined) write(`${name}/.cargo/config.toml`, `[build]\ntarget = "${triple}"\n`);
  return join(root, name);
}

function found(...folders: string[]) {
  return picoProjects(folders, { environment: {}, cargoHome: join(root, "home") });
}

it("takes the open folder for the project, also where a file belongs to one of its members", () => {
  project("app");
  project("app/member");
  expect(projectOf(join(root, "app/member/src/main.rs"), join(root, "app"))).toBe(join(root, "app"));
});

it("finds the project around a file in an open folder that is none", () => {
  project("things/firmware");
  const inside = join(root, "things/firmware/src/bin/main.rs");
  expect(projectOf(inside, join(root, "things"))).toBe(join(root, "things/firmware"));
  expect(projectOf(join(root, "things/notes.txt"), join(root, "things"))).toBeUndefined();
});

it("looks no further than the open folder", () => {
  project(".");
  expect(projectOf(join(root, "docs/page.md"), join(root, "docs"))).toBeUndefined();
  expect(projectOf(join(root, "src/main.rs"), join(root, "docs"))).toBeUndefined();
});

it("prefers projects that say that they are for the Pico, then those that say nothing", async () => {
  write("notes/todo.txt");
  const plain = project("plain");
  const host = project("host", "x86_64-unknown-linux-gnu");
  expect(await found(join(root, "notes"))).toEqual([]);
  expect(await found(host)).toEqual([host]);
  expect(await found(host, plain)).toEqual([plain]);
  const [one, two] = [project("one", "thumbv6m-none-eabi"), project("two", "thumbv6m-none-eabi")];
  expect(await found(join(root, "notes"), plain, one, host, two)).toEqual([one, two]);
});

it("does not stumble over a configuration that cannot be read", async () => {
  const damaged = project("damaged");
  write("damaged/.cargo/config.toml", "[build\n");
  expect(await found(damaged)).toEqual([damaged]);
});
