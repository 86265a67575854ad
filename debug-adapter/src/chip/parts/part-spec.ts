import { UserError } from "../../base/errors";
import { i2cOfPin, PIN_COUNT, uartOfPin } from "../rp2040/pin-functions";

/** A part and how it is wired. */
export type PartSpec =
  | { readonly kind: "led"; readonly name: string; readonly pin: number; readonly to: "gnd" | "3v3" }
  | { readonly kind: "button"; readonly name: string; readonly pin: number; readonly to: "gnd" | "3v3" }
  | { readonly kind: "tm1637"; readonly name: string; readonly clk: number; readonly dio: number }
  | {
      readonly kind: "tmp102";
      readonly name: string;
      readonly sda: number;
      readonly scl: number;
      readonly address: number;
    }
  | {
      readonly kind: "uart";
      readonly name: string;
      readonly uart: 0 | 1;
      readonly tx: number;
      readonly rx: number;
    };

/** How each kind of part is written. */
const EXAMPLES: Readonly<Record<PartSpec["kind"], string>> = {
  led: "led:pin=25",
  button: "button:pin=15",
  tm1637: "tm1637:clk=2,dio=3",
  tmp102: "tmp102:sda=4,scl=5,address=0x48",
  uart: "uart:tx=0,rx=1",
};

/** The four addresses that a TMP102's ADD0 pin can choose. */
const TMP102_ADDRESSES = [0x48, 0x49, 0x4a, 0x4b];

/**
 * Parses the parts of a board: `tm1637:clk=2,dio=3`, `button:pin=15,to=gnd`, `led:pin=25`, each with an optional
 * `name`.
 * @throws UserError for an unknown part, a pin that does not exist, is missing or is used twice
 */
export function parsePartSpecs(texts: readonly string[]): PartSpec[] {
  const specs = texts.map(parsePartSpec);
  checkWiring(specs);
  return specs;
}

/**
 * Checks that parts can be on one board.
 * @throws UserError for a pin or a name that two of them have
 */
export function checkWiring(specs: readonly PartSpec[]): void {
  checkPins(specs);
  checkNames(specs);
}

/** Parses one part. */
export function parsePartSpec(text: string): PartSpec {
  const colon = text.indexOf(":");
  const kind = (colon < 0 ? text : text.slice(0, colon)).trim();
  if (!isKind(kind)) {
    throw new UserError(
      `There is no part ${quote(kind)}`,
      `use one of ${Object.values(EXAMPLES).join(", ")}`,
    );
  }
  const options = new Options(text, kind, colon < 0 ? "" : text.slice(colon + 1));
  const spec = parseKind(kind, options);
  options.checkAllUsed();
  return spec;
}

/** The pins that a part is wired to, by the names they have on the part. */
export function pinsOf(spec: PartSpec): Readonly<Record<string, number>> {
  switch (spec.kind) {
    case "led":
    case "button":
      return { pin: spec.pin };
    case "tm1637":
      return { clk: spec.clk, dio: spec.dio };
    case "tmp102":
      return { sda: spec.sda, scl: spec.scl };
    case "uart":
      return { tx: spec.tx, rx: spec.rx };
  }
}

/** A part as `parsePartSpec` reads it: what is not said is as it comes out without. */
export function formatPartSpec(spec: PartSpec): string {
  const pins = Object.entries(pinsOf(spec)).map(([role, pin]) => `${role}=${pin}`);
  const rail = "to" in spec && spec.to !== "gnd" ? [`to=${spec.to}`] : [];
  const address = spec.kind === "tmp102" && spec.address !== 0x48 ? [`address=${hex(spec.address)}`] : [];
  const unnamed = `${spec.kind}:${[...pins, ...rail, ...address].join(",")}`;
  return parsePartSpec(unnamed).name === spec.name ? unnamed : `${unnamed},name=${spec.name}`;
}

function isKind(kind: string): kind is PartSpec["kind"] {
  return kind in EXAMPLES;
}

function parseKind(kind: PartSpec["kind"], options: Options): PartSpec {
  switch (kind) {
    case "led":
    case "button": {
      const pin = options.pin("pin");
      return { kind, name: options.name(`${kind}${pin}`), pin, to: options.rail() };
    }
    case "tm1637":
      return { kind, name: options.name(kind), clk: options.pin("clk"), dio: options.pin("dio") };
    case "tmp102":
      return parseTmp102(options);
    case "uart":
      return parseUart(options);
  }
}

function parseTmp102(options: Options): PartSpec {
  const [sda, scl] = [options.pin("sda"), options.pin("scl")];
  const address = options.number("address", 0x48);
  if (!TMP102_ADDRESSES.includes(address)) {
    throw options.error(`a TMP102 cannot have the address ${hex(address)}`, "use 0x48, 0x49, 0x4a or 0x4b");
  }
  // A program that drives the bus by hand may use any pins, but swapped ones are always a mistake.
  if (i2cOfPin(sda).signal === "SCL" && i2cOfPin(scl).signal === "SDA") {
    throw options.error(`GPIO${sda} is SCL and GPIO${scl} is SDA`, "swap the two pins");
  }
  return { kind: "tmp102", name: options.name(`tmp102@${hex(address)}`), sda, scl, address };
}

