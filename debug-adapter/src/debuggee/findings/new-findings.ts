import type { Finding, FindingList, FindingNews } from "../../analysis/finding";

/**
 * How long a finding waits until it is told, in virtual nanoseconds: what follows at once may show that it is part of
 * another. One that is still under way is told when it lasts.
 */
const SETTLING = { over: 1e6, begun: 1e9 } as const;

/** Tells of each finding of a run once, as soon as it is settled what it is. */
export class NewFindings {
  private readonly told = new Set<string>();
  /** By key: the instant at which it is told. */
  private readonly waiting = new Map<string, number>();
  private next = Infinity;

  constructor(
    private readonly findings: FindingList,
    private readonly tell: (finding: Finding) => void,
  ) {}

  /** The instant at which something is to be told; Infinity if there is nothing. */
  get due(): number {
    return this.next;
  }

  note({ occurrence: { key }, stage, begunAs }: FindingNews, now: number): void {
    // What was told as it began is not told again under the name that it has now.
    if (begunAs !== undefined && this.told.has(begunAs)) this.told.add(key);
    if (this.told.has(key)) return;
    const at = now + SETTLING[stage];
    if (at >= (this.waiting.get(key) ?? Infinity)) return;
    this.waiting.set(key, at);
    this.next = Math.min(this.next, at);
  }

  /** Tells what is due; everything where nothing more is to come for a while. */
  settle(now: number): void {
    if (this.next > now) return;
    const keys = [...this.waiting].filter(([, at]) => at <= now).map(([key]) => key);
    const listed = keys.length === 0 ? [] : this.findings.list({ isLive: true });
    for (const key of keys) {
      this.waiting.delete(key);
      const finding = listed.find((each) => each.key === key);
      // One that is under way may come to something else, or to nothing.
      if (finding === undefined) continue;
      this.told.add(key);
      this.tell(finding);
    }
    this.next = Math.min(Infinity, ...this.waiting.values());
  }
}
