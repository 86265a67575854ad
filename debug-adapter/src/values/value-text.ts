import { hexAddress } from "../base/hex-address";
import { assertNever } from "../base/assert";
import { DEFAULT_LIMITS, type Limits } from "./limits";
import { placeText, STR } from "./pointers";
import type { ValueReader } from "./reader";
import { resolvedShape } from "./shape-of";
import type { ListShape, PointerShape, RecordShape, ResolvedShape, WrappedShape } from "./shape";
import { shortName } from "./type-words";
import type { Value } from "./value";

/**
 * A value on one line, as Rust's `{:?}` would print it where it can. What is too deep, long or wide is `…`; what
 * cannot be read stands in angle brackets: `<optimized out>`.
 */
export function valueText(value: Value, reader: ValueReader, limits: Limits = DEFAULT_LIMITS): string {
  const line = new Line(reader, limits);
  line.write(value, 0);
  return line.text;
}

/** A cap on the bytes that are compared to see whether an array repeats one element. */
const MOST_COMPARED_BYTES = 4096;
/** Arrays of fewer elements are written out even if they repeat. */
const FEWEST_REPEATED = 5;

class Line {
  text = "";
  /** References that are being followed: one that leads back into itself is not followed again. */
  private readonly path = new Set<string>();

  constructor(
    private readonly reader: ValueReader,
    private readonly limits: Limits,
  ) {}

  write(value: Value, depth: number): void {
    if (this.isFull()) {
      this.text += "…";
      return;
    }
    this.writeShape(resolvedShape(value, this.reader, this.limits.stringBytes), depth);
  }

  private writeShape(shape: ResolvedShape, depth: number): void {
    switch (shape.kind) {
      case "text":
        this.text += shape.text;
        return;
      case "unavailable":
        this.text += `<${shape.text}>`;
        return;
      case "record":
        this.writeRecord(shape, depth);
        return;
      case "list":
        this.writeList(shape, depth);
        return;
      case "wrapped":
        this.writeWrapped(shape, depth);
        return;
      case "pointer":
        this.writePointer(shape, depth);
        return;
      default:
        assertNever(shape);
    }
  }

  private writeRecord({ name, fields, isTuple }: RecordShape, depth: number): void {
    this.text += name;
    if (fields.length === 0) {
      if (name === "") this.text += "()";
      return;
    }
    const [open, close] = isTuple ? ["(", ")"] : [name === "" ? "{ " : " { ", " }"];
    this.text += open;
    if (depth >= this.limits.depth) this.text += "…";
    else {
      this.writeParts(fields.length, (i) => {
        const field = fields[i]!;
        if (!isTuple) this.text += `${field.name}: `;
        this.write(field.value, depth + 1);
      });
      // A tuple of one is written with a comma; a tuple struct or variant of one is not.
      if (isTuple && name === "" && fields.length === 1) this.text += ",";
    }
    this.text += close;
  }

  private writeList(shape: ListShape, depth: number): void {
    const { name, note, count } = shape;
    this.text += name + (note === undefined ? "" : `(${note})`);
    if (name !== "" || note !== undefined) this.text += " ";
    if (count > 0 && depth >= this.limits.depth) this.text += "[…]";
    else if (count >= FEWEST_REPEATED && this.isRepeated(shape)) {
      this.text += "[";
      this.write(shape.element(0), depth + 1);
      this.text += `; ${count}]`;
    } else {
      const shown = Math.min(count, this.limits.elements);
      this.text += "[";
      this.writeParts(shown, (i) => this.write(shape.element(i), depth + 1));
      if (shown < count && !this.isFull()) this.text += `, … ${count - shown} more`;
      this.text += "]";
    }
  }

  private writeWrapped({ name, inner, notes }: WrappedShape, depth: number): void {
    this.text += `${name}(`;
    // A cell is no level of its own to a reader; the length of the line is what ends a chain of them.
    if (inner !== undefined) this.write(inner, depth);
    if (inner !== undefined && notes.length > 0) this.text += ", ";
    this.text += `${notes.join(", ")})`;
  }

  private writePointer(shape: PointerShape, depth: number): void {
    const { prefix, isFollowed, address, target, implementor } = shape;
    if (!isFollowed || target === undefined) {
      const place = placeText(address, this.reader);
      this.text += `${isFollowed ? prefix : ""}${addressText(address)}${place === undefined ? "" : ` (${place})`}`;
      return;
    }
    const key = `${address}:${target.type.offset}:${target.type.name}`;
    // A `&str` is what everybody calls a string.
    if (target.type.name !== STR || prefix !== "&") this.text += prefix;
    if (this.path.has(key)) this.text += `${addressText(address)} (seen above)`;
    else if (depth >= this.limits.depth) this.text += addressText(address);
    else {
      this.path.add(key);
      const start = this.text.length;
      this.write(target, depth + 1);
      this.path.delete(key);
      const isNamed = implementor !== undefined && this.text.startsWith(shortName(implementor), start);
      if (implementor !== undefined && !isNamed) this.text += `: ${implementor.name}`;
    }
  }

  /** Parts with commas between them, until the line is full. */
  private writeParts(count: number, write: (index: number) => void): void {
    for (let i = 0; i < count; i++) {
      if (i > 0) this.text += ", ";
      if (this.isFull()) {
        this.text += "…";
        return;
      }
      write(i);
    }
  }

  private isFull(): boolean {
    return this.text.length >= this.limits.characters;
  }

  private isRepeated(shape: ListShape): boolean {
    const { count, array } = shape;
    if (array === undefined) return false;
    const size = shape.element(0).type.byteSize;
    if (size === 0 || size * count > MOST_COMPARED_BYTES) return false;
    const result = this.reader.bytes(array);
    if (result.kind === "missing") return false;
    const { bytes } = result;
    return bytes.every((byte, i) => byte === bytes[i % size]);
  }
}

/** An address as a debugger writes it. */
export function addressText(address: number): string {
  return address === 0 ? "null" : hexAddress(address);
}
