// `npm run bench`: bundles the benchmarks as the product is bundled, and runs them.
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import webpack from "webpack";

process.env.POLLSCOPE_BENCH = "1";
const { default: configurations } = await import("../../webpack.config.mjs");

const stats = await new Promise((done, fail) => {
  webpack(
    configurations.map((each) => ({ ...each, mode: "production" })),
    (error, result) => (error ? fail(error) : done(result)),
  );
});
if (stats.hasErrors()) {
  process.stderr.write(`${stats.toString("errors-only")}\n`);
  process.exitCode = 1;
} else {
  const { path, filename } = configurations[0].output;
  const bundle = resolve(path, filename.replace("[name]", "bench"));
  const root = resolve(import.meta.dirname, "../..");
  const args = ["--expose-gc", bundle, ...process.argv.slice(2)];
  process.exitCode = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" }).status ?? 1;
}
