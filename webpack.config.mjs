import { readFileSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import webpack from "webpack";

const root = dirname(fileURLToPath(import.meta.url));

/** What every bundle shares. Types are checked by `npm run typecheck`; here they are only stripped. */
function bundle(name, entry, tsconfig, overrides) {
  return {
    name,
    entry: { [name]: entry },
    context: root,
    devtool: "source-map",
    output: { path: resolve(root, "dist"), filename: "[name].js" },
    // Its form for `require` has no `import.meta`, in place of which webpack would write a path of this machine.
    resolve: {
      extensions: [".ts", ".js"],
      alias: { "web-tree-sitter$": resolve(root, "node_modules/web-tree-sitter/web-tree-sitter.cjs") },
    },
    module: {
      // webpack would put `undefined` in the place of a `createRequire` for another folder (the optional package `usb`).
      parser: { javascript: { createRequire: false } },
      rules: [
        {
          test: /\.ts$/,
          loader: "ts-loader",
          options: {
            transpileOnly: true,
            configFile: resolve(root, tsconfig),
            instance: name,
            compilerOptions: { noEmit: false, sourceMap: true },
          },
        },
      ],
    },
    performance: { hints: false },
    // Names stay readable in the stack of a fault that a user reports, and a build takes seconds.
    optimization: { minimize: false },
    ...overrides,
  };
}

const node = { target: "node20" };

/** The benchmarks, bundled as the product is (test/bench); kept out of `dist`, which is what users get. */
const bench = bundle("bench", "./test/bench/bench.ts", "test/tsconfig.json", {
  ...node,
  output: { path: resolve(root, "node_modules/.cache/pollscope"), filename: "[name].js" },
  // Test helpers import it for what benchmarks do not use.
  resolve: { extensions: [".ts", ".js"], alias: { vitest: false } },
});

/** The parser's engine and the grammar of Rust lie beside the bundles, which read them when they are needed. */
const grammar = {
  apply(compiler) {
    const { Compilation, sources } = webpack;
    compiler.hooks.thisCompilation.tap("grammar", (compilation) => {
      const stage = Compilation.PROCESS_ASSETS_STAGE_ADDITIONAL;
      compilation.hooks.processAssets.tap({ name: "grammar", stage }, () => {
        for (const file of [
          "web-tree-sitter/web-tree-sitter.wasm",
          "tree-sitter-rust/tree-sitter-rust.wasm",
        ]) {
          const content = readFileSync(resolve(root, "node_modules", file));
          compilation.emitAsset(basename(file), new sources.RawSource(content));
        }
      });
    });
  },
};

const product = [
  bundle("extension", "./extension/src/extension.ts", "extension/tsconfig.json", {
    ...node,
    output: { path: resolve(root, "dist"), filename: "[name].js", libraryTarget: "commonjs2" },
    externals: { vscode: "commonjs vscode" },
  }),
  bundle("debug-adapter", "./debug-adapter/src/main.ts", "debug-adapter/tsconfig.json", node),
  bundle("pollscope", "./extension/src/cli/main.ts", "extension/tsconfig.json", {
    ...node,
    plugins: [new webpack.BannerPlugin({ banner: "#!/usr/bin/env node", raw: true, test: /\.js$/ }), grammar],
  }),
  bundle("lint-worker", "./extension/src/lint-editor/lint-worker.ts", "extension/tsconfig.json", node),
  bundle("layout-worker", "./extension/src/layouts/layout-worker.ts", "extension/tsconfig.json", node),
  bundle("webview", "./webview/src/main.ts", "webview/tsconfig.json", { target: "web" }),
  bundle("panels", "./webview/src/panels/main.ts", "webview/tsconfig.json", { target: "web" }),
];

export default process.env.POLLSCOPE_BENCH === undefined ? product : [bench];
