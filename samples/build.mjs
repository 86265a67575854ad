#!/usr/bin/env node
// Builds the sample firmware. `node build.mjs --help` says how to use it.

import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { readLayouts } from "./tools/layouts.mjs";
import { findMachinePath } from "./tools/machine-paths.mjs";
import { BuildError, run } from "./tools/process.mjs";
import { neutral, readWorkspace, sizeOf, sourceHash } from "./tools/programs.mjs";
import { cargoHome, findToolchain, registries, rustFlags, TARGET } from "./tools/toolchain.mjs";

const SAMPLES = realpathSync(dirname(fileURLToPath(import.meta.url)));
const REPOSITORY = dirname(SAMPLES);
const TARGET_DIR = join(SAMPLES, "target");

/**
 * Each is a cargo workspace with its own lock file and its own folder of prebuilt ELFs. They share a target folder: what
 * several depend on is compiled once.
 */
const WORKSPACES = [
  {
    folder: SAMPLES,
    prebuilt: join(SAMPLES, "prebuilt"),
    // The other dev ELFs, which only tests use: they would make the extension large.
    devForTests: join(REPOSITORY, "test/firmware/samples-dev"),
  },
  {
    folder: join(REPOSITORY, "test/firmware/trace-hooks"),
    prebuilt: join(REPOSITORY, "test/firmware/prebuilt"),
  },
  {
    folder: join(REPOSITORY, "test/firmware/hundred-tasks"),
    prebuilt: join(REPOSITORY, "test/firmware/hundred-tasks/prebuilt"),
  },
  {
    folder: join(REPOSITORY, "test/firmware/suspended"),
    prebuilt: join(REPOSITORY, "test/firmware/suspended/prebuilt"),
  },
  {
    folder: join(REPOSITORY, "test/firmware/stepping"),
    prebuilt: join(REPOSITORY, "test/firmware/stepping/prebuilt"),
  },
  {
    folder: join(REPOSITORY, "test/firmware/panics"),
    prebuilt: join(REPOSITORY, "test/firmware/panics/prebuilt"),
  },
  {
    folder: join(REPOSITORY, "test/firmware/defmt-log"),
    prebuilt: join(REPOSITORY, "test/firmware/defmt-log/prebuilt"),
  },
  {
    folder: join(REPOSITORY, "test/firmware/findings"),
    prebuilt: join(REPOSITORY, "test/firmware/findings/prebuilt"),
  },
  {
    folder: join(REPOSITORY, "test/firmware/guards"),
    prebuilt: join(REPOSITORY, "test/firmware/guards/prebuilt"),
  },
];

/** What rustc says of the layouts of async functions, for every committed ELF. */
const LAYOUTS = join(REPOSITORY, "test/debug-info/layouts");

const HELP = `Usage: node samples/build.mjs [--check] [--only NAME] [--profile NAME] [FOLDER ...]

Builds every sample and the test firmware for the Raspberry Pi Pico, in the dev
and release profiles, and renews the committed ELFs in samples/prebuilt and
test/firmware with their manifest.json, and in test/debug-info/layouts what
rustc says of the layouts of their async functions. With folders (samples,
test/firmware/suspended), only what is built there.

  --check       build as well, but put all of it into samples/target/check and
                leave what is committed alone; says for each whether it came out
                the same, and fails if one did not with the compiler that built
                what is committed
  --only NAME   with --check: only the program of this name (may be repeated)
  --profile NAME
                with --check: only in this profile, dev or release
  --help        this text
`;

const PROFILES = [
  { name: "dev", folder: "debug", flags: [] },
  { name: "release", folder: "release", flags: ["--release"] },
];

function main() {
  const values = readArguments();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const toolchain = findToolchain(TARGET_DIR);
  console.log(
    `compiler: ${toolchain.version}${toolchain.sysroot === undefined ? "" : ", core built from source"}`,
  );
  const isCheck = values.check ?? false;
  const profiles = PROFILES.filter(({ name }) => values.profile === undefined || name === values.profile);
  const built = workspacesIn(values.folders)
    .filter(({ folder }) => existsSync(join(folder, "Cargo.toml")))
    .flatMap((workspace) => build(workspace, toolchain, { isCheck, only: values.only, profiles }));
  const unknown = values.only?.find((name) => !built.some((elf) => elf.name === name));
  if (unknown !== undefined) {
    throw new BuildError(`There is no program ${unknown}: name one of those in a manifest.json.`);
  }
  const differing = built.filter(({ isDifferent }) => isDifferent).map(({ file }) => file);
  if (differing.length > 0) {
    throw new BuildError(
      `${differing.join(", ")} came out another one with the same compiler: run "npm run samples", and commit the result.`,
    );
  }
}

