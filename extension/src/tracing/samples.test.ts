import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { readSamples } from "./samples";

it("reads the samples that come with the extension", async () => {
  const samples = await readSamples(resolve(import.meta.dirname, "../../../samples/prebuilt"));
  expect(samples.map(({ name, profile }) => `${name} ${profile}`)).toContain("blink release");
  expect(samples.filter(({ file }) => !existsSync(file))).toEqual([]);
  expect(samples.filter(({ description }) => !/^[A-Z].*[^.]$/.test(description))).toEqual([]);
});
