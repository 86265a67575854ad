import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { configuredTriple, PICO_TRIPLE, tripleToAdd } from "./build-target";

describe("the target that cargo builds for", () => {
  let root: string;
  let project: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pollscope-target-"));
    project = join(root, "workspace", "app");
    mkdirSync(project, { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function configure(folder: string, toml: string, name = "config.toml") {
    mkdirSync(join(folder, ".cargo"), { recursive: true });
    writeFileSync(join(folder, ".cargo", name), toml);
  }

  function configured(environment: Record<string, string> = {}) {
    return configuredTriple(project, { environment, cargoHome: join(root, "home", ".cargo") });
  }

  it("is the machine itself if nobody says otherwise", async () => {
    expect(await configured()).toBeUndefined();
    configure(project, '[target.thumbv6m-none-eabi]\nrunner = "probe-rs run"\n');
    expect(await configured()).toBeUndefined();
  });

  it("is what the nearest configuration says", async () => {
    configure(join(root, "home"), '[build]\ntarget = "from-home"\n');
    expect(await configured()).toBe("from-home");
    configure(join(root, "workspace"), '[build]\ntarget = "from-workspace"\n', "config");
    expect(await configured()).toBe("from-workspace");
    configure(project, '# a comment\nbuild.target = ["from-project", "other"]\n');
    expect(await configured()).toBe("from-project");
  });

  it("is what the environment says, before all files", async () => {
    configure(project, '[build]\ntarget = "from-project"\n');
    expect(await configured({ CARGO_BUILD_TARGET: "from-environment" })).toBe("from-environment");
  });

  it("is not guessed from a file that is no TOML", async () => {
    configure(project, "[build\n");
    await expect(configured()).rejects.toThrow(
      /config\.toml is no valid TOML \(line 1: .*\); correct the file$/,
    );
  });

  it("is named to cargo only where the project does not name it", () => {
    expect(tripleToAdd(undefined)).toBe(PICO_TRIPLE);
    expect(tripleToAdd(PICO_TRIPLE)).toBeUndefined();
    expect(() => tripleToAdd("thumbv8m.main-none-eabihf")).toThrow(
      "This project builds for thumbv8m.main-none-eabihf, and Pollscope runs firmware for the RP2040",
    );
  });
});
