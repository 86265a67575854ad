import { basicType } from "./basic-types";
import { type PathPlace, printConst } from "./const";
import { type Cursor, invalid, V0Fault } from "./cursor";
import { identifierText } from "./punycode";

/** Longest name that is made, in characters: back references can double it with every few characters of symbol. */
const LONGEST_NAME = 1_000_000;

const SIZE_LIMIT = "{size limit reached}";

export interface PrinterOptions {
  /** Only check the syntax: nothing is printed and back references are not followed. */
  readonly isSilent: boolean;
  readonly keepHashes: boolean;
}

/** Reads the productions of the v0 grammar and writes them as Rust. Its methods throw `V0Fault`. */
export class Printer {
  readonly keepHashes: boolean;
  private readonly parts: string[] = [];
  private length = 0;
  private isSilent: boolean;
  /** Lifetimes bound by the `for<…>` around the current place; not kept while silent. */
  private boundLifetimes = 0;

  constructor(
    readonly cursor: Cursor,
    { isSilent, keepHashes }: PrinterOptions,
  ) {
    this.isSilent = isSilent;
    this.keepHashes = keepHashes;
  }

  /** What has been printed. */
  text(): string {
    return this.parts.join("");
  }

  print(text: string): void {
    if (this.isSilent) return;
    this.length += text.length;
    if (this.length > LONGEST_NAME) throw new V0Fault(SIZE_LIMIT);
    this.parts.push(text);
  }

  /** `<path>` */
  path(place: PathPlace): void {
    this.cursor.nested(() => {
      const tag = this.cursor.take();
      switch (tag) {
        case "C": {
          this.crateRoot();
          return;
        }
        case "N": {
          this.nestedPath(place);
          return;
        }
        case "M":
        case "X":
        case "Y": {
          this.implementation(tag);
          return;
        }
        case "I":
          this.path(place);
          this.print(place.inValue ? "::<" : "<");
          this.list(() => this.genericArgument(), ", ");
          {
            this.print(">");
            return;
          }
        case "B": {
          this.backReference(() => this.path(place));
          return;
        }
        default:
          throw invalid();
      }
    });
  }

  /** `<type>` */
  type(): void {
    // An unstable marker of rustc for arguments that are spread over a tuple.
    if (this.cursor.eat("w")) this.print("#[splat] ");
    const tag = this.cursor.take();
    const basic = basicType(tag);
    if (basic !== undefined) this.print(basic);
    else this.cursor.nested(() => this.compoundType(tag));
  }

  /** Prints elements up to the closing `E`, and counts them. */
  list(element: () => void, separator: string): number {
    let count = 0;
    while (!this.cursor.eat("E")) {
      if (count > 0) this.print(separator);
      element();
      count++;
    }
    return count;
  }

  /** Prints the target of a back reference whose tag has been taken. A fault there spoils nothing after it. */
  backReference(target: () => void): void {
    const place = this.cursor.backReference();
    if (this.isSilent) return;
    const { boundLifetimes } = this;
    try {
      this.cursor.at(place, target);
    } catch (error) {
      if (!(error instanceof V0Fault) || error.marker === SIZE_LIMIT) throw error;
      this.isSilent = false;
      this.boundLifetimes = boundLifetimes;
      this.print(error.marker);
    }
  }

  private crateRoot(): void {
    const disambiguator = this.cursor.disambiguator();
    this.print(identifierText(this.cursor.identifier()));
    if (this.keepHashes && disambiguator !== 0n) this.print(`[${disambiguator.toString(16)}]`);
  }

  private nestedPath(place: PathPlace): void {
    const namespace = this.cursor.namespace();
    this.path(place);
    const disambiguator = this.cursor.disambiguator();
    const name = identifierText(this.cursor.identifier());
    if (namespace === undefined) {
      if (name !== "") this.print(`::${name}`);
      return;
    }
    const kind = namespace === "C" ? "closure" : namespace === "S" ? "shim" : namespace;
    this.print(`::{${kind}${name === "" ? "" : `:${name}`}#${disambiguator.toString()}}`);
  }

  /** `M` inherent impl, `X` trait impl, `Y` trait definition. */
  private implementation(tag: "M" | "X" | "Y"): void {
    if (tag !== "Y") {
      // The impl's own path says only where it stands in the source.
      this.cursor.disambiguator();
      this.silently(() => this.path({ inValue: false }));
    }
    this.print("<");
    this.type();
    if (tag !== "M") {
      this.print(" as ");
      this.path({ inValue: false });
    }
    this.print(">");
  }

  private genericArgument(): void {
    if (this.cursor.eat("L")) this.lifetime(this.cursor.base62());
    else if (this.cursor.eat("K")) printConst(this, { inValue: false });
    else this.type();
  }

