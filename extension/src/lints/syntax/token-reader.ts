import { skipToken } from "./token-skip";

const NAME = /(?:r#)?[\p{XID_Start}_]\p{XID_Continue}*/uy;

const VISIBILITY = /pub(?:\s*\(\s*(?:crate|super|self|in\b[^)]*)\s*\))?(?!\w)|crate(?=\s+\w)/y;

/** Whether `<` is a bracket, as in types, or an operator, as in values. */
export type Angles = "brackets" | "operators";

/** Goes through the text of an item by tokens, of which comments are none. It knows no grammar, and parses nothing. */
export class TokenReader {
  constructor(
    readonly text: string,
    private at = 0,
    private readonly end = text.length,
  ) {
    this.skip();
  }

  get isOver(): boolean {
    return this.at >= this.end;
  }

  /** Where the next token begins. */
  get offset(): number {
    return this.at;
  }

  /** The character that comes next; empty at the end. */
  get next(): string {
    return this.at < this.end ? this.text[this.at]! : "";
  }

  /** To the next token, over blanks and comments. */
  private skip(): void {
    while (this.at < this.end) {
      const code = this.text.charCodeAt(this.at);
      if (code <= SPACE || code === NO_BREAK_SPACE || code === BYTE_ORDER_MARK) {
        this.at++;
        continue;
      }
      if (code !== SLASH) return;
      const after = skipToken(this.text, this.at);
      if (after <= this.at + 1) return;
      this.at = after;
    }
  }

  private advance(to: number): void {
    this.at = Math.min(to, this.end);
    this.skip();
  }

  /** Passes a piece of punctuation, if it is what comes next. */
  takes(token: string): boolean {
    if (!this.text.startsWith(token, this.at) || this.at + token.length > this.end) return false;
    this.advance(this.at + token.length);
    return true;
  }

  /** Passes a name or keyword; empty if there is none. */
  name(): string {
    const found = this.match(NAME);
    if (found !== "") this.advance(this.at + found.length);
    return found;
  }

  /** Passes a word, if it is what comes next. */
  takesWord(word: string): boolean {
    if (this.match(NAME) !== word) return false;
    this.advance(this.at + word.length);
    return true;
  }

  /** Passes a string literal, as the `"C"` of `extern "C"`. */
  takesString(): boolean {
    if (this.next !== '"') return false;
    this.advance(skipToken(this.text, this.at));
    return true;
  }

  /** Passes `pub`, `pub(crate)`. */
  takesVisibility(): boolean {
    const found = this.match(VISIBILITY);
    if (found !== "") this.advance(this.at + found.length);
    return found !== "";
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const isFound = pattern.test(this.text) && pattern.lastIndex <= this.end;
    return isFound ? this.text.slice(this.at, pattern.lastIndex) : "";
  }

  /** Passes attributes, and gives those that are not inner ones, as written: `#[inline]`. */
  attributes(): string[] {
    const found: string[] = [];
    while (this.next === "#") {
      const from = this.at;
      const isInner = this.text[from + 1] === "!";
      this.advance(from + (isInner ? 2 : 1));
      if (!this.text.startsWith("[", this.at)) break;
      const to = this.closing();
      if (isInner) found.length = 0;
      else found.push(this.text.slice(from, to));
      this.advance(to);
    }
    return found;
  }

