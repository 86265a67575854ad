import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { watchedLooks } from "./watched-looks";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Looks that take 300 ms each, with their number. */
function slowLooks() {
  const done = { looks: 0 };
  const looks = watchedLooks(async () => {
    done.looks++;
    await new Promise((resolve) => setTimeout(resolve, 300));
  }, 1000);
  return { done, looks };
}

describe("looks that are watched", () => {
  it("do not happen while nobody watches", async () => {
    const { done } = slowLooks();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(done.looks).toBe(0);
  });

  it("happen at once, and then with a rest after each", async () => {
    const { done, looks } = slowLooks();
    looks.watch();
    expect(done.looks).toBe(1);
    await vi.advanceTimersByTimeAsync(1299);
    expect(done.looks).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(done.looks).toBe(2);
    await vi.advanceTimersByTimeAsync(13_000);
    expect(done.looks).toBe(12);
  });

  it("are shared by all who watch, and end with the last of them", async () => {
    const { done, looks } = slowLooks();
    const [first, second] = [looks.watch(), looks.watch()];
    expect(done.looks).toBe(1);
    await vi.advanceTimersByTimeAsync(1300);
    expect(done.looks).toBe(2);
    first.dispose();
    first.dispose();
    await vi.advanceTimersByTimeAsync(1300);
    expect(done.looks).toBe(3);
    second.dispose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(done.looks).toBe(3);
  });

  it("begin at once for one who comes while the next is awaited", async () => {
    const { done, looks } = slowLooks();
    looks.watch();
    await vi.advanceTimersByTimeAsync(500);
    looks.watch();
    expect(done.looks).toBe(2);
    await vi.advanceTimersByTimeAsync(1300);
    expect(done.looks).toBe(3);
  });

  it("go on after one that failed", async () => {
    let tries = 0;
    const looks = watchedLooks(() => Promise.reject(new Error(String(++tries))), 1000);
    looks.watch();
    await vi.advanceTimersByTimeAsync(2500);
    expect(tries).toBe(3);
    looks.dispose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(tries).toBe(3);
  });

  it("are not gone on with if the watcher leaves during one", async () => {
    const { done, looks } = slowLooks();
    const watcher = looks.watch();
    await vi.advanceTimersByTimeAsync(100);
    watcher.dispose();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(done.looks).toBe(1);
  });
});
