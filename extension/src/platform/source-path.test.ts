import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sourcePaths } from "./source-path";

describe("where a source file may be", () => {
  it("is where the compiler has said, or below a folder of the same name", () => {
    expect(sourcePaths("/pollscope/samples/blink/src/main.rs", ["/home/me/other", "/ext/samples"])).toEqual([
      "/pollscope/samples/blink/src/main.rs",
      join("/ext/samples", "blink/src/main.rs"),
    ]);
    expect(sourcePaths("/build/blink/src/main.rs", ["/home/me/blink"])).toEqual([
      "/build/blink/src/main.rs",
      join("/home/me/blink", "src/main.rs"),
    ]);
  });

  it("is in a folder of the workspace for a relative name", () => {
    expect(sourcePaths("src/main.rs", ["/home/me/blink"])).toEqual([
      join("/home/me/blink", "src/main.rs"),
      "src/main.rs",
    ]);
  });

  it("is never another file that merely has the same last name", () => {
    expect(sourcePaths("/build/blink/src/main.rs", ["/home/me/chat"])).toEqual(["/build/blink/src/main.rs"]);
  });
});
