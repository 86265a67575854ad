import { RESULT, type Type, UNIT, UNKNOWN, futureOf, pathType } from "./type";

/** What a name in a type stands for: a path with its crate, as `std::sync::Mutex`, or `crate::Name` for the workspace's own. */
export type ResolveName = (path: string) => string | undefined;

/** Names that a type alias stands for, with its own parameters filled in; undefined if a name is no alias. */
export type ExpandAlias = (path: string, args: readonly Type[]) => Type | undefined;

export interface TypeContext {
  readonly resolve: ResolveName;
  readonly expand: ExpandAlias;
  /** Names of type parameters, which stand for themselves. */
  readonly parameters: ReadonlySet<string>;
  /** What `Self` is. */
  readonly self: Type;
  /** The value of a constant that an array's length names. */
  readonly constant: (name: string) => number | undefined;
}

/** Types nest no deeper in code that a person wrote. */
const DEEPEST = 24;

/** Reads a type as it is written. What it cannot read is unknown. */
export function readType(text: string, context: TypeContext): Type {
  return new TypeReader(text, context).type(0);
}

const TOKEN = /\s*(?:'[A-Za-z_]\w*(?!')|->|::|=|[A-Za-z_]\w*|\d[\w]*|[<>()[\],;:&*+?!{}|.]|\S)/y;

class TypeReader {
  private readonly tokens: string[] = [];
  private at = 0;

  constructor(
    text: string,
    private readonly context: TypeContext,
  ) {
    TOKEN.lastIndex = 0;
    for (let found = TOKEN.exec(text); found !== null; found = TOKEN.exec(text)) {
      const token = found[0].trim();
      if (token !== "" && !token.startsWith("'")) this.tokens.push(token);
    }
  }

  type(depth: number): Type {
    if (depth > DEEPEST) return UNKNOWN;
    const token = this.tokens[this.at++];
    switch (token) {
      case undefined:
        return UNKNOWN;
      case "&": {
        const isMutable = this.takes("mut");
        return { kind: "ref", to: this.type(depth + 1), isMutable };
      }
      case "(":
        return this.tuple(depth);
      case "[":
        return this.array(depth);
      case "impl":
      case "dyn":
        return this.bounds(depth);
      default:
        if (!/^[A-Za-z_:]/.test(token)) return UNKNOWN;
        this.at--;
        return this.path(depth);
    }
  }

  private takes(token: string): boolean {
    if (this.tokens[this.at] !== token) return false;
    this.at++;
    return true;
  }

  private tuple(depth: number): Type {
    const items: Type[] = [];
    let hasComma = false;
    while (this.at < this.tokens.length && !this.takes(")")) {
      items.push(this.type(depth + 1));
      if (this.takes(",")) hasComma = true;
      else if (this.tokens[this.at] !== ")") {
        this.skipTo(")");
        return UNKNOWN;
      }
    }
    if (items.length === 0) return UNIT;
    return items.length === 1 && !hasComma ? items[0]! : { kind: "tuple", items };
  }

  private array(depth: number): Type {
    const of = this.type(depth + 1);
    if (this.takes("]")) return { kind: "slice", of };
    if (!this.takes(";")) {
      this.skipTo("]");
      return UNKNOWN;
    }
    const length = this.tokens[this.at]!;
    const isSimple = this.tokens[this.at + 1] === "]";
    this.skipTo("]");
    return { kind: "array", of, length: isSimple ? this.length(length) : undefined };
  }

  private length(token: string): number | undefined {
    const literal = integerLiteral(token);
    return literal ?? this.context.constant(token);
  }

  /** `impl Future<Output = T> + 'a` is a future; of any other trait nothing is known. */
  private bounds(depth: number): Type {
    while (this.takes("?") || this.takes("+")) continue;
    const type = this.type(depth + 1);
    while (this.takes("+")) this.type(depth + 1);
    return type.kind === "future" ? type : UNKNOWN;
  }

  private path(depth: number): Type {
    let path = "";
    let args: Type[] = [];
    let output: Type | undefined;
    for (;;) {
      if (this.takes("::")) {
        if (path === "") continue;
        if (this.tokens[this.at] !== "<") path += "::";
        continue;
      }
      if (this.takes("<")) {
        ({ args, output } = this.args(depth));
        continue;
      }
      const token = this.tokens[this.at];
      if (token === undefined || !/^[A-Za-z_]/.test(token) || !(path === "" || path.endsWith("::"))) break;
      path += token;
      this.at++;
      if (token === "fn" || token === "for" || token === "unsafe" || token === "extern") return UNKNOWN;
    }
    if (path === "Self") return this.context.self;
    if (this.context.parameters.has(path)) return pathType(path);
    if (PRIMITIVES.has(path)) return pathType(path);
    const resolved = this.context.resolve(path);
    if (resolved === undefined) return UNKNOWN;
    if (FUTURE_TRAITS.has(resolved)) return futureOf(output ?? UNKNOWN, "");
    return this.context.expand(resolved, args) ?? finished(resolved, args);
  }

  private args(depth: number): { args: Type[]; output: Type | undefined } {
    const args: Type[] = [];
    let output: Type | undefined;
    while (this.at < this.tokens.length && !this.takes(">")) {
      if (this.takes(",")) continue;
      if (this.tokens[this.at + 1] === "=") {
        const name = this.tokens[this.at];
        this.at += 2;
        const bound = this.type(depth + 1);
        if (name === "Output") output = bound;
        continue;
      }
      const before = this.at;
      const number = integerLiteral(this.tokens[this.at]!);
      if (number !== undefined) {
        this.at++;
        args.push(pathType(String(number)));
      } else args.push(this.type(depth + 1));
      if (this.at === before) this.at++;
    }
    return { args, output };
  }

  private skipTo(close: string): void {
    let depth = 0;
    for (; this.at < this.tokens.length; this.at++) {
      const token = this.tokens[this.at]!;
      if (depth === 0 && token === close) {
        this.at++;
        return;
      }
      if (/^[([{]$/.test(token)) depth++;
      else if (/^[)\]}]$/.test(token)) depth--;
    }
  }
}

/** `std::io::Result<T>` and the like are results whose error the alias names. */
function finished(path: string, args: readonly Type[]): Type {
  if (path.endsWith("::Result") && path !== RESULT && !path.startsWith("crate::")) {
    return pathType(RESULT, args[0] ?? UNKNOWN, UNKNOWN);
  }
  return pathType(path, ...args);
}

const FUTURE_TRAITS = new Set(["std::future::Future", "futures::Future", "futures::future::Future"]);

export const PRIMITIVES = new Set(
  "bool char str u8 u16 u32 u64 u128 usize i8 i16 i32 i64 i128 isize f32 f64".split(" "),
);

/** `4096`, `4_096`, `0x1000`, `4096usize`; undefined for anything else. */
export function integerLiteral(text: string): number | undefined {
  const found = /^(0x[\da-fA-F_]+|0b[01_]+|0o[0-7_]+|\d[\d_]*)(?:[ui](?:8|16|32|64|128|size))?$/.exec(text);
  if (found === null) return undefined;
  const value = Number(found[1]!.replaceAll("_", ""));
  return Number.isSafeInteger(value) ? value : undefined;
}
