import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import "#test/helpers/fixed-seed";
import { demangle } from "./demangle";

const vectors = readFileSync(new URL("demangle-vectors.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => line.split("\t") as [form: string, symbol: string, name?: string]);

describe("vectors of rustc-demangle", () => {
  test.each(vectors)("%s %s", (form, symbol, name) => {
    expect(demangle(symbol, { hashes: form === "full" ? "keep" : "drop" })).toBe(name);
  });

  test("there are as many as were taken over", () => {
    expect(vectors.length).toBeGreaterThan(100);
  });
});

describe("names that are no Rust names", () => {
  test.each([
    "",
    "main",
    "_R",
    "Reset",
    "RCC",
    "_ZNE",
    "_ZN3fooE extra",
    "_ZN3foo3barEv",
    "_ZN99999999999999999999999fooE",
    "_ZN4f\u00f6\u00f6E",
    "_RNvC3foo3b\u00e4r",
    "_RNvC3foo9bar",
    "_RNvCszzzzzzzzzzzzzzzzzzzz_3foo3bar",
    "_RMC0WmORm1_m2_Rm5_m6_",
  ])("%j", (symbol) => {
    expect(demangle(symbol)).toBeUndefined();
  });
});

describe("limits", () => {
  test.each([
    { what: "a path that contains itself", symbol: "_RNvB_1a", marker: "recursion" },
    { what: "a type that contains itself", symbol: "_RMC0RB2_", marker: "recursion" },
    {
      what: "a deep type behind a back reference",
      symbol: `RIC20tRYIMYNRYFG05_EB5_B_B6_${"R".repeat(101)}B_E`,
      marker: "recursion",
    },
    { what: "types that double", symbol: "RYFG_FGyyEvRYFF_EvRYFFEvERLB_B_B_ERLRjB_B_B_", marker: "size" },
    { what: "a million lifetimes", symbol: "_RMC0FGZZZ_Eu", marker: "size" },
  ])("$what has a marker", ({ symbol, marker }) => {
    const name = demangle(symbol) ?? "";
    expect(name).toContain(`{${marker} limit reached}`);
    expect(name.length).toBeLessThan(1_000_100);
  });

  test("depth cannot be hidden in an identifier from the first look at the syntax", () => {
    const depth = 100_000;
    expect(
      demangle(`_RIC${depth}${"R".repeat(depth)}B${(`_RIC${depth}`.length - 3).toString(36)}_E`),
    ).toContain("{recursion limit reached}");
  });

  test("a name that is too deep without back references is none", () => {
    expect(demangle(`_RMC0${"R".repeat(10_000)}u`)).toBeUndefined();
  });

  test.each(["p", "Rp", "C1x"])("a long list of %s is not taken for a deep one", (leaf) => {
    const name = { p: "_", Rp: "&_", C1x: "x" }[leaf];
    expect(demangle(`_RIC0p${leaf.repeat(1000)}E`)).toBe(`::<_${`, ${name}`.repeat(1000)}>`);
  });

  test("work that prints next to nothing is bounded", () => {
    // The first argument is a path of 400 parts without names; the others are back references to it, at index 4.
    const path = `${"Nv".repeat(400)}C0${"0".repeat(400)}`;
    const name = demangle(`_RIC1a${path}${"B3_".repeat(20_000)}E`);
    expect(name).toMatch(/\{size limit reached\}$/);
  });

  test("escapes without end take no longer than their length", () => {
    expect(demangle(`_ZN100000${".".repeat(100_000)}E`)).toBe("::".repeat(50_000));
  });

  test("a symbol of absurd length is not looked at", () => {
    expect(demangle(`_ZN${"1a".repeat(100_000)}E`)).toBeUndefined();
  });
});

describe("hostile names", () => {
  const v0Letters = Array.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
  const v0Text = fc.string({ unit: fc.constantFrom(...v0Letters), maxLength: 60 });

  test("never throw", () => {
    const names = fc.oneof(
      fc.string().map((text) => `_ZN${text}E`),
      fc.string().map((text) => `_R${text}`),
      v0Text.map((text) => `_R${text}`),
      v0Text.map((text) => `_RMC0${text}`),
      v0Text.map((text) => `_RIC0K${text}E`),
    );
    fc.assert(
      fc.property(names, (symbol) => {
        const name = demangle(symbol, { hashes: "keep" });
        expect(["string", "undefined"]).toContain(typeof name);
      }),
      { numRuns: 5000 },
    );
  });

  test("mutated vectors never throw", () => {
    const symbols = vectors.map(([, symbol]) => symbol);
    fc.assert(
      fc.property(
        fc.constantFrom(...symbols),
        fc.nat(),
        fc.constantFrom(...v0Letters),
        (symbol, at, letter) => {
          const place = at % symbol.length;
          const mutated = symbol.slice(0, place) + letter + symbol.slice(place + 1);
          expect(() => demangle(mutated)).not.toThrow();
          expect(() => demangle(symbol.slice(0, place))).not.toThrow();
        },
      ),
      { numRuns: 3000 },
    );
  });
});
