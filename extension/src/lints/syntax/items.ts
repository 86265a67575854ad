import { skipToken } from "./token-skip";

/** A piece of a file that is parsed by itself: a function, a type, the head of an `impl`. */
export interface ItemText {
  readonly text: string;
  /** Where it begins in the file. */
  readonly offset: number;
  /** The heads of the blocks around it, outermost first: `impl Display {}`, `mod tests {}`. */
  readonly around: readonly string[];
}

/** Blocks in blocks beyond this are taken as one piece. */
const DEEPEST_BLOCK = 16;

/** What begins an item where it stands at the beginning of a line. */
const ITEM_AT_LINE_START =
  /^(?:#\[|(?:pub(?:\([^)\n]*\))? +)?(?:(?:async|unsafe|const|extern "C") +)*(?:fn|struct|enum|trait|impl|mod|static|use)\b)/;

/**
 * Cuts a file into items, by braces and semicolons alone, so that after a keystroke one piece has changed and the others
 * are as they were. Where braces do not fit together, which is so while somebody types, an item also ends before a line
 * that begins with the keyword of the next.
 */
export function splitItems(text: string): SplitText {
  const splitting: Splitting = { text, items: [], repairs: false, isOpen: false };
  if (split(splitting, 0, text.length, [])) return { items: splitting.items, fits: true };
  const repaired: Splitting = { text, items: [], repairs: true, isOpen: false };
  split(repaired, 0, text.length, []);
  return { items: repaired.items, fits: false };
}

/** A text in pieces. */
export interface SplitText {
  readonly items: readonly ItemText[];
  /** Whether braces fit together. */
  readonly fits: boolean;
}

/**
 * Cuts a text that was changed, of which the items before the change are known. What stands before the change is not
 * gone through again, nor what stands behind it, where braces fit together as they did.
 */
export function resplitItems(before: string, { items, fits }: SplitText, text: string): SplitText {
  if (!fits) return splitItems(text);
  const start = firstChange(before, text);
  const end = before.length - lastChange(before, text, start);
  const moved = text.length - before.length;
  // Only items outside of blocks: within one, its head would have to be known.
  let first = items.findIndex((each) => endOf(each) + 1 >= start);
  if (first === -1) first = items.length;
  while (first > 0 && !isTop(items[first])) first--;
  let last = items.length;
  while (last > first && items[last - 1]!.offset > end) last--;
  while (last < items.length && !isTop(items[last])) last++;
  const from = first === 0 ? 0 : (items[first]?.offset ?? before.length);
  const to = (items[last]?.offset ?? before.length) + moved;
  if (from > start || to < from) return splitItems(text);
  const middle: Splitting = { text, items: [], repairs: false, isOpen: false };
  const isWhole = split(middle, from, to, []) && (!middle.isOpen || to === text.length);
  if (!isWhole) return splitItems(text);
  return {
    items: [
      ...items.slice(0, first),
      ...middle.items,
      ...items
        .slice(last)
        .map(({ text: own, offset, around }) => ({ text: own, offset: offset + moved, around })),
    ],
    fits: true,
  };
}

/** The head of a block is not as long as the block, but what is in it comes right behind. */
function endOf({ text, offset }: ItemText): number {
  return offset + text.length;
}

function isTop(item: ItemText | undefined): boolean {
  return item === undefined || item.around.length === 0;
}

/** Texts are compared by pieces of this length first, which is faster than one by one. */
const PIECE = 4096;

function firstChange(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at + PIECE <= most && a.slice(at, at + PIECE) === b.slice(at, at + PIECE)) at += PIECE;
  while (at < most && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  return at;
}

/** How many code units at the end are the same, not counting those before `start`. */
function lastChange(a: string, b: string, start: number): number {
  const most = Math.min(a.length, b.length) - start;
  let count = 0;
  const piece = (text: string) => text.slice(text.length - count - PIECE, text.length - count);
  while (count + PIECE <= most && piece(a) === piece(b)) count += PIECE;
  while (count < most && a.charCodeAt(a.length - 1 - count) === b.charCodeAt(b.length - 1 - count)) count++;
  return count;
}

interface Splitting {
  readonly text: string;
  readonly items: ItemText[];
  readonly repairs: boolean;
  /** Whether the last item has been cut off by the end of the text. */
  isOpen: boolean;
}

/** Cuts the text between two offsets. False if its braces do not fit together. */
function split(splitting: Splitting, from: number, to: number, around: readonly string[]): boolean {
  const { text, items } = splitting;
  let at = from;
  let fits = true;
  while (at < to) {
    at = skipBlanks(text, at, to);
    if (at >= to) break;
    const item = itemEnd(splitting, at, to);
    fits &&= item.fits;
    if (item.body !== undefined && around.length < DEEPEST_BLOCK) {
      const head = `${text.slice(at, item.body)}{}`;
      items.push({ text: head, offset: at, around });
      const inner = text[item.end - 1] === "}" ? item.end - 1 : item.end;
      fits = split(splitting, item.body + 1, inner, [...around, head]) && fits;
    } else {
      items.push({ text: text.slice(at, item.end), offset: at, around });
    }
    at = Math.max(item.end, at + 1);
  }
  return fits;
}

interface ItemEnd {
  readonly end: number;
  /** Where the brace of a block of items opens. */
  readonly body: number | undefined;
  readonly fits: boolean;
}

/** Ends at a semicolon or at a brace that closes, outside of all brackets. */
function itemEnd(splitting: Splitting, start: number, to: number): ItemEnd {
  const { text, repairs } = splitting;
  const keyword = itemKeyword(text, start);
  const hasBlock = keyword === "impl" || keyword === "mod" || keyword === "trait";
  const endsAtSemicolon = ENDING_AT_SEMICOLONS.has(keyword);
  let depth = 0;
  let body: number | undefined;
  for (let at = start; at < to;) {
    const code = text.charCodeAt(at);
    if (isPlain(code)) {
      at++;
      continue;
    }
    const after = skipToken(text, at);
    if (after > at + 1) {
      at = after;
      continue;
    }
    if (code === OPEN_BRACE || code === OPEN_PAREN || code === OPEN_BRACKET) {
      if (code === OPEN_BRACE && depth === 0 && hasBlock && body === undefined && !isConstArgument(text, at))
        body = at;
      depth++;
    } else if (code === CLOSE_BRACE || code === CLOSE_PAREN || code === CLOSE_BRACKET) {
      depth--;
      if (depth < 0) return { end: at + 1, body: undefined, fits: false };
      if (depth === 0 && code === CLOSE_BRACE && !endsAtSemicolon && text[at + 1] !== ">") {
        if (body !== undefined || !hasBlock) return { end: at + 1, body, fits: true };
      }
    } else if (code === SEMICOLON && depth === 0) {
      return { end: at + 1, body: undefined, fits: true };
    } else if (repairs && code === NEWLINE && depth > 0 && startsItem(text, at + 1)) {
      return { end: at + 1, body: undefined, fits: false };
    }
    at++;
  }
  splitting.isOpen = true;
  return { end: to, body: undefined, fits: depth === 0 && body === undefined };
}

const ENDING_AT_SEMICOLONS = new Set(["use", "static", "const", "type", "let"]);

const NEWLINE = 10;
const OPEN_PAREN = 40;
const CLOSE_PAREN = 41;
const SEMICOLON = 59;
const OPEN_BRACKET = 91;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Whether a character neither begins a token that is passed as a whole nor means anything here: most are such. */
function isPlain(code: number): boolean {
  return code >= MEANS.length || MEANS[code] === 0;
}

const MEANS = new Uint8Array(128);
for (const each of "\n/\"'r()[]{};") MEANS[each.charCodeAt(0)] = 1;

function startsItem(text: string, at: number): boolean {
  return ITEM_AT_LINE_START.test(text.slice(at, at + 80));
}

/** `Ring<{ SIZE }>`: the brace is no block. One behind the comma that ends a `where` is. */
function isConstArgument(text: string, at: number): boolean {
  const isBehind = /[<,]\s*$/.test(text.slice(Math.max(0, at - 8), at));
  return isBehind && /^\{[^{}\n;]*\}\s*[,>]/.test(text.slice(at, at + 80));
}

/** The word that says what an item is, behind attributes, visibility and the like; empty if there is none. */
function itemKeyword(text: string, start: number): string {
  let at = start;
  for (let words = 0; words < 12;) {
    while (text.charCodeAt(at) <= 32 && at < text.length) at++;
    if (text[at] === "#") {
      at = skipAttribute(text, at);
      continue;
    }
    const comment = text.startsWith("//", at) || text.startsWith("/*", at) ? skipToken(text, at) : at;
    if (comment > at) {
      at = comment;
      continue;
    }
    WORD.lastIndex = at;
    if (!WORD.test(text)) return "";
    const word = text.slice(at, WORD.lastIndex);
    at = WORD.lastIndex;
    if (
      word === "async" ||
      word === "unsafe" ||
      word === "default" ||
      word.startsWith("pub") ||
      word.startsWith("extern")
    ) {
      words++;
      continue;
    }
    if (
      word === "const" &&
      /^\s+(?:async\s+|unsafe\s+|extern\s+"[^"]*"\s+)*fn\b/.test(text.slice(at, at + 60))
    )
      return "fn";
    return word;
  }
  return "";
}

const WORD = /pub(?:\s*\((?:crate|super|self|in [^)]*)\))?(?![A-Za-z0-9_])|extern\s+"[^"]*"|[A-Za-z_]\w*/y;

function skipAttribute(text: string, start: number): number {
  let depth = 0;
  for (let at = start; at < text.length;) {
    const after = skipToken(text, at);
    if (after > at + 1) {
      at = after;
      continue;
    }
    if (text[at] === "[") depth++;
    else if (text[at] === "]" && --depth <= 0) return at + 1;
    at++;
  }
  return text.length;
}

function skipBlanks(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && text.charCodeAt(at) <= 32) at++;
  return at;
}
