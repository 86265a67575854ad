import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { launchName, prebuiltFolder, readSamples } from "./bundled-samples";

const folder = resolve(import.meta.dirname, "../../../samples");

it("reads the samples that come with the extension", async () => {
  const samples = await readSamples(folder);
  expect(samples.map(launchName)).toContain("blink-release");
  expect(samples.filter(({ file }) => !existsSync(join(prebuiltFolder(folder), file)))).toEqual([]);
  expect(samples.filter(({ description }) => !/^[A-Z].*[^.]$/.test(description))).toEqual([]);
});

it("has the sources of every sample", async () => {
  const samples = await readSamples(folder);
  const files = samples.flatMap(({ main, sources }) => [main, ...sources]);
  expect(files.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
});
