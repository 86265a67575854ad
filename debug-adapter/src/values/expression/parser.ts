import { ExpressionError } from "./expression-error";
import { tokensOf } from "./lexer";
import type { BinaryOperator, Expression, TypeSyntax, UnaryOperator } from "./syntax";
import type { Token } from "./token";

/**
 * Parses an expression. The grammar is the part of Rust's that has no calls:
 *
 *     paths `blink::BEATS`, fields, tuple indices, `[i]`, `[a..b]`, `*`, `&`, `-`, `!`, arithmetic, shifts, bits,
 *     comparisons, `&&`, `||`, `as TYPE`, literals
 *
 * @throws ExpressionError at what does not fit
 */
export function parseExpression(text: string): Expression {
  if (text.length > LONGEST) throw new ExpressionError("it is too long", LONGEST);
  const parser = new Parser(tokensOf(text));
  const expression = parser.expression();
  parser.expectEnd();
  return expression;
}

/** How strongly operators bind (The Rust Reference, "Expression precedence"); comparisons do not chain. */
const PRECEDENCE: Readonly<Record<BinaryOperator, number>> = {
  "||": 1,
  "&&": 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  ">": 3,
  "<=": 3,
  ">=": 3,
  "|": 4,
  "^": 5,
  "&": 6,
  "<<": 7,
  ">>": 7,
  "+": 8,
  "-": 8,
  "*": 9,
  "/": 9,
  "%": 9,
};
const COMPARISON = 3;

/** Brackets and prefixes in each other; enough for anything written by hand, and no stack overflows. */
const DEEPEST = 200;

/** In characters: `1 + 1 + …` makes a tree that is as deep as it is long. */
const LONGEST = 4096;

class Parser {
  private at = 0;
  private depth = 0;

  constructor(private readonly tokens: Token[]) {}

  expression(): Expression {
    return this.nested(() => this.binary(1));
  }

  expectEnd(): void {
    const token = this.token;
    if (token.kind !== "end") throw new ExpressionError(`${wordOf(token)} does not fit here`, token.position);
  }

  private get token(): Token {
    return this.tokens[this.at]!;
  }

  private binary(weakest: number): Expression {
    let left = this.cast();
    for (;;) {
      const { token } = this;
      const operator = binaryOperator(token);
      if (operator === undefined || PRECEDENCE[operator] < weakest) return left;
      const strength = PRECEDENCE[operator];
      this.at++;
      const right = this.binary(strength + 1);
      left = { kind: "binary", operator, left, right, position: token.position };
      const next = binaryOperator(this.token);
      if (strength === COMPARISON && next !== undefined && PRECEDENCE[next] === COMPARISON) {
        throw new ExpressionError("comparisons cannot be chained, use parentheses", this.token.position);
      }
    }
  }

  private cast(): Expression {
    let operand = this.unary();
    while (this.isName("as")) {
      const { position } = this.token;
      this.at++;
      operand = { kind: "cast", operand, type: this.type(), position };
    }
    return operand;
  }

  private unary(): Expression {
    const { token } = this;
    if (token.kind !== "symbol") return this.postfix();
    // `&&x` is two references here, as in Rust.
    const operators = token.text === "&&" ? "&&" : token.text;
    if (!/^(\*|&|&&|-|!)$/.test(operators)) return this.postfix();
    this.at++;
    return this.nested(() => {
      if (operators === "&" || operators === "&&") this.skipName("mut");
      let operand = this.unary();
      for (const operator of operators) {
        operand = { kind: "unary", operator: operator as UnaryOperator, operand, position: token.position };
      }
      return operand;
    });
  }

  private postfix(): Expression {
    let of = this.primary();
    for (;;) {
      const { position } = this.token;
      if (this.skip(".")) of = { kind: "field", of, name: this.fieldName(), position };
      else if (this.skip("[")) of = this.subscript(of, position);
      else if (this.isSymbol("(")) {
        throw new ExpressionError("functions and methods cannot be called", position);
      } else return of;
    }
  }

  private fieldName(): string {
    const { token } = this;
    if (token.kind !== "name" && token.kind !== "integer") {
      throw new ExpressionError("a field name must follow the point", token.position);
    }
    this.at++;
    return token.kind === "name" ? token.text : token.value.toString();
  }

  private subscript(of: Expression, position: number): Expression {
    const start = this.isRange() ? undefined : this.expression();
    if (!this.isRange()) {
      this.expect("]");
      return { kind: "index", of, index: start!, position };
    }
    const isInclusive = this.isSymbol("..=");
    this.at++;
    const end = this.isSymbol("]") ? undefined : this.expression();
    if (isInclusive && end === undefined)
      throw new ExpressionError("`..=` needs an end", this.token.position);
    this.expect("]");
    return { kind: "slice", of, start, end, isInclusive, position };
  }

