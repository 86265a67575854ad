/** Why a v0 name cannot be read (further), in the words that its text then has. */
export class V0Fault extends Error {
  constructor(readonly marker: "{invalid syntax}" | "{recursion limit reached}" | "{size limit reached}") {
    super(marker);
  }
}

/** Deepest nesting of paths, types and constants, as in `rustc-demangle`. */
const MAX_DEPTH = 500;

/** Most paths, types and constants read for one name: back references can repeat parts that print nothing. */
const MAX_STEPS = 1_000_000;

/** An identifier: ASCII characters, and the insertions of Punycode if it has others. */
export interface Identifier {
  readonly ascii: string;
  readonly punycode: string;
}

const UNSIGNED_64 = 1n << 64n;

/** Reads the terminals of the v0 grammar (RFC 2603, "Syntax of mangled names"). Its methods throw `V0Fault`. */
export class Cursor {
  /** Index of the next character. */
  next = 0;
  private depth = 0;
  private steps = 0;

  /** @param text the symbol after its `_R`; back references count from its start */
  constructor(readonly text: string) {}

  /** Runs `read` one level deeper. */
  nested<T>(read: () => T): T {
    if (this.depth >= MAX_DEPTH) throw new V0Fault("{recursion limit reached}");
    if (++this.steps > MAX_STEPS) throw new V0Fault("{size limit reached}");
    this.depth++;
    const result = read();
    this.depth--;
    return result;
  }

  /** Runs `read` at an earlier place, one level deeper, and comes back, also from a fault. */
  at<T>(place: number, read: () => T): T {
    const { next, depth } = this;
    this.next = place;
    try {
      return this.nested(read);
    } finally {
      this.next = next;
      this.depth = depth;
    }
  }

  peek(): string | undefined {
    return this.text[this.next];
  }

  eat(character: string): boolean {
    if (this.text[this.next] !== character) return false;
    this.next++;
    return true;
  }

  take(): string {
    const character = this.text[this.next];
    if (character === undefined) throw invalid();
    this.next++;
    return character;
  }

  /** `{<0-9a-f>} "_"`, without the underscore. */
  hexNibbles(): string {
    const start = this.next;
    for (;;) {
      const character = this.take();
      if (character === "_") return this.text.slice(start, this.next - 1);
      if (!/[0-9a-f]/.test(character)) throw invalid();
    }
  }

  /** `<base-62-number>`: `_` is 0, `0_` is 1. */
  base62(): bigint {
    if (this.eat("_")) return 0n;
    let value = 0n;
    while (!this.eat("_")) {
      value = checked(value * 62n + BigInt(base62Digit(this.take())));
    }
    return checked(value + 1n);
  }

  /** A tagged `<base-62-number>` plus one, or 0 without the tag. */
  optionalBase62(tag: string): bigint {
    return this.eat(tag) ? checked(this.base62() + 1n) : 0n;
  }

  disambiguator(): bigint {
    return this.optionalBase62("s");
  }

  /** The upper-case letter of a special namespace (closures, shims), or undefined for all others. */
  namespace(): string | undefined {
    const letter = this.take();
    if (letter >= "A" && letter <= "Z") return letter;
    if (letter >= "a" && letter <= "z") return undefined;
    throw invalid();
  }

  /** Where a back reference leads; its tag has been taken. It must lead backwards. */
  backReference(): number {
    const tag = this.next - 1;
    const place = this.base62();
    if (place >= BigInt(tag)) throw invalid();
    return Number(place);
  }

  /** `["u"] <decimal-number> ["_"] <bytes>`. */
  identifier(): Identifier {
    const isPunycode = this.eat("u");
    const length = this.decimal();
    // The underscore sets the length off from bytes that begin with a digit or an underscore.
    this.eat("_");
    const end = this.next + length;
    if (end > this.text.length) throw invalid();
    const bytes = this.text.slice(this.next, end);
    this.next = end;
    if (!isPunycode) return { ascii: bytes, punycode: "" };
    const split = bytes.lastIndexOf("_");
    const punycode = bytes.slice(split + 1);
    if (punycode === "") throw invalid();
    return { ascii: bytes.slice(0, Math.max(split, 0)), punycode };
  }

  /** A decimal number without leading zeros. */
  private decimal(): number {
    if (this.eat("0")) return 0;
    const start = this.next;
    while (/[0-9]/.test(this.peek() ?? "")) this.next++;
    if (this.next === start) throw invalid();
    return Number(this.text.slice(start, this.next));
  }
}

export function invalid(): V0Fault {
  return new V0Fault("{invalid syntax}");
}

function checked(value: bigint): bigint {
  if (value >= UNSIGNED_64) throw invalid();
  return value;
}

function base62Digit(character: string): number {
  if (character >= "0" && character <= "9") return character.charCodeAt(0) - 0x30;
  if (character >= "a" && character <= "z") return character.charCodeAt(0) - 0x61 + 10;
  if (character >= "A" && character <= "Z") return character.charCodeAt(0) - 0x41 + 36;
  throw invalid();
}
