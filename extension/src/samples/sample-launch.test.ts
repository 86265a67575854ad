import { resolve } from "node:path";
import { expect, it } from "vitest";
import { readSamples } from "./bundled-samples";
import { sampleLaunch } from "./sample-launch";

const folder = resolve(import.meta.dirname, "../../../samples");

it("has a launch configuration for every sample, each with a name of its own", async () => {
  const launches = await Promise.all((await readSamples(folder)).map((each) => sampleLaunch(each, folder)));
  expect(launches.filter(({ type, request }) => type !== "pollscope" || request !== "launch")).toEqual([]);
  expect(new Set(launches.map(({ name }) => name)).size).toBe(launches.length);
});

it("wires the display that a sample drives", async () => {
  const samples = await readSamples(folder);
  const sample = samples.find(({ name }) => name === "producer-consumer")!;
  expect(await sampleLaunch(sample, folder)).toMatchObject({ parts: ["tm1637:clk=2,dio=3"] });
});