  private primary(): Expression {
    const { token } = this;
    switch (token.kind) {
      case "integer":
      case "float":
      case "char":
      case "string":
        this.at++;
        return token;
      case "name":
        return this.word(token.text, token.position);
      case "symbol":
        if (token.text === "(") {
          this.at++;
          const inner = this.expression();
          this.expect(")");
          return inner;
        }
        throw new ExpressionError(`a value must stand here, not ${wordOf(token)}`, token.position);
      case "end":
        throw new ExpressionError("a value is missing", token.position);
    }
  }

  private word(text: string, position: number): Expression {
    if (text === "true" || text === "false") {
      this.at++;
      return { kind: "bool", value: text === "true", position };
    }
    return { kind: "path", name: this.path(), position };
  }

  private path(): string {
    const components: string[] = [];
    do {
      const { token } = this;
      if (token.kind !== "name") throw new ExpressionError("a name is missing", token.position);
      this.at++;
      components.push(token.text);
    } while (this.skip("::"));
    return components.join("::");
  }

  private type(): TypeSyntax {
    return this.nested(() => {
      const { position } = this.token;
      if (this.skip("*")) {
        const isMutable = this.skipName("mut");
        if (!isMutable && !this.skipName("const")) {
          throw new ExpressionError("`const` or `mut` must follow the `*` of a type", this.token.position);
        }
        return { kind: "pointer", prefix: isMutable ? "*mut " : "*const ", target: this.type(), position };
      }
      if (this.skip("&")) {
        const prefix = this.skipName("mut") ? "&mut " : "&";
        return { kind: "pointer", prefix, target: this.type(), position };
      }
      if (this.skip("[")) return this.arrayType(position);
      return { kind: "named", name: this.path() + this.generics(), position };
    });
  }

  private arrayType(position: number): TypeSyntax {
    const element = this.type();
    this.expect(";");
    const { token } = this;
    if (token.kind !== "integer" || token.value > LONGEST_ARRAY) {
      throw new ExpressionError("the length of an array must stand here", token.position);
    }
    this.at++;
    this.expect("]");
    return { kind: "array", element, length: Number(token.value), position };
  }

  /** Generic arguments of a type, as the debug info writes them. */
  private generics(): string {
    if (!this.skip("<")) return "";
    const parts: string[] = [];
    do parts.push(typeText(this.type()));
    while (this.skip(","));
    this.closeAngle();
    return `<${parts.join(", ")}>`;
  }

  /** Two generics that end together end in one word, `>>`. */
  private closeAngle(): void {
    const { token } = this;
    if (token.kind === "symbol" && token.text === ">>") {
      this.tokens[this.at] = { kind: "symbol", text: ">", position: token.position + 1 };
    } else this.expect(">");
  }

  private nested<Result>(parse: () => Result): Result {
    if (++this.depth > DEEPEST) throw new ExpressionError("it is nested too deeply", this.token.position);
    const result = parse();
    this.depth--;
    return result;
  }

  private isRange(): boolean {
    return this.isSymbol("..") || this.isSymbol("..=");
  }

  private isSymbol(text: string): boolean {
    return this.token.kind === "symbol" && this.token.text === text;
  }

  private isName(text: string): boolean {
    return this.token.kind === "name" && this.token.text === text;
  }

  private skip(text: string): boolean {
    const isThere = this.isSymbol(text);
    if (isThere) this.at++;
    return isThere;
  }

  private skipName(text: string): boolean {
    const isThere = this.isName(text);
    if (isThere) this.at++;
    return isThere;
  }

  private expect(text: string): void {
    if (this.skip(text)) return;
    const { token } = this;
    const found = token.kind === "end" ? "" : `, not ${wordOf(token)}`;
    throw new ExpressionError(`\`${text}\` must stand here${found}`, token.position);
  }
}

const LONGEST_ARRAY = 1n << 20n;

/** A type as the debug info names it. */
export function typeText(type: TypeSyntax): string {
  switch (type.kind) {
    case "named":
      return type.name;
    case "pointer":
      return type.prefix + typeText(type.target);
    case "array":
      return `[${typeText(type.element)}; ${type.length}]`;
  }
}

function binaryOperator(token: Token): BinaryOperator | undefined {
  return token.kind === "symbol" && token.text in PRECEDENCE ? (token.text as BinaryOperator) : undefined;
}

function wordOf(token: Token): string {
  switch (token.kind) {
    case "name":
    case "symbol":
      return `\`${token.text}\``;
    case "end":
      return "the end";
    case "integer":
    case "float":
      return `\`${token.value}\``;
    case "char":
      return "a character";
    case "string":
      return "a string";
  }
}
