import { beforeEach, describe, expect, it, vi } from "vitest";
import type { PanelSession } from "./messages";
import { Refusal } from "./panel";
import { Refresher } from "./refresher";

const STOPPED: PanelSession = { name: "blink", phase: "stopped", stop: null, focus: null };
const RUNNING: PanelSession = { ...STOPPED, phase: "running" };

/** A panel whose updates end when the test says so. */
function slowPanel() {
  const updates: { session: PanelSession; settle: (refusal?: Refusal) => Promise<void> }[] = [];
  const panel = {
    root: undefined as unknown as HTMLElement,
    update: (session: PanelSession) =>
      new Promise<void>((resolve, reject) => {
        const settle = async (refusal?: Refusal) => {
          if (refusal === undefined) resolve();
          else reject(refusal);
          await vi.advanceTimersByTimeAsync(0);
        };
        updates.push({ session, settle });
      }),
  };
  return { panel, updates };
}

describe("keeping a panel up to date", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    return () => vi.useRealTimers();
  });

  it("updates once at a time, and then to the latest only", async () => {
    const { panel, updates } = slowPanel();
    const refresher = new Refresher(panel, () => undefined);
    refresher.show(STOPPED);
    refresher.show({ ...STOPPED, focus: 2 });
    refresher.show({ ...STOPPED, focus: 3 });
    expect(updates.map(({ session }) => session.focus)).toEqual([null]);
    await updates[0]!.settle();
    expect(updates.map(({ session }) => session.focus)).toEqual([null, 3]);
    await updates[1]!.settle();
    expect(updates).toHaveLength(2);
  });

  it("looks again a quarter of a second after each look at what runs", async () => {
    const { panel, updates } = slowPanel();
    new Refresher(panel, () => undefined).show(RUNNING);
    await vi.advanceTimersByTimeAsync(1000);
    expect(updates).toHaveLength(1);
    await updates[0]!.settle();
    await vi.advanceTimersByTimeAsync(249);
    expect(updates).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(updates).toHaveLength(2);
  });

  it("does not look at what stands still again", async () => {
    const { panel, updates } = slowPanel();
    new Refresher(panel, () => undefined).show(STOPPED);
    await updates[0]!.settle();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(updates).toHaveLength(1);
  });

  it("waits until somebody looks", async () => {
    const { panel, updates } = slowPanel();
    const refresher = new Refresher(panel, () => undefined);
    refresher.setSeen(false);
    refresher.show(RUNNING);
    await vi.advanceTimersByTimeAsync(1000);
    expect(updates).toHaveLength(0);
    refresher.setSeen(true);
    expect(updates).toHaveLength(1);
  });

  it("tells of a refusal, and of the answer that takes it back", async () => {
    const { panel, updates } = slowPanel();
    const told: (string | null)[] = [];
    const refresher = new Refresher(panel, (refusal) => told.push(refusal?.sentence ?? null));
    refresher.show(STOPPED);
    await updates[0]!.settle(new Refusal("The firmware runs."));
    refresher.show(STOPPED);
    await updates[1]!.settle();
    expect(told).toEqual(["The firmware runs.", null]);
  });
});
