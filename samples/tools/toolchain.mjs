// Finds a Rust compiler that can build for the RP2040, or makes the missing part.
//
// 1. A compiler with the target installed (`rustup target add thumbv6m-none-eabi`).
// 2. A compiler with only the library's source: `core` is built from it, once,
//    into a sysroot that is kept in the target folder. It is built as the
//    library that rustup ships is built, so that the firmware comes out alike.
// 3. Otherwise one sentence says what to install.

import { createHash } from "node:crypto";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { BuildError, findProgram, run, tryOutput } from "./process.mjs";

export const TARGET = "thumbv6m-none-eabi";

const INSTALL =
  `run "rustup target add ${TARGET}", ` +
  'or on Debian "apt-get install rustc-web rust-web-src lld", then try again';

/**
 * @param {string} targetDir where a sysroot may be built and kept
 * @returns {{ rustc: string, version: string, commit: string, sysroot: string | undefined,
 *   linker: string | undefined, librarySources: string[], environment: Record<string, string> }}
 *   `sysroot` is the one we built, `linker` the one to name to cargo, `librarySources`
 *   the folders that the compiler may call the library's source
 */
export function findToolchain(targetDir) {
  if (tryOutput("cargo", ["--version"]) === undefined) {
    throw new BuildError(`No working cargo on PATH: install Rust from https://rustup.rs, then ${INSTALL}.`);
  }
  const compilers = candidates()
    .map(inspect)
    .filter((found) => found !== undefined);

  const ready = compilers.find((compiler) => compiler.hasTarget);
  if (ready !== undefined) {
    return toolchain(ready, { sysroot: undefined, linker: undefined });
  }

  const linker = findProgram("ld.lld") ?? findProgram("rust-lld");
  const capable = compilers.find((compiler) => compiler.librarySources.length > 0);
  if (capable === undefined || linker === undefined) {
    const lack =
      capable === undefined ? `No Rust compiler here can build for ${TARGET}` : "No ld.lld on PATH";
    throw new BuildError(`${lack}: ${INSTALL}.`);
  }
  return toolchain(capable, { sysroot: buildSysroot(capable, targetDir), linker });
}

function toolchain(compiler, { sysroot, linker }) {
  const environment = { RUSTC: compiler.rustc };
  if (linker !== undefined) {
    environment.CARGO_TARGET_THUMBV6M_NONE_EABI_LINKER = linker;
  }
  const { rustc, version, commit, librarySources } = compiler;
  return { rustc, version, commit, sysroot, linker, librarySources, environment };
}

/** The compilers to ask, the likeliest first. RUSTC in the environment is taken at its word. */
function candidates() {
  if (process.env.RUSTC) {
    return [process.env.RUSTC];
  }
  const onPath = findProgram("rustc");
  const ofSystem = process.platform === "win32" ? [] : ["/usr/bin/rustc"];
  return [...new Set([...(onPath === undefined ? [] : [onPath]), ...ofSystem])];
}

function inspect(rustc) {
  const verbose = tryOutput(rustc, ["--version", "--verbose"]);
  const sysroot = tryOutput(rustc, ["--print", "sysroot"])?.trim();
  if (verbose === undefined || sysroot === undefined) {
    return undefined;
  }
  const field = (name) => new RegExp(`^${name}: (.*)$`, "m").exec(verbose)?.[1] ?? "unknown";
  const source = join(sysroot, "lib/rustlib/src/rust");
  const hasSource = existsSync(join(source, "library/core/src/lib.rs"));
  return {
    rustc,
    version: verbose.split("\n")[0].trim(),
    verbose,
    release: field("release"),
    commit: field("commit-hash"),
    host: field("host"),
    hostSysroot: sysroot,
    // A distribution links this folder to the real one, and the compiler may use either name.
    librarySources: hasSource ? [...new Set([source, realpathSync(source)])] : [],
    hasTarget: hasCore(join(sysroot, "lib/rustlib", TARGET, "lib")),
  };
}

function hasCore(folder) {
  return existsSync(folder) && readdirSync(folder).some((name) => /^libcore-.*\.rlib$/.test(name));
}

