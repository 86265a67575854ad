// Puts together what the tests work on: the extension as it would be packed, and a workspace.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import webpack from "webpack";
import { writeVsix } from "../../extension/packaging/vsix.mjs";
import configurations from "../../webpack.config.mjs";
import { writeUnbuiltProject } from "./fixtures/built-project.mjs";
import { writeProject, writeProjects } from "./fixtures/cargo-project.mjs";
import { writeLintProjects } from "./fixtures/lint-projects.mjs";
import { installExtension } from "./host/vscode-host.mjs";

const root = resolve(import.meta.dirname, "../..");

/** One sentence about what must be built before, or undefined. */
export function missingBuild() {
  const bundles = [
    "extension",
    "debug-adapter",
    "webview",
    "panels",
    "pollscope",
    "layout-worker",
    "lint-worker",
  ].map((name) => join("dist", `${name}.js`));
  const missing = bundles.find((bundle) => !existsSync(join(root, bundle)));
  return missing === undefined ? undefined : `run \`npm run build\` first (there is no ${missing})`;
}

/** Packs and installs the extension, and writes the workspaces, all in a new folder. */
export async function stage() {
  const folder = mkdtempSync(join(tmpdir(), "pollscope-e2e-stage-"));
  const vsix = join(folder, "pollscope.vsix");
  await writeVsix(vsix);
  const extensions = join(folder, "extensions");
  installExtension(vsix, extensions);
  const workspace = join(folder, "workspace");
  await writeWorkspace(workspace, join(folder, "build"));
  const [project, flashed, probed, distrusted] = ["project", "flashed", "probed", "distrusted"].map((name) =>
    join(folder, name),
  );
  for (const each of [project, flashed, probed, distrusted]) writeProject(each);
  // A folder without a project: VS Code watches its settings.
  const bare = join(folder, "bare");
  mkdirSync(bare);
  writeFileSync(join(bare, "notes.txt"), "A file that is no firmware.\n");
  const projects = writeProjects(join(folder, "projects"));
  const linted = writeLintProjects(join(folder, "linted"));
  const real = join(folder, "real");
  const unbuilt = join(folder, "unbuilt");
  writeUnbuiltProject(unbuilt);
  return {
    folder,
    vsix,
    extensions,
    workspace,
    project,
    flashed,
    probed,
    distrusted,
    bare,
    projects,
    linted,
    real,
    unbuilt,
  };
}

/** Writes the workspace with traces and firmware files. */
export async function writeWorkspace(workspace, build) {
  mkdirSync(workspace);
  // The fixtures are TypeScript like the product.
  const fixtures = await bundledModule("./test/e2e/fixtures/write-traces.ts", build);
  fixtures.writeTraces(workspace);
  trace("producer-consumer-release", join(workspace, "producer-consumer.pollscope"));
  writeFileSync(join(workspace, "notes.txt"), "A file that is no trace.\n");
  writeFileSync(join(workspace, "broken.elf"), "This is no ELF file.\n");
  cpSync(join(root, "samples/prebuilt/blink-release.elf"), join(workspace, "blink.elf"));
}

/** Keeps the trace of two seconds of a sample in a file. */
function trace(sample, file) {
  const firmware = join(root, "samples/prebuilt", `${sample}.elf`);
  const words = [join(root, "dist/pollscope.js"), "trace", firmware, `--save=${file}`];
  execFileSync(process.execPath, words, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
}

/** A module in TypeScript, built into a folder with the settings of the product's own bundles. */
export async function bundledModule(entry, build) {
  const { module, resolve: resolution, target } = configurations.find(({ name }) => name === "extension");
  const compiler = webpack({
    mode: "development",
    devtool: false,
    context: root,
    target,
    module,
    resolve: resolution,
    entry: { module: entry },
    output: { path: build, filename: "[name].cjs", libraryTarget: "commonjs2" },
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  if (stats.hasErrors()) throw new Error(stats.toString("errors-only"));
  return createRequire(import.meta.url)(join(build, "module.cjs"));
}
