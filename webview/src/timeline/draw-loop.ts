/** What a frame does; tells whether another one is needed, as while something moves. */
export type Frame = (now: number) => boolean;

/** The one animation loop of a page: it draws when something has changed, at most once a frame. */
export class DrawLoop {
  private isAsked = false;
  private waiting: (() => void)[] = [];
  /** Milliseconds that the last frame took to draw. */
  lastDuration = 0;

  constructor(private readonly frame: Frame) {}

  request(): void {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame((now) => this.draw(now));
  }

  /** Resolves once nothing is left to be drawn. */
  idle(): Promise<void> {
    if (!this.isAsked) return Promise.resolve();
    return new Promise((resolve) => this.waiting.push(resolve));
  }

  /** Drawing may ask for another frame. */
  private isBusy(): boolean {
    return this.isAsked;
  }

  private draw(now: number): void {
    this.isAsked = false;
    const began = performance.now();
    const isMoving = this.frame(now);
    this.lastDuration = performance.now() - began;
    if (isMoving) this.request();
    if (this.isBusy()) return;
    const { waiting } = this;
    this.waiting = [];
    for (const resolve of waiting) resolve();
  }
}
