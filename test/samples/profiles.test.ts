import { describe, expect, it, test } from "vitest";
import { readFileSync } from "node:fs";
import { runFirmware } from "#test/helpers/run-firmware";
import { buildsOf, hasFreshBuilds } from "#test/helpers/run-firmware-builds";
import { chains } from "#test/helpers/run-firmware-facts";
import { isCi } from "#test/helpers/tool";

/** What each task did, as one line per event, without time. */
async function storiesOf(path: string): Promise<Map<string, string[]>> {
  const run = await runFirmware(path, { for: "1.5s" });
  const stories = new Map<string, string[]>();
  for (const { task, event, source, result, awaiting } of run.events) {
    if (task === undefined) continue;
    const story = stories.get(task) ?? [];
    stories.set(task, story);
    story.push([event, source ?? result, awaiting].filter(Boolean).join(" "));
  }
  for (const [task, story] of stories) story.push(...chains(run, task));
  return stories;
}

describe.each(["blink", "producer-consumer", "guard-across-await-bad"])("%s", (name) => {
  it("does the same in dev and in release, task by task", async () => {
    const builds = buildsOf(name);
    const dev = builds.find(({ profile }) => profile === "dev")!;
    const release = builds.find(({ profile }) => profile === "release")!;
    const [inDev, inRelease] = [await storiesOf(dev.path), await storiesOf(release.path)];
    expect([...inDev.keys()].sort()).toEqual([...inRelease.keys()].sort());
    for (const [task, story] of inDev) expect({ task, story }).toEqual({ task, story: inRelease.get(task) });
    expect([...inDev.values()].flat().length).toBeGreaterThan(40);
  });
});

describe("samples built from source", () => {
  if (!hasFreshBuilds() && !isCi()) {
    test.skip("have the same facts as the committed ones: build them with npm run samples -- --check");
    return;
  }
  it("are some of the committed ones, and the same where the same compiler built them", () => {
    const fresh = readManifest("samples/target/check/samples/prebuilt");
    const committed = readManifest("samples/prebuilt");
    const isComparable = JSON.stringify(fresh.compiler) === JSON.stringify(committed.compiler);
    const files = fresh.elfs.map(({ file }) => file);
    const digestsIn = ({ elfs }: Manifest) =>
      elfs
        .filter(({ file }) => files.includes(file))
        .map(({ file, sha256 }) => [file, isComparable ? sha256 : "by another compiler"]);
    expect(files).toEqual(expect.arrayContaining(["blink-dev.elf"]));
    expect(digestsIn(fresh)).toEqual(digestsIn(committed));
  });
});

interface Manifest {
  readonly compiler: object;
  readonly elfs: readonly { readonly file: string; readonly sha256: string }[];
}

function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(`${folder}/manifest.json`, "utf8")) as Manifest;
}
