import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { allowedImports, importViolation, moduleOf } from "../boundaries.mjs";

const root = resolve(import.meta.dirname, "..");
const sourceRoots = ["debug-adapter/src", "extension/src", "webview/src"];

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .map((name) => join(folder, name).replaceAll("\\", "/"))
    .filter((path) => path.endsWith(".ts") && !path.endsWith(".test.ts"));
}

interface Import {
  readonly from: string;
  readonly to: string;
  readonly isPackage: boolean;
  /** Whether it is gone once types are stripped. */
  readonly isTypeOnly: boolean;
}

/** Every import and re-export of product code, resolved the way TypeScript does. */
function allImports(): Import[] {
  const options: ts.CompilerOptions = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
  };
  return sourceRoots.flatMap(sourceFiles).flatMap((path) => {
    const absolute = join(root, path);
    const from = path.replace(/\.ts$/, "");
    return specifiersOf(absolute).map(({ specifier, isTypeOnly }): Import => {
      const resolved = ts.resolveModuleName(specifier, absolute, options, ts.sys).resolvedModule;
      const isOurs = resolved !== undefined && !resolved.resolvedFileName.includes("node_modules");
      if (!isOurs) return { from, to: specifier, isPackage: true, isTypeOnly };
      const to = relative(root, resolved.resolvedFileName).replace(/\.ts$/, "");
      return { from, to, isPackage: false, isTypeOnly };
    });
  });
}

function specifiersOf(path: string): { specifier: string; isTypeOnly: boolean }[] {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  return file.statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    if (statement.moduleSpecifier === undefined || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    const isTypeOnly = ts.isImportDeclaration(statement)
      ? statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword
      : statement.isTypeOnly;
    return [{ specifier: statement.moduleSpecifier.text, isTypeOnly }];
  });
}

describe("architecture", () => {
  const imports = allImports();

  it("sees the imports that the product makes", () => {
    expect(imports.length).toBeGreaterThan(100);
    expect(imports).toContainEqual({
      from: "debug-adapter/src/trace/trace",
      to: "debug-adapter/src/base/brand",
      isPackage: false,
      isTypeOnly: false,
    });
    expect(imports).toContainEqual({
      from: "debug-adapter/src/target/target",
      to: "debug-adapter/src/base/brand",
      isPackage: false,
      isTypeOnly: true,
    });
  });

  it("imports only in the directions that boundaries.mjs allows", () => {
    const violations = imports.map(({ from, to, isPackage }) => importViolation(from, to, isPackage));
    expect(violations.filter((violation) => violation !== undefined)).toEqual([]);
  });

  it("would notice an import against the direction of the flow", () => {
    expect(importViolation("debug-adapter/src/trace/x", "debug-adapter/src/debuggee/y", false)).toBe(
      "debug-adapter/src/trace must not import debug-adapter/src/debuggee",
    );
    expect(importViolation("debug-adapter/src/chip/x", "node:fs", true)).toContain("platform neutral");
    expect(importViolation("extension/src/cli/x", "vscode", true)).toBe(
      "extension/src/cli must not import vscode",
    );
    expect(importViolation("debug-adapter/src/debuggee/x", "@vscode/debugadapter", true)).toContain("only");
  });

  it("has no cycles between folders in the table", () => {
    const visit = (name: string, path: readonly string[]): string[] => {
      if (path.includes(name)) return [[...path, name].join(" > ")];
      const targets = (allowedImports as Record<string, readonly string[]>)[name] ?? [];
      return targets.flatMap((target) => visit(moduleOf(target) ?? target, [...path, name]));
    };
    expect(Object.keys(allowedImports).flatMap((name) => visit(name, []))).toEqual([]);
  });

  it("has no cycles between files at run time", () => {
    const targets = new Map<string, Import[]>();
    for (const entry of imports) {
      if (!entry.isPackage && !entry.isTypeOnly)
        targets.set(entry.from, [...(targets.get(entry.from) ?? []), entry]);
    }
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(" > "));
      if (done.has(file) || path.includes(file)) return;
      for (const { to } of targets.get(file) ?? []) visit(to, [...path, file]);
      done.add(file);
    };
    for (const file of targets.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it("lists every folder of product code in the table", () => {
    const unlisted = sourceRoots.flatMap(sourceFiles).filter((path) => moduleOf(dirname(path)) === undefined);
    expect(unlisted).toEqual([]);
  });

  it.each(["debug-adapter", "extension", "webview", "samples", "test"])(
    "explains %s in a README",
    (folder) => {
      expect(existsSync(join(root, folder, "README.md"))).toBe(true);
    },
  );
});
