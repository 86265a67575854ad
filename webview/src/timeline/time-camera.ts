import { around, clamped, moved, type Span, TimeScale, wholeSpan, zoomed } from "./time-scale";
import { ViewMotion } from "./view-motion";

/** The share of what is seen that lies behind the head while it is followed. */
const FOLLOW_ROOM = 0.04;

/** The least that is seen of a run that has just begun, in nanoseconds. */
const FIRST_VIEW = 1e6;

/** Which piece of time is seen: moved by the reader, or following the head of a run. */
export class TimeCamera {
  private readonly motion: ViewMotion;
  /** Everything is seen, also what is still to come. */
  isWhole: boolean;
  isFollowing: boolean;

  constructor(
    view: Span | null,
    private head: number,
    private readonly isLive: boolean,
  ) {
    this.isWhole = view === null;
    this.isFollowing = isLive;
    this.motion = new ViewMotion(view ?? wholeSpan(head));
  }

  /** What is seen in this frame. */
  get current(): Span {
    return this.motion.current;
  }

  /** What is seen once it has come to rest. */
  get target(): Span {
    return this.motion.target;
  }

  /** The trace goes up to here now. */
  reach(head: number): void {
    if (head === this.head) return;
    this.head = head;
    if (this.isWhole && !this.isLive) this.motion.jump(wholeSpan(head));
  }

  /** At once, by a length of time. */
  pan(by: number): void {
    this.jump(moved(this.current, by));
  }

  /** At once, around a place; while the head is followed, around that. */
  zoom(width: number, x: number, factor: number): void {
    const scale = new TimeScale(this.current, width);
    const span = zoomed(scale, this.isFollowing ? scale.x(this.head) : x, factor);
    const wasFollowing = this.isFollowing;
    this.jump(span);
    this.isFollowing = wasFollowing;
  }

  jump(span: Span): void {
    this.leave();
    this.motion.jump(clamped(span, this.head));
  }

  glide(span: Span): void {
    this.leave();
    this.motion.glide(clamped(span, this.head));
  }

  /** Glides to a span with room around it. */
  show(span: Span): void {
    this.glide(around(span, 0.6));
  }

  showWhole(): void {
    this.glide(wholeSpan(this.head));
    this.isWhole = true;
  }

  toggleFollowing(): void {
    this.isFollowing = this.isLive && !this.isFollowing;
  }

  /** Glides to a span of time if its begin is not in sight. */
  reveal({ from, to }: Span): void {
    const view = this.target;
    if (from >= view.from && from <= view.to) return;
    const half = (view.to - view.from) / 2;
    const middle = to - from < half ? (from + to) / 2 : from;
    this.glide({ from: middle - half, to: middle + half });
  }

  /** Goes on to an instant of the screen; tells whether it is still on its way. */
  step(now: number, isStill: boolean): boolean {
    if (this.isFollowing) this.follow();
    return this.motion.step(now, isStill);
  }

  private leave(): void {
    this.isWhole = false;
    this.isFollowing = false;
  }

  private follow(): void {
    const { from, to } = this.motion.current;
    const length = this.isWhole ? Math.max(this.head, FIRST_VIEW) * (1 + FOLLOW_ROOM) : to - from;
    const end = this.head + length * FOLLOW_ROOM;
    const least = this.isWhole ? -length * 0.01 : 0;
    const begin = Math.max(end - length, least);
    this.motion.jump({ from: begin, to: begin + length });
  }
}
