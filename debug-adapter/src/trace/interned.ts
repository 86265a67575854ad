/** A table in which equal rows are kept once; a row is referred to by its number. */
export class Interned<Row> {
  private readonly indexByKey = new Map<string, number>();
  private readonly rowsByIndex: Row[] = [];

  /** @param keyOf a text that is equal for equal rows and differs otherwise */
  constructor(private readonly keyOf: (row: Row) => string) {}

  get length(): number {
    return this.rowsByIndex.length;
  }

  /** The number of a row that equals `row`; adds it if there is none. */
  intern(row: Row): number {
    const key = this.keyOf(row);
    const known = this.indexByKey.get(key);
    if (known !== undefined) return known;
    const index = this.rowsByIndex.push(row) - 1;
    this.indexByKey.set(key, index);
    return index;
  }

  at(index: number): Row | undefined {
    return this.rowsByIndex[index];
  }

  rows(): readonly Row[] {
    return this.rowsByIndex;
  }
}