/** Builds `core` for the target and lays it out as a compiler expects to find it. */
function buildSysroot(compiler, targetDir) {
  const flags = [
    "-Cembed-bitcode=yes", // without it `lto = "fat"` fails
    "-Zunstable-options",
    "-Csymbol-mangling-version=legacy", // RUSTC_BOOTSTRAP would change the default
    ...remapLibrary(compiler),
    ...remapCargoHome(),
  ];
  const key = createHash("sha256")
    .update(JSON.stringify([compiler.verbose, flags]))
    .digest("hex")
    .slice(0, 12);
  const sysroot = join(targetDir, "sysroot", key);
  const libraries = join(sysroot, "lib/rustlib", TARGET, "lib");
  if (hasCore(libraries)) {
    return sysroot;
  }

  console.log(`building core for ${TARGET} with ${compiler.version} (once)`);
  const work = join(targetDir, "sysroot", `${key}.work`);
  rmSync(work, { recursive: true, force: true });
  mkdirSync(join(work, "src"), { recursive: true });
  writeFileSync(join(work, "src/lib.rs"), "#![no_std]\n");
  writeFileSync(
    join(work, "Cargo.toml"),
    '[package]\nname = "sysroot"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' +
      // As in the library that rustup ships: line tables, no variables.
      "[profile.release]\ndebug = 1\ncodegen-units = 1\n",
  );
  run("cargo", ["build", "--release", "-Zbuild-std=core,alloc", "--target", TARGET, "--target-dir", work], {
    cwd: work,
    env: {
      ...process.env,
      RUSTC: compiler.rustc,
      RUSTC_BOOTSTRAP: "1",
      CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f"),
    },
    remedy: `core could not be built from source; ${INSTALL}`,
  });

  const finished = join(work, "finished");
  const into = join(finished, "lib/rustlib", TARGET, "lib");
  mkdirSync(into, { recursive: true });
  const built = join(work, TARGET, "release/deps");
  for (const name of readdirSync(built)) {
    if (/^lib(core|alloc|compiler_builtins)-.*\.rlib$/.test(name)) {
      copyFileSync(join(built, name), join(into, name));
    }
  }
  symlinkSync(
    join(compiler.hostSysroot, "lib/rustlib", compiler.host),
    join(finished, "lib/rustlib", compiler.host),
    "junction",
  );
  rmSync(sysroot, { recursive: true, force: true });
  mkdirSync(dirname(sysroot), { recursive: true });
  renameSync(finished, sysroot);
  rmSync(work, { recursive: true, force: true });
  return sysroot;
}

/**
 * What the compiler is told for an ELF that is to be committed: it names no folder of the machine that built it. What
 * is compiled with other flags is compiled anew.
 */
export function rustFlags(toolchain, repository) {
  return [
    ...(toolchain.sysroot === undefined ? [] : ["--sysroot", toolchain.sysroot]),
    "-Clink-arg=--compress-debug-sections=zlib",
    // The last prefix that fits is the one the compiler uses.
    `--remap-path-prefix=${repository}=/pollscope`,
    ...remapCargoHome(),
    ...remapLibrary(toolchain),
  ];
}

/** The library's source under the name that official compilers give it. */
function remapLibrary({ librarySources, commit }) {
  return librarySources.map((folder) => `--remap-path-prefix=${folder}=/rustc/${commit}`);
}

/** Crates from a registry under `/cargo/registry/NAME-VERSION`, whichever registry it was. */
function remapCargoHome() {
  // The last prefix that fits is the one the compiler uses.
  return [
    `--remap-path-prefix=${cargoHome()}=/cargo`,
    ...registries().map(({ folder }) => `--remap-path-prefix=${folder}=/cargo/registry`),
  ];
}

/** The folders into which cargo has unpacked crates, one for each registry. */
export function registries() {
  const sources = join(cargoHome(), "registry/src");
  const names = existsSync(sources) ? readdirSync(sources) : [];
  return names.map((name) => ({ name, folder: join(sources, name) }));
}

export function cargoHome() {
  const home = process.env.CARGO_HOME ?? join(homedir(), ".cargo");
  return existsSync(home) ? realpathSync(home) : home;
}
