import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { findToolchain, rustFlags, TARGET } from "../../samples/tools/toolchain.mjs";

/** What a source needs: the machine's own `std`, or what the sample `blink` is built with. */
export type Environment = "std" | "embassy";

/** Gives what rustc says against a source, as text; empty if it takes it. */
export type Compile = (source: string, environment: Environment) => string;

const repository = resolve(import.meta.dirname, "../..");
const samples = join(repository, "samples");
const targetFolder = join(samples, "target");
const dependencies = join(targetFolder, TARGET, "debug/deps");

/** Crates that sources may name. */
const CRATES = ["embassy_executor", "embassy_rp", "embassy_time", "embassy_futures", "embassy_sync"];

/** One sentence about what compiling lacks here, or undefined. */
export function missingForCompiling(): string | undefined {
  if (!existsSync(dependencies))
    return "the samples' dependencies are not built: run `npm run samples` first";
  try {
    findToolchain(targetFolder);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Sources are checked as libraries, against the libraries that cargo has compiled for the samples. */
export function rustCompiler(): Compile {
  const toolchain = findToolchain(targetFolder);
  const flags = rustFlags(toolchain, repository);
  const crates = cratesOf("blink", { ...toolchain.environment, CARGO_ENCODED_RUSTFLAGS: flags.join("\x1f") });
  const embassy = [
    ...["--target", TARGET, ...flags, "-L", `dependency=${dependencies}`],
    ...["-L", `dependency=${join(targetFolder, "debug/deps")}`],
    ...CRATES.flatMap((name) => ["--extern", `${name}=${crates.get(name) ?? `${name}, which is not built`}`]),
  ];
  return (source, environment) => {
    const folder = mkdtempSync(join(tmpdir(), "pollscope-compile-"));
    try {
      const file = join(folder, "snippet.rs");
      writeFileSync(file, source);
      const own = environment === "embassy" ? embassy : [];
      const args = [
        "--edition",
        "2024",
        "--crate-type",
        "lib",
        "--emit",
        "metadata",
        "--out-dir",
        folder,
        ...own,
        file,
      ];
      const { status, stderr, error } = spawnSync(toolchain.rustc, args, { encoding: "utf8" });
      if (error !== undefined) throw error;
      return status === 0 ? "" : stderr;
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}

/** The files of the libraries that a sample is built with: of several builds of a library, cargo knows which. */
function cratesOf(sample: string, environment: NodeJS.ProcessEnv): Map<string, string> {
  const args = ["build", "--offline", "--quiet", "--message-format=json", "-p", sample];
  const output = execFileSync("cargo", args, {
    cwd: samples,
    encoding: "utf8",
    env: { ...process.env, ...environment },
    maxBuffer: 1 << 26,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const found = new Map<string, string>();
  for (const line of output.split("\n").filter((each) => each.startsWith("{"))) {
    const { reason, target, filenames } = JSON.parse(line) as Message;
    const library = filenames?.find((each) => each.endsWith(".rlib"));
    if (reason === "compiler-artifact" && target !== undefined && library !== undefined)
      found.set(target.name.replaceAll("-", "_"), library);
  }
  return found;
}

/** As `cargo build --message-format=json` prints it. */
interface Message {
  readonly reason: string;
  readonly target?: { readonly name: string };
  readonly filenames?: readonly string[];
}