/** A terminal's wires are named from the chip's side: `tx` is the pin that the chip sends on. */
function parseUart(options: Options): PartSpec {
  const [tx, rx] = [options.pin("tx"), options.pin("rx")];
  const [sender, receiver] = [uartOfPin(tx), uartOfPin(rx)];
  if (sender.signal !== "TX") {
    throw options.error(`GPIO${tx} is no TX pin of a UART`, "use one of GPIO0, 4, 8, 12, 16, 20, 24, 28");
  }
  if (receiver.signal !== "RX") {
    throw options.error(`GPIO${rx} is no RX pin of a UART`, "use one of GPIO1, 5, 9, 13, 17, 21, 25, 29");
  }
  if (sender.uart !== receiver.uart) {
    throw options.error(
      `GPIO${tx} belongs to UART${sender.uart} and GPIO${rx} to UART${receiver.uart}`,
      "choose two pins of the same UART",
    );
  }
  const { uart } = sender;
  return { kind: "uart", name: options.name(`uart${uart}`), uart, tx, rx };
}

/** Two parts on one pin are a mistake, unless both are on one I2C bus. */
function checkPins(specs: readonly PartSpec[]): void {
  const users = new Map<number, { readonly spec: PartSpec; readonly role: string }>();
  for (const spec of specs) {
    for (const [role, pin] of Object.entries(pinsOf(spec))) {
      const other = users.get(pin);
      const isSharedBus =
        other?.spec.kind === "tmp102" && spec.kind === "tmp102" && other.spec !== spec && other.role === role;
      if (other !== undefined && !isSharedBus) {
        throw new UserError(
          `GPIO${pin} is used twice: by ${other.spec.name} (${other.role}) and ${spec.name} (${role})`,
          "wire each part to pins of its own",
        );
      }
      users.set(pin, { spec, role });
    }
  }
}

function checkNames(specs: readonly PartSpec[]): void {
  const names = new Set<string>();
  for (const { name, kind } of specs) {
    if (names.has(name)) {
      throw new UserError(
        `Two parts are called ${quote(name)}`,
        `give one a name: ${EXAMPLES[kind]},name=other`,
      );
    }
    names.add(name);
  }
}

/** The `key=value` pairs of a part. */
class Options {
  private readonly values = new Map<string, string>();

  constructor(
    private readonly text: string,
    private readonly kind: PartSpec["kind"],
    pairs: string,
  ) {
    for (const pair of pairs.split(",").filter((each) => each.trim() !== "")) {
      const [key, value] = pair.split("=").map((each) => each.trim());
      if (key === undefined || value === undefined || value === "") {
        throw this.error(`${quote(pair.trim())} has no value`, `write it like ${EXAMPLES[kind]}`);
      }
      if (this.values.has(key)) throw this.error(`${key} is given twice`, "give it once");
      this.values.set(key, value);
    }
  }

  pin(key: string): number {
    const text = this.take(key);
    if (text === undefined) throw this.error(`${key} is missing`, `write it like ${EXAMPLES[this.kind]}`);
    const pin = parseInteger(text.replace(/^(gpio|gp|pin_?)/i, ""));
    if (pin === undefined || pin >= PIN_COUNT) {
      throw this.error(`there is no pin ${text}`, `GPIO pins are 0 to ${PIN_COUNT - 1}`);
    }
    return pin;
  }

  number(key: string, fallback: number): number {
    const text = this.take(key);
    if (text === undefined) return fallback;
    const value = parseInteger(text);
    if (value === undefined)
      throw this.error(`${key}=${text} is no number`, `write it like ${EXAMPLES[this.kind]}`);
    return value;
  }

  name(fallback: string): string {
    return this.take("name") ?? fallback;
  }

  rail(): "gnd" | "3v3" {
    const text = this.take("to")?.toLowerCase() ?? "gnd";
    if (text === "gnd" || text === "3v3") return text;
    throw this.error(`to=${text} is no supply rail`, "use to=gnd or to=3v3");
  }

  checkAllUsed(): void {
    const [key] = this.values.keys();
    if (key !== undefined)
      throw this.error(`it has no ${quote(key)}`, `write it like ${EXAMPLES[this.kind]}`);
  }

  error(what: string, remedy: string): UserError {
    return new UserError(`Part ${quote(this.text)}: ${what}`, remedy);
  }

  private take(key: string): string | undefined {
    const value = this.values.get(key);
    this.values.delete(key);
    return value;
  }
}

function parseInteger(text: string): number | undefined {
  return /^(\d+|0x[\da-f]+)$/i.test(text) ? Number(text) : undefined;
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}

function quote(text: string): string {
  return `"${text}"`;
}