  /** Passes brackets with all that is in them, and gives a reader of that. */
  group(): TokenReader {
    const from = this.at + 1;
    const to = this.closing();
    const isClosed = to > from && /[)\]}>]/.test(this.text[to - 1]!);
    this.advance(to);
    return new TokenReader(this.text, from, isClosed ? to - 1 : to);
  }

  /** Behind the bracket that closes the one which comes next. */
  private closing(): number {
    const angles = this.next === "<" ? "brackets" : "operators";
    return this.scan(this.at, "", angles, 1).at;
  }

  /** Passes what stands before a character of `stops` outside of brackets, or before `where`, and gives it as written. */
  upTo(stops: string, angles: Angles): string {
    const from = this.at;
    const { at, lastEnd } = this.scan(from, stops, angles, Infinity);
    this.advance(at);
    return this.text.slice(from, lastEnd);
  }

  /** Gives a reader of each part between commas. */
  *parts(angles: Angles = "brackets"): Generator<TokenReader> {
    while (!this.isOver) {
      const from = this.at;
      const { lastEnd, at } = this.scan(from, ",", angles, Infinity);
      if (lastEnd > from) yield new TokenReader(this.text, from, lastEnd);
      this.advance(Math.max(at, from) + 1);
    }
  }

  /**
   * Goes on to a character that stops it outside of brackets, or behind so many groups of them. In round, square and curly
   * ones `<` is no bracket: `[u8; 1 << 4]`.
   */
  private scan(
    from: number,
    stops: string,
    angles: Angles,
    groups: number,
  ): { readonly at: number; readonly lastEnd: number } {
    const { text, end } = this;
    let depth = 0;
    let angleDepth = 0;
    let lastEnd = from;
    let left = groups;
    for (let at = from; at < end;) {
      const code = text.charCodeAt(at);
      if (code <= SPACE) {
        at++;
        continue;
      }
      const isOutside = depth === 0 && angleDepth === 0;
      if (isNameCode(code)) {
        const behind = nameEnd(text, at, end);
        if (isOutside && stops !== "" && behind - at === 5 && text.startsWith("where", at))
          return { at, lastEnd };
        at = skipPrefixed(text, at, behind);
        lastEnd = Math.min(at, end);
        continue;
      }
      if (isOutside && stops.includes(text[at]!) && !isDoubled(text, at)) return { at, lastEnd };
      const after = skipToken(text, at);
      if (after > at + 1) {
        at = after;
        if (code !== SLASH) lastEnd = Math.min(at, end);
        continue;
      }
      const areAngles = angles === "brackets" && depth === 0;
      if (code === OPEN_PAREN || code === OPEN_BRACKET || code === OPEN_BRACE) depth++;
      else if (code === LESS && areAngles) angleDepth++;
      else if (isClosing(code) || (code === GREATER && areAngles && !isArrow(text, at))) {
        if (isOutside || (code !== GREATER && depth === 0)) return { at, lastEnd };
        if (code === GREATER) angleDepth--;
        else depth--;
        if (depth === 0 && angleDepth === 0 && --left === 0) return { at: at + 1, lastEnd: at + 1 };
      }
      at++;
      lastEnd = at;
    }
    return { at: end, lastEnd };
  }
}

/** The `::` of a path is none of the colons that end something, nor is `==` an equals sign. */
function isDoubled(text: string, at: number): boolean {
  const char = text[at]!;
  return (char === ":" || char === "=") && (text[at + 1] === char || text[at - 1] === char);
}

function isClosing(code: number): boolean {
  return code === CLOSE_PAREN || code === CLOSE_BRACKET || code === CLOSE_BRACE;
}

/** `->` and `=>` */
function isArrow(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return before === MINUS || before === EQUALS;
}

function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    code === 95 ||
    (code >= 48 && code <= 57) ||
    code >= 128
  );
}

function nameEnd(text: string, from: number, end: number): number {
  let at = from + 1;
  while (at < end && isNameCode(text.charCodeAt(at))) at++;
  return at;
}

/** Behind a name, or behind the string or character whose prefix it is: `b"…"`, `r#"…"#`. */
function skipPrefixed(text: string, from: number, behind: number): number {
  const next = text.charCodeAt(behind);
  if (behind - from > 2 || (next !== QUOTE && next !== HASH && next !== APOSTROPHE)) return behind;
  const prefix = text.slice(from, behind);
  if (/^[bc]?r$/.test(prefix)) return Math.max(behind, skipToken(text, behind - 1));
  return /^[bc]$/.test(prefix) && next !== HASH ? skipToken(text, behind) : behind;
}

const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const MINUS = 45;
const SLASH = 47;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const NO_BREAK_SPACE = 160;
const BYTE_ORDER_MARK = 0xfeff;
