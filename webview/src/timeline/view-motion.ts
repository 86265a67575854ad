import { between, type Span } from "./time-scale";

/** Milliseconds that the view takes to get somewhere. */
const DURATION = 160;

/** Moves what is seen smoothly to where it is wanted. */
export class ViewMotion {
  private start: Span;
  private begin = 0;
  private isNew = false;
  target: Span;

  constructor(public current: Span) {
    this.start = current;
    this.target = current;
  }

  /** At once. */
  jump(span: Span): void {
    this.current = span;
    this.start = span;
    this.target = span;
    this.isNew = false;
  }

  glide(span: Span): void {
    this.start = this.current;
    this.target = span;
    this.isNew = true;
  }

  /** Goes on to an instant of the screen; tells whether it is still on its way. */
  step(now: number, isStill: boolean): boolean {
    if (this.current === this.target) return false;
    if (this.isNew) {
      this.begin = now;
      this.isNew = false;
    }
    const share = isStill ? 1 : Math.min(1, (now - this.begin) / DURATION);
    if (share >= 1) {
      this.current = this.target;
      return false;
    }
    // Fast at first, and gently to its end.
    this.current = between(this.start, this.target, 1 - (1 - share) ** 3);
    return true;
  }
}