  private compoundType(tag: string): void {
    switch (tag) {
      case "R":
      case "Q": {
        this.reference(tag === "Q");
        return;
      }
      case "P":
      case "O":
        this.print(tag === "P" ? "*const " : "*mut ");
        {
          this.type();
          return;
        }
      case "A":
      case "S":
        this.print("[");
        this.type();
        if (tag === "A") {
          this.print("; ");
          printConst(this, { inValue: true });
        }
        {
          this.print("]");
          return;
        }
      case "T": {
        this.print("(");
        const count = this.list(() => this.type(), ", ");
        this.print(count === 1 ? ",)" : ")");
        return;
      }
      case "F": {
        this.inBinder(() => this.functionPointer());
        return;
      }
      case "D": {
        this.traitObject();
        return;
      }
      case "B": {
        this.backReference(() => this.type());
        return;
      }
      case "W":
        this.type();
        this.print(" is ");
        {
          this.pattern();
          return;
        }
      default:
        this.cursor.next--;
        {
          this.path({ inValue: false });
          return;
        }
    }
  }

  private reference(isMutable: boolean): void {
    this.print("&");
    if (this.cursor.eat("L")) {
      const lifetime = this.cursor.base62();
      if (lifetime !== 0n) {
        this.lifetime(lifetime);
        this.print(" ");
      }
    }
    if (isMutable) this.print("mut ");
    this.type();
  }

  private functionPointer(): void {
    if (this.cursor.eat("U")) this.print("unsafe ");
    if (this.cursor.eat("K")) this.print(`extern "${this.abi()}" `);
    this.print("fn(");
    this.list(() => this.type(), ", ");
    this.print(")");
    // `u` is the unit type, which Rust does not write as a result.
    if (this.cursor.eat("u")) return;
    this.print(" -> ");
    this.type();
  }

  private abi(): string {
    if (this.cursor.eat("C")) return "C";
    const { ascii, punycode } = this.cursor.identifier();
    if (ascii === "" || punycode !== "") throw invalid();
    return ascii.replaceAll("_", "-");
  }

  private traitObject(): void {
    this.print("dyn ");
    this.inBinder(() => {
      this.list(() => this.boundTrait(), " + ");
    });
    if (!this.cursor.eat("L")) throw invalid();
    const lifetime = this.cursor.base62();
    if (lifetime === 0n) return;
    this.print(" + ");
    this.lifetime(lifetime);
  }

  /** A trait of a trait object, with its associated types: `Trait<A, Output = B>`. */
  private boundTrait(): void {
    let isOpen = this.pathWithOpenGenerics();
    while (this.cursor.eat("p")) {
      this.print(isOpen ? ", " : "<");
      isOpen = true;
      this.print(`${identifierText(this.cursor.identifier())} = `);
      if (this.cursor.eat("K")) printConst(this, { inValue: false });
      else this.type();
    }
    if (isOpen) this.print(">");
  }

  /** Prints a path but leaves its `<…>` open for associated types; returns whether there is one. */
  private pathWithOpenGenerics(): boolean {
    if (this.cursor.eat("B")) {
      let isOpen = false;
      this.backReference(() => {
        isOpen = this.pathWithOpenGenerics();
      });
      return isOpen;
    }
    if (!this.cursor.eat("I")) {
      this.path({ inValue: false });
      return false;
    }
    this.path({ inValue: false });
    this.print("<");
    this.list(() => this.genericArgument(), ", ");
    return true;
  }

  /** The pattern of a pattern type: `u32 is 1..=9`. */
  private pattern(): void {
    switch (this.cursor.take()) {
      case "R":
        printConst(this, { inValue: false });
        this.print("..=");
        {
          printConst(this, { inValue: false });
          return;
        }
      case "O": {
        this.cursor.nested(() => {
          this.list(() => this.pattern(), " | ");
        });
        return;
      }
      case "N": {
        this.print("!null");
        return;
      }
      default:
        throw invalid();
    }
  }

  /** 0 is `'_`; 1 is the innermost bound lifetime, 2 the one before it. */
  private lifetime(index: bigint): void {
    if (this.isSilent) return;
    if (index === 0n) {
      this.print("'_");
      return;
    }
    const depth = BigInt(this.boundLifetimes) - index;
    if (depth < 0n) throw invalid();
    this.print(depth < 26n ? `'${String.fromCharCode(0x61 + Number(depth))}` : `'_${depth.toString()}`);
  }

  /** Prints the `for<'a, 'b> ` of a binder, if there is one, around `inside`. */
  private inBinder(inside: () => void): void {
    const count = this.cursor.optionalBase62("G");
    if (this.isSilent || count === 0n) {
      inside();
      return;
    }
    const outer = this.boundLifetimes;
    this.print("for<");
    // An absurd count ends at the limit of the name's length.
    for (let i = 0n; i < count; i++) {
      if (i > 0n) this.print(", ");
      this.boundLifetimes++;
      this.lifetime(1n);
    }
    this.print("> ");
    inside();
    this.boundLifetimes = outer;
  }

  private silently(read: () => void): void {
    const wasSilent = this.isSilent;
    this.isSilent = true;
    read();
    this.isSilent = wasSilent;
  }
}
