import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "debug-adapter/src/**/*.test.ts",
      "extension/src/**/*.test.ts",
      "webview/src/**/*.test.ts",
      "test/**/*.test.ts",
    ],
    exclude: ["**/node_modules/**", "samples/**", "test/firmware/**"],
    setupFiles: ["test/helpers/fixed-seed.ts"],
    // vitest would leave one core to its own process, which has little to do: half of a machine with two.
    maxWorkers: "100%",
    testTimeout: 120_000,
    hookTimeout: 120_000,
  },
});
