import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parseMetadata } from "./metadata";

function pack(name: string, targets: readonly [kind: string, name: string][]) {
  return {
    id: `${name} 0.1.0`,
    name,
    manifest_path: `/work/${name}/Cargo.toml`,
    targets: targets.map(([kind, target]) => ({
      kind: [kind],
      name: target,
      src_path: `/work/${name}/${target}.rs`,
    })),
  };
}

const METADATA = JSON.stringify({
  workspace_root: "/work",
  workspace_default_members: ["app 0.1.0"],
  packages: [
    pack("app", [
      ["bin", "app"],
      ["bin", "second"],
      ["example", "demo"],
      ["custom-build", "build-script-build"],
    ]),
    pack("driver", [["lib", "driver"]]),
    pack("other", [["bin", "other"]]),
  ],
});

function names(folder: string): string[] {
  return parseMetadata(METADATA, folder).programs.map(
    ({ package: name, kind, name: program }) => `${name} ${kind} ${program}`,
  );
}

describe("what cargo says of a project", () => {
  it("lists binaries and examples, and no libraries or build scripts", () => {
    expect(names("/work")).toEqual(["app bin app", "app bin second", "app example demo", "other bin other"]);
  });

  it("lists those of the package whose folder is open", () => {
    expect(names("/work/other")).toEqual(["other bin other"]);
  });

  it("lists those that cargo would build in a folder within a package", () => {
    expect(names("/work/app/src")).toEqual(["app bin app", "app bin second", "app example demo"]);
  });

  it("keeps the folder to which the compiler's paths are relative", () => {
    expect(parseMetadata(METADATA, "/work/app").root).toBe("/work");
  });

  it("keeps the folder of what cargo builds, which need not be in the project", () => {
    expect(parseMetadata(METADATA, "/work").targetDirectory).toBe(join("/work", "target"));
    const moved = JSON.stringify({ ...(JSON.parse(METADATA) as object), target_directory: "/fast/target" });
    expect(parseMetadata(moved, "/work").targetDirectory).toBe("/fast/target");
  });

  it.each(["", "no json", "null", "{}", '{"workspace_root":"/work"}'])("refuses %j in a sentence", (text) => {
    expect(() => parseMetadata(text, "/work")).toThrow(
      "`cargo metadata` has printed something else than metadata",
    );
  });
});
