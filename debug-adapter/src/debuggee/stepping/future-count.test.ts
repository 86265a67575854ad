import { describe, expect, it } from "vitest";
import type { Type } from "../../symbols/types/type";
import { loadFirmware } from "../firmware";
import { mostFutures } from "./future-count";

/** How many futures of one async function the future of another can hold. */
async function counted(path: string, wanted: string, within: string): Promise<number> {
  const { asyncFunctions } = (await loadFirmware(path)).program;
  const type: Type = asyncFunctions.named(within)[0]!.coroutine.type;
  return mostFutures(asyncFunctions.named(wanted)[0]!, type, asyncFunctions);
}

describe("mostFutures", () => {
  const JOIN = "samples/prebuilt/join-versus-spawn-join-release.elf";
  const SPAWN = "samples/prebuilt/join-versus-spawn-spawn-release.elf";
  const STEPPING = "test/firmware/stepping/prebuilt/stepping-release.elf";

  it.each([
    ["the elements of an array", JOIN, "join_versus_spawn::drum", "join_versus_spawn_join::band_task", 8],
    ["what is awaited", SPAWN, "join_versus_spawn::drum", "join_versus_spawn_spawn::drummer_task", 1],
    ["the branches of a join in a select", STEPPING, "stepping::tick", "stepping::nested_task", 2],
    ["what is awaited at one time or another", STEPPING, "stepping::one", "stepping::crooked_task", 1],
    ["what is not there", STEPPING, "stepping::one", "stepping::nested_task", 0],
  ])("counts %s", async (_, path, wanted, within, expected) =>
    expect(await counted(path, wanted, within)).toBe(expected),
  );
});
