/** A value of a property list; bytes and dates, which nobody here asks for, are null. */
export type PropertyValue = string | number | boolean | null | readonly PropertyValue[] | PropertyDict;
export type PropertyDict = ReadonlyMap<string, PropertyValue>;

/** Deeper than anything that is plugged in; it bounds the calls within each other. */
const DEEPEST = 400;

/**
 * Reads an XML property list as macOS writes it (`man 5 plist`): these few elements, no comments, no entities of its
 * own. Undefined for anything else, and if something is missing.
 */
export function parsePropertyList(text: string): PropertyValue | undefined {
  try {
    return new Reader(text).whole();
  } catch (error) {
    if (error instanceof NoPropertyList) return undefined;
    throw error;
  }
}

class NoPropertyList extends Error {}

const HEAD = /\s*(?:<\?xml[^<>]*\?>\s*)?(?:<!DOCTYPE[^<>[\]]*>\s*)?<plist(?: [^<>]*)?>/y;
const TAIL = /\s*<\/plist>\s*$/y;
/** `<key>`, `</dict>`, `<true/>` */
const TAG = /\s*<(\/?)([a-z]+)(\/?)>/y;
const CONTENT = /[^<]*/y;

interface Tag {
  readonly name: string;
  readonly kind: "begin" | "end" | "empty";
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  whole(): PropertyValue {
    this.take(HEAD);
    const value = this.value(this.tag(), 0);
    this.take(TAIL);
    return value;
  }

  private value(tag: Tag, depth: number): PropertyValue {
    if (depth > DEEPEST || tag.kind === "end") throw new NoPropertyList();
    const isEmpty = tag.kind === "empty";
    switch (tag.name) {
      case "true":
      case "false":
        if (!isEmpty) this.end(tag.name);
        return tag.name === "true";
      case "string":
        return isEmpty ? "" : this.content(tag.name);
      case "integer":
      case "real":
        return this.number(tag);
      case "data":
      case "date":
        if (!isEmpty) this.content(tag.name);
        return null;
      case "array":
        return isEmpty ? [] : this.array(depth);
      case "dict":
        return isEmpty ? new Map() : this.dict(depth);
      default:
        throw new NoPropertyList();
    }
  }

  private number({ name, kind }: Tag): number {
    const text = kind === "empty" ? "" : this.content(name).trim();
    const value = text === "" ? NaN : Number(text);
    if (Number.isNaN(value)) throw new NoPropertyList();
    return value;
  }

  private array(depth: number): PropertyValue[] {
    const values: PropertyValue[] = [];
    for (let tag = this.tag(); !isEnd(tag, "array"); tag = this.tag())
      values.push(this.value(tag, depth + 1));
    return values;
  }

  private dict(depth: number): PropertyDict {
    const values = new Map<string, PropertyValue>();
    for (let tag = this.tag(); !isEnd(tag, "dict"); tag = this.tag()) {
      if (tag.name !== "key" || tag.kind === "end") throw new NoPropertyList();
      const key = tag.kind === "empty" ? "" : this.content("key");
      values.set(key, this.value(this.tag(), depth + 1));
    }
    return values;
  }

  /** The text up to the end of an element. */
  private content(name: string): string {
    const [text] = this.take(CONTENT);
    this.end(name);
    return unescaped(text);
  }

  private end(name: string): void {
    if (!isEnd(this.tag(), name)) throw new NoPropertyList();
  }

  private tag(): Tag {
    const [, slash, name = "", empty] = this.take(TAG);
    if (slash !== "" && empty !== "") throw new NoPropertyList();
    return { name, kind: slash !== "" ? "end" : empty !== "" ? "empty" : "begin" };
  }

  private take(pattern: RegExp): RegExpExecArray {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.text);
    if (match === null) throw new NoPropertyList();
    this.at = pattern.lastIndex;
    return match;
  }
}

function isEnd({ kind, name }: Tag, wanted: string): boolean {
  return kind === "end" && name === wanted;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&lt;": "<",
  "&gt;": ">",
  "&quot;": '"',
  "&apos;": "'",
  "&amp;": "&",
};

function unescaped(text: string): string {
  return text.replaceAll(/&(?:lt|gt|quot|apos|amp|#\d{1,7}|#x[\da-fA-F]{1,6});/g, (entity) => {
    const known = ENTITIES[entity];
    if (known !== undefined) return known;
    const code = entity[2] === "x" ? parseInt(entity.slice(3), 16) : parseInt(entity.slice(2), 10);
    return code <= 0x10_ffff ? String.fromCodePoint(code) : entity;
  });
}
