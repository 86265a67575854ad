import { describe, expect, it } from "vitest";
import { BASE, MadeMemory, program } from "#test/futures/made-futures";
import { u32 } from "#test/futures/made-types";
import { ValueReader } from "../values/reader";
import { symbolsOf } from "../values/symbol-lookup";
import { settleRivals } from "./rival-guards";
import { type HeldLock, SavedDraft } from "./saved-values";

const LOCK = 0x2000_0800;

/** A guard of a lock that seems to be held. */
function guard({ lock = LOCK, isCertain = false, isExclusive = true } = {}): HeldLock {
  const reader = new ValueReader(new MadeMemory().view, symbolsOf(program));
  const local = { name: "guard", role: "variable", offset: 0, byteSize: 4, type: u32 } as const;
  const saved = new SavedDraft(local, reader.at(u32, BASE), BASE, reader, "live");
  return {
    address: lock,
    byteSize: 4,
    isTaken: true,
    isExclusive,
    meeting: "waits",
    lockWords: "async lock",
    isCertain,
    saved,
  };
}

/** What becomes of some guards, as `liveness text`. */
function settled(...guards: HeldLock[]): string[] {
  settleRivals(guards);
  return guards.map(({ saved }) => `${saved.liveness} ${saved.text}`);
}

describe("settleRivals", () => {
  it("leaves guards of different locks, and those that may be several", () => {
    expect(settled(guard(), guard({ lock: LOCK + 16 }))).toEqual(["live 0", "live 0"]);
    expect(settled(guard({ isExclusive: false }), guard({ isExclusive: false }))).toEqual([
      "live 0",
      "live 0",
    ]);
  });

  it("takes the others of a lock for dropped where a drop flag tells the one that is alive", () => {
    expect(settled(guard(), guard({ isCertain: true }), guard())).toEqual([
      "dropped null",
      "live 0",
      "dropped null",
    ]);
  });

  it("says of each that it may be dropped where nothing tells", () => {
    expect(settled(guard(), guard())).toEqual(["maybe-dropped 0", "maybe-dropped 0"]);
  });
});
