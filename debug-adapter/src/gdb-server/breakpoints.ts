import { address } from "../base/brand";
import type { Removable, Target } from "../target/target";

/**
 * The breakpoints that a client has set. It may set one place both as a software and as a hardware breakpoint; the
 * target does not write instructions for either.
 */
export class Breakpoints {
  private readonly places = new Map<string, Removable>();

  constructor(private readonly target: Target) {}

  /** Does nothing if it is set already: requests may be repeated (gdb manual, `Z` packets). */
  add(kind: string, at: number): void {
    const key = `${kind},${at}`;
    if (!this.places.has(key)) this.places.set(key, this.target.addBreakpoint(address(at)));
  }

  remove(kind: string, at: number): void {
    const key = `${kind},${at}`;
    this.places.get(key)?.remove();
    this.places.delete(key);
  }

  clear(): void {
    for (const place of this.places.values()) place.remove();
    this.places.clear();
  }
}
