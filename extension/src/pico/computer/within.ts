import type { Computer } from "./computer";

/** Something has taken longer than it may. */
export class TookTooLong extends Error {
  override readonly name = "TookTooLong";
}

/**
 * Waits for a promise, but not for ever: a device that does not answer keeps a write waiting in the kernel.
 * @throws TookTooLong after as many milliseconds of the computer's clock
 */
export async function within<T>(milliseconds: number, computer: Computer, promise: Promise<T>): Promise<T> {
  const over = new AbortController();
  // If time is up first, nobody waits for the other one any more, and it may fail as it likes.
  promise.catch(() => undefined);
  const late = computer.sleep(milliseconds, over.signal).then(() => {
    throw new TookTooLong(`took longer than ${milliseconds} ms`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([promise, late]);
  } finally {
    over.abort();
  }
}
