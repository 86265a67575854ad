import { describe, expect, it } from "vitest";
import { joinPath, SourceFiles } from "./source-files";

describe("joinPath", () => {
  it.each([
    ["/project", "src/main.rs", "/project/src/main.rs"],
    ["/project/", "./src/../lib.rs", "/project/lib.rs"],
    ["/project", "/abs/a.rs", "/abs/a.rs"],
    ["", "src/main.rs", "src/main.rs"],
    ["/a/b", "../../../c.rs", "/../c.rs"],
    ["C:\\work", "src\\main.rs", "C:\\work\\src\\main.rs"],
    ["C:\\work", "D:\\a.rs", "D:\\a.rs"],
    ["/project", "src/.hidden/a..b.rs", "/project/src/.hidden/a..b.rs"],
  ])("of %s and %s is %s", (directory, path, joined) => expect(joinPath(directory, path)).toBe(joined));
});

describe("SourceFiles", () => {
  it("keeps each path once", () => {
    const files = new SourceFiles();
    const file = files.intern("/project", "src/main.rs");
    expect(files.intern("/project/src", "main.rs")).toBe(file);
    expect(files.all).toEqual([file]);
    const { id, path, name, origin } = file;
    expect({ id, path, name, origin }).toEqual({
      id: 0,
      path: "/project/src/main.rs",
      name: "main.rs",
      origin: { kind: "own" },
    });
    expect(files.get(0)).toBe(file);
    expect(files.get(1)).toBeUndefined();
  });

  it("looks for a file once, when its path is first asked for", () => {
    const asked: string[] = [];
    const files = new SourceFiles({
      remap: (written) => {
        asked.push(written);
        return `/here${written}`;
      },
    });
    const file = files.intern("/project", "src/main.rs");
    expect(asked).toEqual([]);
    expect([file.path, file.name, file.path]).toEqual([
      "/here/project/src/main.rs",
      "main.rs",
      "/here/project/src/main.rs",
    ]);
    expect(asked).toEqual(["/project/src/main.rs"]);
  });

  it("finds files by the end of their path", () => {
    const files = new SourceFiles();
    files.intern("/project/a", "src/main.rs");
    files.intern("/project/b", "src/main.rs");
    files.intern("C:\\work", "src\\domain.rs");
    expect(files.matching("src/main.rs").map(({ id }) => id)).toEqual([0, 1]);
    expect(files.matching("b/src/main.rs").map(({ id }) => id)).toEqual([1]);
    expect(files.matching("/project/a/src/main.rs").map(({ id }) => id)).toEqual([0]);
    expect(files.matching("main.rs")).toHaveLength(2);
    expect(files.matching("src\\domain.rs")).toHaveLength(1);
    expect(files.matching("in.rs")).toEqual([]);
  });

  it("remaps paths, and still knows whose file it was", () => {
    const files = new SourceFiles({ remap: (path) => path.replace("/rustc/abc", "/home/me/rust") });
    const file = files.intern("/rustc/abc/library/core", "src/option.rs");
    expect(file.path).toBe("/home/me/rust/library/core/src/option.rs");
    expect(file.origin).toEqual({ kind: "std", crate: "core" });
  });
});

describe("origin of a file", () => {
  const std = (crate: string) => ({ kind: "std", crate });
  const dependency = (crate: string, version?: string) => ({ kind: "dependency", crate, version });

  it.each([
    ["/home/me/blink/src/main.rs", { kind: "own" }],
    ["/home/me/library/core/src/lib.rs", { kind: "own" }],
    ["/rustc/0123abc/library/core/src/ptr/mod.rs", std("core")],
    ["/home/me/.rustup/toolchains/stable/lib/rustlib/src/rust/library/alloc/src/vec.rs", std("alloc")],
    ["/usr/lib/rustlib/src/rust/library/core/src/cell.rs", std("core")],
    [
      "/home/me/.cargo/registry/src/index.example.org-0123456789abcdef/embassy-rp-0.10.0/src/gpio.rs",
      dependency("embassy-rp", "0.10.0"),
    ],
    [
      "C:\\Users\\me\\.cargo\\registry\\src\\index.example.org-0123\\nb-1.1.0\\src\\lib.rs",
      dependency("nb", "1.1.0"),
    ],
    ["/cargo/registry/cortex-m-0.7.10/src/asm.rs", dependency("cortex-m", "0.7.10")],
    ["/x/vendor/rand_core-0.9.5-rc.1/src/lib.rs", dependency("rand_core", "0.9.5-rc.1")],
    ["/rustc/0123abc/library/compiler-builtins/compiler-builtins/src/macros.rs", std("compiler-builtins")],
    ["/rustc/0123abc/library/compiler-builtins/libm/src/math/fma.rs", std("libm")],
    ["/rustc/0123abc/library/vendor/memchr-2.7.4/src/lib.rs", std("memchr")],
    [
      "/home/me/.cargo/git/checkouts/embassy-9312dcb0ed774b29/45d7c1a/embassy-sync/src/mutex.rs",
      dependency("embassy"),
    ],
  ])("%s", (path, origin) => {
    expect(new SourceFiles().intern("", path).origin).toEqual(origin);
  });
});
