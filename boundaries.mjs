// The import-direction table: the one place that says which folder may know which.
// eslint.config.mjs turns it into a lint rule; test/architecture.test.ts checks it again and rejects cycles.
// The order of the rows is the order in which data flows (ARCHITECTURE.md).

const ADAPTER = "debug-adapter/src";

/** Folder -> folders it may import from (itself always included). A longer path wins over a shorter one. */
export const allowedImports = {
  [`${ADAPTER}/base`]: [],
  [`${ADAPTER}/elf`]: [`${ADAPTER}/base`],
  [`${ADAPTER}/dwarf`]: [`${ADAPTER}/base`, `${ADAPTER}/elf`],
  [`${ADAPTER}/symbols`]: [`${ADAPTER}/base`, `${ADAPTER}/elf`, `${ADAPTER}/dwarf`],
  // The chip is a machine. It knows nothing of debuggers, symbols or DAP.
  [`${ADAPTER}/chip`]: [`${ADAPTER}/base`],
  // Bits to text: what lies at the addresses it names is for the caller to say.
  [`${ADAPTER}/disassembly`]: [`${ADAPTER}/base`],
  // Packets as gdb and its servers exchange them, for both sides.
  [`${ADAPTER}/gdb-protocol`]: [`${ADAPTER}/base`],
  // A target knows addresses, not names.
  [`${ADAPTER}/target`]: [`${ADAPTER}/base`, `${ADAPTER}/chip`, `${ADAPTER}/gdb-protocol`],
  [`${ADAPTER}/unwind`]: [`${ADAPTER}/base`, `${ADAPTER}/dwarf`, `${ADAPTER}/symbols`, `${ADAPTER}/target`],
  // gdb brings its own symbols: the server shows it a target and nothing else.
  [`${ADAPTER}/gdb-server`]: [`${ADAPTER}/base`, `${ADAPTER}/gdb-protocol`, `${ADAPTER}/target`],
  [`${ADAPTER}/values`]: [
    `${ADAPTER}/base`,
    `${ADAPTER}/elf`,
    `${ADAPTER}/dwarf`,
    `${ADAPTER}/symbols`,
    `${ADAPTER}/target`,
  ],
  // What a coroutine keeps, and what a leaf waits for, is read as values.
  [`${ADAPTER}/futures`]: [
    `${ADAPTER}/base`,
    `${ADAPTER}/elf`,
    `${ADAPTER}/symbols`,
    `${ADAPTER}/values`,
    `${ADAPTER}/target`,
  ],
  [`${ADAPTER}/trace`]: [`${ADAPTER}/base`],
  // Findings in the events of a trace: live, and from a file.
  [`${ADAPTER}/analysis`]: [`${ADAPTER}/base`, `${ADAPTER}/trace`],
  [`${ADAPTER}/executor`]: [
    `${ADAPTER}/base`,
    `${ADAPTER}/symbols`,
    `${ADAPTER}/target`,
    `${ADAPTER}/futures`,
    `${ADAPTER}/trace`,
  ],
  // What the firmware says itself, over RTT: bytes from the target, texts and places from the ELF.
  [`${ADAPTER}/logs`]: [
    `${ADAPTER}/base`,
    `${ADAPTER}/elf`,
    `${ADAPTER}/symbols`,
    `${ADAPTER}/target`,
    `${ADAPTER}/values`,
  ],
  // Kinds of findings and their words are one list, for the analysis as for those who show them.
  [`${ADAPTER}/protocol`]: [`${ADAPTER}/base`, `${ADAPTER}/trace`, `${ADAPTER}/analysis`],
  [`${ADAPTER}/debuggee`]: [
    `${ADAPTER}/base`,
    `${ADAPTER}/elf`,
    `${ADAPTER}/dwarf`,
    `${ADAPTER}/symbols`,
    `${ADAPTER}/chip`,
    `${ADAPTER}/disassembly`,
    `${ADAPTER}/target`,
    `${ADAPTER}/unwind`,
    `${ADAPTER}/values`,
    `${ADAPTER}/futures`,
    `${ADAPTER}/trace`,
    `${ADAPTER}/analysis`,
    `${ADAPTER}/executor`,
    `${ADAPTER}/logs`,
  ],
  [`${ADAPTER}/session`]: [
    `${ADAPTER}/base`,
    `${ADAPTER}/target`,
    `${ADAPTER}/logs`,
    `${ADAPTER}/trace`,
    `${ADAPTER}/protocol`,
    `${ADAPTER}/debuggee`,
  ],
  [ADAPTER]: [`${ADAPTER}/session`, `${ADAPTER}/base`],
  // Boards, UF2 files, flashing: for the editor and the command line alike.
  "extension/src/pico": [`${ADAPTER}/base`, `${ADAPTER}/elf`],
  // Lints know Rust source and nothing else: no firmware, no editor.
  "extension/src/lints": [],
  // What the compiler has made of async functions, as plain data, and what that says of lints: for the editor
  // and the command line alike.
  "extension/src/layouts": [
    `${ADAPTER}/base`,
    `${ADAPTER}/elf`,
    `${ADAPTER}/symbols`,
    `${ADAPTER}/values`,
    `${ADAPTER}/futures`,
    `${ADAPTER}/executor`,
    `${ADAPTER}/debuggee`,
    "extension/src/lints",
  ],
  // The command line drives the debuggee itself. A session it only starts, for an editor (`pollscope dap`).
  "extension/src/cli": [
    `${ADAPTER}/base`,
    `${ADAPTER}/symbols`,
    `${ADAPTER}/values`,
    `${ADAPTER}/futures`,
    `${ADAPTER}/gdb-server`,
    `${ADAPTER}/trace`,
    `${ADAPTER}/analysis`,
    `${ADAPTER}/logs`,
    `${ADAPTER}/debuggee`,
    `${ADAPTER}/session`,
    "extension/src/pico",
    "extension/src/layouts",
    "extension/src/lints",
  ],
  "extension/src": [
    `${ADAPTER}/base`,
    `${ADAPTER}/trace`,
    `${ADAPTER}/protocol`,
    "extension/src/pico",
    "extension/src/layouts",
    "extension/src/lints",
    "webview/src/messages",
    "webview/src/panels/messages",
  ],
  // The page looks for findings in a saved trace itself.
  "webview/src": [`${ADAPTER}/base`, `${ADAPTER}/trace`, `${ADAPTER}/analysis`, `${ADAPTER}/protocol`],
};

