import { describe, expect, it } from "vitest";
import type { SourceFile } from "../../symbols/source-files";
import { findSourceFile } from "./source-path";

function files(...paths: string[]): SourceFile[] {
  return paths.map((path, id) => ({
    id,
    path,
    name: path.slice(path.lastIndexOf("/") + 1),
    origin: { kind: "own" },
  }));
}

/** The path that is found, or the sentence why there is none. */
function find(path: string, known: readonly SourceFile[]): string {
  const found = findSourceFile(path, known);
  return typeof found === "string" ? found : found.path;
}

const KNOWN = files(
  "/build/samples/blink/src/main.rs",
  "/build/samples/echo/src/main.rs",
  "/rustc/0a1b2c/library/core/src/option.rs",
  "/cargo/registry/src/index-1f/embassy-time-0.5.1/src/timer.rs",
);

describe("the source file of a path", () => {
  it.each([
    { what: "the same path", path: "/build/samples/blink/src/main.rs", found: KNOWN[0]!.path },
    {
      what: "a folder that has moved",
      path: "/home/me/work/samples/echo/src/main.rs",
      found: KNOWN[1]!.path,
    },
    { what: "the package alone", path: "/home/me/blink/src/main.rs", found: KNOWN[0]!.path },
    { what: "backslashes and a drive", path: "C:\\Users\\me\\blink\\src\\main.rs", found: KNOWN[0]!.path },
    {
      what: "the standard library, where rustup keeps it",
      path: "/home/me/.rustup/toolchains/stable/lib/rustlib/src/rust/library/core/src/option.rs",
      found: KNOWN[2]!.path,
    },
    {
      what: "a dependency in another registry folder",
      path: "/home/me/.cargo/registry/src/other-2e/embassy-time-0.5.1/src/timer.rs",
      found: KNOWN[3]!.path,
    },
  ])("is found by $what", ({ path, found }) => {
    expect(find(path, KNOWN)).toBe(found);
  });

  it("is not taken for that of another package or another version", () => {
    const other =
      "the firmware has no code of this file; it has 2 other files of this name (if that is the same, say so in `sourceMap`)";
    expect(find("/home/me/clock/src/main.rs", KNOWN)).toBe(other);
    expect(find("/registry/embassy-time-0.4.0/src/timer.rs", KNOWN)).toContain("it has /cargo/registry");
    expect(find("/home/me/blink/src/lib.rs", KNOWN)).toBe("the firmware has no code of lib.rs");
  });

  it("is refused where two are equally likely", () => {
    const twins = files("/a/app/src/main.rs", "/b/app/src/main.rs");
    expect(find("/c/app/src/main.rs", twins)).toBe(
      "this may be /a/app/src/main.rs or /b/app/src/main.rs; say which in `sourceMap`",
    );
    expect(find("/b/app/src/main.rs", twins)).toBe("/b/app/src/main.rs");
  });
});
