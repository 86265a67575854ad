/** What an estimate of current rests on. Currents are in mA, the battery's charge in mAh. */
export interface PowerAssumptions {
  readonly awake: number;
  readonly asleep: number;
  readonly others: number;
  readonly battery: number;
}

export type AssumptionName = keyof PowerAssumptions;

/** An assumption as a reader is shown it: they are to be judged, and replaced by what was measured. */
export interface Assumption {
  readonly name: AssumptionName;
  readonly label: string;
  readonly unit: "mA" | "mAh";
  readonly value: number;
  /** Where the value comes from. */
  readonly source: string;
}

/**
 * The clock that embassy-rp sets the core to if it is told nothing else, in MHz; the boot ROM's USB mode, of which the
 * datasheet gives a current, runs at 48 MHz from the USB PLL (RP2040 datasheet 2.8.1).
 */
const CLOCK = 125;
const BOOT_CLOCK = 48;

/** Typical current of DVDD in the boot ROM's USB mode, in mA (RP2040 datasheet 5.7.2, "BOOTSEL mode - Active"). */
const BOOT_CURRENT = 9.4;

/** Sum of the typical currents of all clocked blocks, in uA per MHz (RP2040 datasheet 5.7.1). */
const BLOCKS = 117.2;

export const ASSUMPTIONS: readonly Assumption[] = [
  {
    name: "awake",
    label: "Core awake",
    unit: "mA",
    value: round((BOOT_CURRENT * CLOCK) / BOOT_CLOCK),
    source: `${BOOT_CURRENT} mA typical in the boot ROM's USB mode at ${BOOT_CLOCK} MHz (RP2040 datasheet 5.7.2), in proportion at ${CLOCK} MHz; what the code does counts as well`,
  },
  {
    name: "asleep",
    label: "Core asleep",
    unit: "mA",
    value: round((BLOCKS * CLOCK) / 1000),
    source: `the clocks of the other blocks go on while the core waits: their ${BLOCKS} uA/MHz (RP2040 datasheet 5.7.1) at ${CLOCK} MHz; what gates clocks needs less, down to 0.39 mA in its SLEEP mode`,
  },
  {
    name: "others",
    label: "Other consumers",
    unit: "mA",
    value: 1.2,
    source:
      "1.2 mA typical of the pins' supply in the boot ROM's USB mode (RP2040 datasheet 5.7.2); LEDs, sensors and the board's regulator come on top",
  },
  {
    name: "battery",
    label: "Battery",
    unit: "mAh",
    value: 2000,
    source: "an example: two AA cells; what a converter loses, and the cells themselves, is not counted",
  },
];

export const DEFAULT_ASSUMPTIONS: PowerAssumptions = Object.fromEntries(
  ASSUMPTIONS.map(({ name, value }) => [name, value]),
) as Record<AssumptionName, number>;

export interface PowerEstimate {
  /** Mean current in mA. */
  readonly current: number;
  /** How long the battery lasts, in hours; null where nothing draws on it. */
  readonly hours: number | null;
}

/** @param asleep the share of the time that the core sleeps, 0 to 1 */
export function estimatePower(asleep: number, assumptions: PowerAssumptions): PowerEstimate {
  const { awake, asleep: sleeping, others, battery } = assumptions;
  const current = asleep * sleeping + (1 - asleep) * awake + others;
  return { current, hours: current > 0 ? battery / current : null };
}

/** What was saved, which may be of another version, or nothing: whatever is no current is as at first. */
export function parseAssumptions(saved: unknown): PowerAssumptions {
  const given = (typeof saved === "object" && saved !== null ? saved : {}) as Record<string, unknown>;
  const of = (name: AssumptionName) => {
    const value = given[name];
    return typeof value === "number" && isCurrent(value) ? value : DEFAULT_ASSUMPTIONS[name];
  };
  return { awake: of("awake"), asleep: of("asleep"), others: of("others"), battery: of("battery") };
}

/** Whether a number can be a current or a charge. */
export function isCurrent(value: number): boolean {
  return Number.isFinite(value) && value >= 0 && value <= 1e6;
}

/** `5 days 4 h`, `61 h`, `12 min`: no more digits than an estimate has. */
export function lifeWords(hours: number | null): string {
  if (hours === null) return "without end";
  if (hours >= 24 * 365 * 2) return `${Math.round(hours / 24 / 365)} years`;
  if (hours >= 72) return `${Math.round(hours / 24)} days`;
  return hours >= 2 ? `${Math.round(hours)} h` : `${Math.round(hours * 60)} min`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