/** Package -> folders that may import it. A package not listed here may be imported anywhere. */
export const allowedPackages = {
  vscode: ["extension/src"],
  "@vscode/debugadapter": [`${ADAPTER}/session`],
  "@vscode/debugprotocol": [`${ADAPTER}/session`],
  "web-tree-sitter": ["extension/src/lints"],
};

/** Folders that may never import these packages, although a parent folder may. */
export const forbiddenPackages = {
  "extension/src/cli": ["vscode"],
  "extension/src/pico": ["vscode"],
  "extension/src/layouts": ["vscode"],
  "extension/src/lints": ["vscode"],
};

/** Folders whose code must run anywhere: no `node:` modules (tsconfig.neutral.json checks globals too). */
export const platformNeutral = [
  `${ADAPTER}/base`,
  `${ADAPTER}/chip`,
  `${ADAPTER}/disassembly`,
  `${ADAPTER}/trace`,
  `${ADAPTER}/analysis`,
  `${ADAPTER}/protocol`,
  "webview/src",
];

/** The row of the table that a repository-relative path falls under, or undefined for tests and tools. */
export function moduleOf(path) {
  let best;
  for (const name of Object.keys(allowedImports)) {
    if ((path === name || path.startsWith(`${name}/`)) && (best === undefined || name.length > best.length)) {
      best = name;
    }
  }
  return best;
}

/**
 * Why `from` may not import `to`, or undefined if it may.
 * `from` is a repository-relative path without extension; `to` likewise, or a package name.
 */
export function importViolation(from, to, isPackage) {
  const importer = moduleOf(from);
  if (importer === undefined || from.endsWith(".test")) return undefined;
  if (isPackage) return packageViolation(importer, to);
  const imported = moduleOf(to);
  if (imported === undefined) return `${importer} must not import ${to}`;
  if (imported === importer) return undefined;
  const allowed = allowedImports[importer].some((name) => to === name || to.startsWith(`${name}/`));
  return allowed ? undefined : `${importer} must not import ${imported}`;
}

function packageViolation(importer, specifier) {
  if (specifier.startsWith("node:")) {
    return platformNeutral.includes(importer)
      ? `${importer} is platform neutral and must not import ${specifier}`
      : undefined;
  }
  if (forbiddenPackages[importer]?.includes(specifier)) return `${importer} must not import ${specifier}`;
  const owners = allowedPackages[specifier];
  if (owners === undefined) return undefined;
  const owned = owners.some((owner) => importer === owner || importer.startsWith(`${owner}/`));
  return owned ? undefined : `${importer} must not import ${specifier}: only ${owners.join(", ")} may`;
}
