import { describe, expect, it } from "vitest";
import { SourceLocator } from "./source-locator";

function locatorOf(files: readonly string[], sourceMap: Record<string, string> = {}): SourceLocator {
  return new SourceLocator({
    sourceMap,
    firmware: "/home/me/project/target/thumbv6m-none-eabi/debug/app",
    registries: ["/home/me/.cargo/registry/src/index-1"],
    rustSources: ["/toolchain/lib/rustlib/src/rust"],
    exists: (path) => files.includes(path),
  });
}

describe("SourceLocator", () => {
  it("leaves a path alone that is there", () => {
    expect(locatorOf(["/home/me/project/src/main.rs"]).locate("/home/me/project/src/main.rs")).toBe(
      "/home/me/project/src/main.rs",
    );
  });

  it("follows the source map, the longest prefix first", () => {
    const map = { "/build": "/a", "/build/app": "/b" };
    expect(locatorOf(["/a/app/src/x.rs", "/b/src/x.rs"], map).locate("/build/app/src/x.rs")).toBe(
      "/b/src/x.rs",
    );
    expect(locatorOf(["/a/app/src/x.rs"], map).locate("/build/app/src/x.rs")).toBe("/a/app/src/x.rs");
    expect(locatorOf(["/b2/src/x.rs"], map).locate("/build/app2/src/x.rs")).toBeUndefined();
  });

  it("finds the sources of a project that was moved, by the longest end of the path", () => {
    const files = ["/home/me/project/src/main.rs", "/home/me/project/driver/src/main.rs"];
    expect(locatorOf(files).locate("/elsewhere/project/driver/src/main.rs")).toBe(files[1]);
    expect(locatorOf(files).locate("/elsewhere/project/src/main.rs")).toBe(files[0]);
  });

  it("does not take a file for another that only has the same name", () => {
    expect(locatorOf(["/home/me/project/main.rs"]).locate("/elsewhere/src/main.rs")).toBeUndefined();
  });

  it("finds the standard library in the toolchain, and crates where cargo unpacks them", () => {
    const core = "/toolchain/lib/rustlib/src/rust/library/core/src/task/poll.rs";
    const crate = "/home/me/.cargo/registry/src/index-1/embassy-time-0.5.1/src/timer.rs";
    const locator = locatorOf([core, crate]);
    expect(
      locator.locate("/rustc/ac68faa20c58cbccd01ee7208bf3b6e93a7d7f96/library/core/src/task/poll.rs"),
    ).toBe(core);
    expect(locator.locate("/cargo/registry/embassy-time-0.5.1/src/timer.rs")).toBe(crate);
    expect(
      locator.locate("C:\\Users\\me\\.cargo\\registry\\src\\index-9\\embassy-time-0.5.1\\src\\timer.rs"),
    ).toBe(crate);
  });

  it("does not look for a crate's file among the user's own", () => {
    expect(
      locatorOf(["/home/me/project/src/timer.rs"]).locate("/cargo/registry/embassy-time-0.5.1/src/timer.rs"),
    ).toBeUndefined();
  });
});
