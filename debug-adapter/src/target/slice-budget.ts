/** Host time that one slice should take: a request to pause is answered within about twice that. */
const SLICE_MILLISECONDS = 4;

const SMALLEST_INSTRUCTIONS = 10_000;
const LARGEST_INSTRUCTIONS = 20_000_000;

/**
 * How far the machine may run in one go, adjusted to the speed of the host. It bounds instructions, and virtual time
 * too: a sleeping core executes nothing while its peripherals are busy.
 */
export class SliceBudget {
  instructions = 200_000;
  private began = 0;

  /** Virtual time of a slice. Awake, a slice ends by its instructions long before. */
  get nanoseconds(): number {
    return this.instructions * 1000;
  }

  begin(): void {
    this.began = performance.now();
  }

  end(): void {
    const elapsed = performance.now() - this.began;
    const factor = Math.min(2, Math.max(0.25, SLICE_MILLISECONDS / Math.max(elapsed, 0.1)));
    this.instructions = Math.round(
      Math.min(LARGEST_INSTRUCTIONS, Math.max(SMALLEST_INSTRUCTIONS, this.instructions * factor)),
    );
  }
}
