import type { RestingFuture } from "./resting-futures";

/** Shapes whose links to one are remembered. */
const MOST_LINKS = 16;

/** The coroutines of a suspended task, in the order in which they were found. */
export class RestingShape {
  /** By key. */
  private readonly rows = new Map<string, number>();
  private readonly links = new Map<RestingShape, readonly (number | undefined)[]>();
  /** Rows of those that have not been polled. */
  readonly unresumed: readonly number[];
  /** By row: rows of those that are dropped with it, itself among them; none for one that another is dropped with. */
  readonly parts: readonly (readonly number[])[];

  constructor(readonly futures: readonly RestingFuture[]) {
    futures.forEach(({ key }, row) => this.rows.set(key, row));
    const rowsWhere = (isMeant: (future: RestingFuture) => boolean) =>
      futures.flatMap((future, row) => (isMeant(future) ? [row] : []));
    this.unresumed = rowsWhere(({ state }) => state.kind === "unresumed");
    this.parts = futures.map(({ key, root }) => (root === key ? rowsWhere((each) => each.root === key) : []));
  }

  get(key: string): RestingFuture | undefined {
    const row = this.rows.get(key);
    return row === undefined ? undefined : this.futures[row];
  }

  has(key: string): boolean {
    return this.rows.has(key);
  }

  /** By row: where the same future is in another shape of the same task; undefined where it is not. */
  linksTo(other: RestingShape): readonly (number | undefined)[] {
    let links = this.links.get(other);
    if (links === undefined) {
      // Shapes come and go: links to those that are forgotten must not stay for ever.
      if (this.links.size >= MOST_LINKS) this.links.clear();
      links = this.futures.map(({ key }) => other.rows.get(key));
      this.links.set(other, links);
    }
    return links;
  }
}
