import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { markerAt } from "#test/helpers/markers";
import { findingsOf, findingWords } from "./found";

/** What each program of test/firmware/findings has wrong, at the line of a marker, in both profiles; and nothing else. */
const EXPECTED: Readonly<Record<string, readonly string[]>> = {
  "async-guard": ["guard-across-await at sleepy-nap"],
  "borrow-panic": ["guard-across-await at keeper-holds"],
  contract: ["moved-after-poll at moved", "never-polled at forget"],
  futurelock: ["deadlock at stuck-lock"],
  "guard-ended": [],
  "guard-inside": [
    "guard-across-await at in-option",
    "guard-across-await at in-tuple",
    "guard-across-await at in-struct",
    "guard-across-await at in-result",
    "guard-across-await at in-array",
  ],
  "lost-branch": ["lost-wake at reached"],
  // Before the circle closes, the reader waits for a mutex whose holder is at a timer.
  "rwlock-circle": ["deadlock at writer-table", "guard-across-await at writer-work"],
  "select-loop": ["cancelled-mid-way at carry", "cancelled-mid-way at second-step"],
  "spin-guard": ["guard-across-await at spin-mutex", "guard-across-await at spin-read"],
  "two-executors": ["guard-across-await at urgent-holds", "guard-across-await at bell"],
  "waker-dropped": ["lost-wake at gate"],
  "waker-list": [],
};

/** Every guard of test/firmware/guards that is kept, at the line of its marker; those beside them are given back in time. */
const GUARDS_KEPT = [
  "api-mutex",
  "api-nested",
  "api-read",
  "api-write",
  "cell-box",
  "spin-box",
  "spin-option",
  "spin-write",
].map((marker) => `guard-across-await at ${marker}`);

/** The guard of a lock of the program's own, which only the user can know. */
const OWN_GUARD = "findings_spin_guard::LockGuard";

const path = (name: string, profile: string) =>
  `test/firmware/findings/prebuilt/findings-${name}-${profile}.elf`;

describe.each(["dev", "release"])("firmware made for findings, %s", (profile) => {
  it.each(Object.entries(EXPECTED))("%s has exactly what is wrong with it found", async (name, expected) => {
    const found = await findingsOf(path(name, profile), { for: "2.5s" });
    expect(found.map(findingWords).sort()).toEqual([...expected].sort());
  });

  it("has guards found of locks of lock_api and spin, and in boxes, and in values inside of values", async () => {
    const program = `test/firmware/guards/prebuilt/guards-kept-${profile}.elf`;
    const found = await findingsOf(program, { for: "1s" });
    expect(found.map(findingWords).sort()).toEqual(GUARDS_KEPT);
    expect(found.map(({ severity }) => severity)).toEqual(GUARDS_KEPT.map(() => "error"));
  });

  it("says nothing of the time behind a panic", async () => {
    const [finding] = await findingsOf(path("borrow-panic", profile), { for: "2.5s" });
    // The reader meets the guard within the 50 ms for which it is kept; the handler's loop then goes on for ever.
    expect(finding!.span.to - finding!.span.from).toBeLessThan(51e6);
    expect(finding!.evidence[2]).toMatch(/^meanwhile reader_task ran in 1 poll/);
  });

  it("finds guards of types that are listed, while their lock says that it is taken", async () => {
    const found = await findingsOf(path("spin-guard", profile), { for: "1s", guardTypes: [OWN_GUARD] });
    expect(found.map(findingWords).sort()).toEqual(
      ["guard-across-await at own-lock", ...EXPECTED["spin-guard"]!].sort(),
    );
    const own = found.find(({ title }) => title.startsWith("own_task"))!;
    expect(own.title).toBe("own_task keeps count, a guard of a lock, across this await");
    expect(own.evidence[0]).toContain(
      "the lock's own state says that it is taken (in findings_spin_guard::OWN)",
    );
  });

  it("says who has waited for an async lock whose holder was elsewhere, and since when it was held", async () => {
    const [finding] = await findingsOf(path("async-guard", profile), { for: "1s" });
    expect(finding!.severity).toBe("note");
    expect(finding!.evidence[1]).toMatch(/^it was taken in the poll that began at 0\.1\d\d/);
    expect(finding!.evidence[2]).toMatch(/^writer_task waited for it for 15\.\d+ ms, while what is awaited/);
    const patient = { starvation: nanoseconds(50e6) };
    expect(await findingsOf(path("async-guard", profile), { for: "1s", thresholds: patient })).toEqual([]);
  });

  it("says where a waker was last seen, and what was searched", async () => {
    const [finding] = await findingsOf(path("waker-dropped", profile), { for: "1.2s" });
    expect(finding!.evidence[0]).toMatch(/^it is suspended since 0\.1\d\d/);
    expect(finding!.evidence[1]).toMatch(/^its waker was last seen at 0\.1\d\d .* s in /);
    expect(finding!.evidence.join("\n")).toMatch(/no word holds its address|none is a waker/);
    // The second task pushed it out at 0.43 s.
    expect(finding!.span.to).toBeLessThan(440e6);
  });

  it("says which of its own futures keeps what a task waits for", async () => {
    const [finding] = await findingsOf(path("futurelock", profile), { for: "1s" });
    expect(finding!.title).toBe("stuck_task waits for what it holds itself");
    expect(finding!.evidence).toContain(
      "what stuck_task waits for is held by stuck_task as value of findings_futurelock::work, which nobody polls now",
    );
    expect(finding!.related.map(({ place }) => markerAt(place))).toEqual(["work-lock"]);
  });

  it("says from where to where a future was moved", async () => {
    const [finding] = await findingsOf(path("contract", profile), { for: "1s" });
    expect(finding!.severity).toBe("error");
    const [, from, to] = /at (0x[0-9a-f]+);.* at (0x[0-9a-f]+)$/.exec(finding!.evidence[0]!)!;
    // `here` and `there` lie one behind the other.
    expect(Number(to) - Number(from)).toBe(24);
  });
});
