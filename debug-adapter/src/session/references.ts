import { goneHandle, noSuchHandle } from "./user-errors";

/**
 * Numbers that stand for things of one stop. They die with it, and are not given again in the same session: a client
 * that asks late is told so, and never shown something else.
 */
export class References<Thing> {
  private readonly things = new Map<number, Thing>();
  private next = 1;

  /** @param what what a thing is called in an error */
  constructor(private readonly what: string) {}

  /** The number of a thing, from 1. */
  add(thing: Thing): number {
    this.things.set(this.next, thing);
    return this.next++;
  }

  /** @throws UserError if the thing is of an earlier stop, or never was */
  get(reference: number): Thing {
    const thing = this.things.get(reference);
    if (thing !== undefined) return thing;
    throw reference > 0 && reference < this.next ? goneHandle(this.what) : noSuchHandle(this.what, reference);
  }

  /** The thing itself is seen anew. */
  replace(reference: number, thing: Thing): void {
    this.things.set(reference, thing);
  }

  /** The stop is over. */
  clear(): void {
    this.things.clear();
  }
}