function readArguments() {
  try {
    const only = { type: "string", multiple: true };
    const profile = { type: "string" };
    const options = { check: { type: "boolean" }, only, profile, help: { type: "boolean" } };
    const { values, positionals } = parseArgs({ options, allowPositionals: true });
    if ((values.only ?? values.profile) !== undefined && !values.check) {
      throw new Error("--only and --profile need --check");
    }
    if (values.profile !== undefined && !PROFILES.some(({ name }) => name === values.profile)) {
      throw new Error(`there is no profile ${values.profile}: name dev or release`);
    }
    return { ...values, folders: positionals };
  } catch (error) {
    throw new BuildError(
      `${error.message.split(". ")[0]}: "node samples/build.mjs --help" lists the options.`,
    );
  }
}

/** All of them if none is named. */
function workspacesIn(folders) {
  if (folders.length === 0) {
    return WORKSPACES;
  }
  return folders.map((path) => {
    const found = WORKSPACES.find(({ folder }) => folder === join(REPOSITORY, path));
    if (found === undefined) {
      const known = WORKSPACES.map(({ folder }) => neutral(relative(REPOSITORY, folder))).join(", ");
      throw new BuildError(`Nothing is built in ${path}: name one of ${known}.`);
    }
    return found;
  });
}

/** Returns what was built: each ELF, and whether it differs from the committed one although the same compiler built both. */
function build({ folder, prebuilt, devForTests }, toolchain, { isCheck, only, profiles }) {
  const where = neutral(relative(REPOSITORY, folder));
  const options = (flags, remedy) => ({
    cwd: folder,
    env: { ...process.env, ...toolchain.environment, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") },
    remedy,
  });
  const cargo = (args, flags, remedy) => run("cargo", args, options(flags, remedy));

  console.log(`${where}: fetching crates`);
  cargo(
    ["fetch", "--locked", "--target", TARGET],
    [],
    "check the network, and that Cargo.lock fits Cargo.toml",
  );
  const { programs: all, crates } = readWorkspace(folder);
  const programs = only === undefined ? all : all.filter(({ name }) => only.includes(name));
  if (programs.length === 0) {
    return [];
  }
  const selection = programs === all ? ["--workspace"] : programs.flatMap(({ name }) => ["--bin", name]);

  const flags = rustFlags(toolchain, REPOSITORY); // after the fetch, which makes the registry's folder
  for (const profile of profiles) {
    console.log(`${where}: building ${programs.length} programs, profile ${profile.name}`);
    cargo(
      ["build", "--locked", ...selection, "--target", TARGET, "--target-dir", TARGET_DIR, ...profile.flags],
      flags,
      "the firmware does not compile",
    );
  }
  const outputFolder = (committed) =>
    isCheck ? join(TARGET_DIR, "check", neutral(relative(REPOSITORY, committed))) : committed;
  const into = outputFolder(prebuilt);
  mkdirSync(into, { recursive: true });
  const committed = isCheck ? committedManifest(prebuilt) : undefined;
  const elfs = programs.flatMap((program) =>
    profiles
      .filter(({ name }) => program.committed.includes(name))
      .map((profile) => {
        const file = `${program.name}-${profile.name}.elf`;
        copyFileSync(join(TARGET_DIR, TARGET, profile.folder, program.name), join(into, file));
        refuseMachinePaths(join(into, file), toolchain);
        const digest = createHash("sha256")
          .update(readFileSync(join(into, file)))
          .digest("hex");
        report(join(into, file), digestIn(committed, file), digest);
        return describe(program, profile, file, digest, folder);
      }),
  );
  if (devForTests !== undefined && profiles.some(({ name }) => name === "dev")) {
    const others = programs.filter(({ committed }) => !committed.includes("dev"));
    copyDev(others, join(TARGET_DIR, TARGET), outputFolder(devForTests), toolchain);
  }
  // After all ELFs are copied: what prints the layouts is another build, and its ELFs are not those that are committed.
  for (const { name, profile: profileName, file, sha256 } of elfs) {
    const program = programs.find((each) => each.name === name);
    const profile = PROFILES.find((each) => each.name === profileName);
    const layouts = layoutsOf(program, profile, options(flags, "the firmware does not compile"));
    const text = `${file} ${sha256}\n${layouts}`;
    writeLayouts(`${name}-${profileName}.txt`, text, { into: outputFolder(LAYOUTS), isCheck });
  }
  const manifest = {
    compiler: describeCompiler(toolchain),
    target: TARGET,
    flags: flags.map(withoutMachinePaths),
    crates,
    elfs,
  };
  writeFileSync(join(into, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  // Another compiler may come to other bytes.
  const isComparable = JSON.stringify(committed?.compiler) === JSON.stringify(manifest.compiler);
  return elfs.map(({ name, file, sha256 }) => ({
    name,
    file,
    isDifferent: isComparable && digestIn(committed, file) !== sha256,
  }));
}

function describeCompiler({ version, commit, sysroot }) {
  return { version, commit, core: sysroot === undefined ? "installed" : "built from source" };
}

/** The dev ELFs of programs, beside a list of what they were built from. */
function copyDev(programs, built, into, toolchain) {
  mkdirSync(into, { recursive: true });
  const sources = programs.map((program) => {
    const file = `${program.name}-dev.elf`;
    copyFileSync(join(built, "debug", program.name), join(into, file));
    refuseMachinePaths(join(into, file), toolchain);
    return `${file} ${sourceHash(program, SAMPLES)}\n`;
  });
  writeFileSync(join(into, "sources.txt"), sources.join(""));
}

function layoutsOf(program, profile, options) {
  return readLayouts({
    package: program.package,
    binary: program.name,
    args: ["--target", TARGET, "--target-dir", TARGET_DIR, ...profile.flags],
    kept: join(TARGET_DIR, "printed", `${program.name}-${profile.name}.txt`),
    ...options,
  });
}

function writeLayouts(file, text, { into, isCheck }) {
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, file), text);
  const committed = join(LAYOUTS, file);
  if (isCheck && !(existsSync(committed) && readFileSync(committed, "utf8") === text)) {
    console.log(`           ${neutral(relative(process.cwd(), join(into, file)))}  differs from committed`);
  }
}

/** A flag as it can be recorded: what was on this machine is named, not shown. */
function withoutMachinePaths(flag) {
  const [prefix, target] = flag.split(/=(?=\/(?:pollscope|cargo|rustc)\b)/);
  if (!flag.startsWith("--remap-path-prefix=") || target === undefined) {
    return flag.startsWith(TARGET_DIR) ? "SYSROOT" : flag;
  }
  const names = { "/pollscope": "REPOSITORY", "/cargo": "CARGO_HOME", "/cargo/registry": "CARGO_REGISTRY" };
  return `${prefix.split("=")[0]}=${names[target] ?? "RUST_SOURCE"}=${target}`;
}

function refuseMachinePaths(file, toolchain) {
  const folders = [REPOSITORY, homedir(), tmpdir(), cargoHome(), ...toolchain.librarySources];
  const named = findMachinePath(readFileSync(file), [
    ...folders.map((folder) => `${folder}${sep}`),
    ...registries().map(({ name }) => name), // a registry's folder is called after its host
  ]);
  if (named !== undefined) {
    throw new BuildError(
      `${file} names ${named}, which is of this machine: add a --remap-path-prefix for it in build.mjs.`,
    );
  }
}

function describe(program, profile, file, sha256, workspace) {
  const path = (absolute) => neutral(relative(workspace, absolute));
  return {
    name: program.name,
    profile: profile.name,
    file,
    package: program.package,
    description: program.description,
    main: path(program.main),
    sources: program.sources.map(path),
    sha256,
    sourceHash: sourceHash(program, workspace),
  };
}

function committedManifest(prebuilt) {
  const manifest = join(prebuilt, "manifest.json");
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")) : undefined;
}

/** What a manifest says of an ELF; undefined if nothing. */
function digestIn(manifest, file) {
  return manifest?.elfs.find((elf) => elf.file === file)?.sha256;
}

function report(file, committed, digest) {
  const size = `${String(Math.round(sizeOf(file) / 1024)).padStart(5)} KiB`;
  const verdict =
    committed === undefined ? "" : committed === digest ? "  same as committed" : "  differs from committed";
  console.log(`${size}  ${neutral(relative(process.cwd(), file))}${verdict}`);
}

try {
  main();
} catch (error) {
  if (!(error instanceof BuildError)) {
    throw error;
  }
  console.error(`error: ${error.message}`);
  process.exitCode = 1;
}
