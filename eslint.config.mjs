import { dirname, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import js from "@eslint/js";
import { defineConfig, globalIgnores } from "eslint/config";
import tseslint from "typescript-eslint";
import { importViolation } from "./boundaries.mjs";

const root = dirname(fileURLToPath(import.meta.url));
const ALIASES = {
  "#adapter/": "debug-adapter/src/",
  "#cli/": "extension/src/cli/",
  "#extension/": "extension/src/",
  "#webview/": "webview/src/",
  "#test/": "test/",
};

/** Checks every import and re-export against boundaries.mjs. */
const boundaries = {
  meta: { type: "problem", schema: [] },
  create(context) {
    const from = relative(root, context.filename).replaceAll("\\", "/").replace(/\.ts$/, "");
    const check = (node) => {
      if (!node.source) return;
      const specifier = node.source.value;
      const alias = Object.keys(ALIASES).find((prefix) => specifier.startsWith(prefix));
      let to = specifier;
      if (alias) to = ALIASES[alias] + specifier.slice(alias.length);
      else if (specifier.startsWith(".")) {
        to = relative(root, resolve(dirname(context.filename), specifier)).replaceAll("\\", "/");
      }
      const isPackage = !alias && !specifier.startsWith(".");
      const violation = importViolation(from, to, isPackage);
      if (violation) context.report({ node, message: `${violation} (see boundaries.mjs)` });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

export default defineConfig(
  globalIgnores([
    "dist",
    "coverage",
    "samples/target",
    "samples/*/target",
    "samples/prebuilt",
    "test/firmware",
  ]),
  js.configs.recommended,
  {
    files: ["**/*.mjs"],
    languageOptions: {
      globals: { process: "readonly", console: "readonly", URL: "readonly", Buffer: "readonly" },
    },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    plugins: { pollscope: { rules: { boundaries } } },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      "pollscope/boundaries": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": [
        "error",
        { considerDefaultExhaustiveForUnions: true },
      ],
      "@typescript-eslint/restrict-template-expressions": [
        "error",
        { allowNumber: true, allowBoolean: true },
      ],
      // `noUncheckedIndexedAccess` makes every typed-array read `number | undefined`; an index that the
      // surrounding code bounds is written `column[i]!` (CONTRIBUTING.md).
      "@typescript-eslint/no-non-null-assertion": "off",
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      eqeqeq: "error",
      "max-lines": ["error", { max: 500, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 80, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A test file's outer `describe` is one function.
    files: ["**/*.test.ts", "test/**/*.ts"],
    rules: { "max-lines-per-function": "off" },
  },
  {
    // The instruction decoder and executor are tables written as switches; splitting them costs speed.
    files: ["debug-adapter/src/chip/armv6m/{decode,execute}.ts"],
    rules: { "max-lines": "off", "max-lines-per-function": "off" },
  },
);
