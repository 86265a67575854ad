const QUOTE = 34;
const HASH = 35;
const APOSTROPHE = 39;
const STAR = 42;
const SLASH = 47;
const BACKSLASH = 92;

/**
 * Behind the comment, string, character or lifetime that begins at an offset; the offset plus one if none does.
 * Braces and semicolons in them mean nothing. What is not closed goes to the end of the text.
 */
export function skipToken(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code === SLASH) return skipComment(text, at);
  if (code === QUOTE) return skipString(text, at);
  if (code === APOSTROPHE) return skipCharacter(text, at);
  // r"…", r#"…"#, br#"…"#, cr#"…"#; an identifier that only ends in r is none, nor is r#type.
  if (code === 114 /* r */) {
    const next = text.charCodeAt(at + 1);
    if ((next === QUOTE || next === HASH) && !isWordBefore(text, at)) return skipRawString(text, at);
  }
  return at + 1;
}

function isWordBefore(text: string, at: number): boolean {
  const before = text[at - 1] ?? " ";
  if (!/\w/.test(before)) return false;
  return !((before === "b" || before === "c") && !/\w/.test(text[at - 2] ?? " "));
}

function skipComment(text: string, at: number): number {
  const next = text.charCodeAt(at + 1);
  if (next === SLASH) {
    const end = text.indexOf("\n", at);
    return end === -1 ? text.length : end;
  }
  if (next !== STAR) return at + 1;
  let depth = 1;
  let i = at + 2;
  for (; i < text.length && depth > 0; i++) {
    if (text.charCodeAt(i) === SLASH && text.charCodeAt(i + 1) === STAR) {
      depth++;
      i++;
    } else if (text.charCodeAt(i) === STAR && text.charCodeAt(i + 1) === SLASH) {
      depth--;
      i++;
    }
  }
  return i;
}

function skipString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === BACKSLASH) i++;
    else if (code === QUOTE) return i + 1;
  }
  return text.length;
}

/** `'a'`, `'\n'`, `'\u{1F980}'`; `'a` alone is a lifetime. */
function skipCharacter(text: string, at: number): number {
  if (text.charCodeAt(at + 1) === BACKSLASH) {
    const end = text.indexOf("'", at + 3);
    return end === -1 || end > at + 14 ? at + 2 : end + 1;
  }
  const width = (text.codePointAt(at + 1) ?? 0) > 0xffff ? 2 : 1;
  return text.charCodeAt(at + 1 + width) === APOSTROPHE ? at + 2 + width : at + 1;
}

function skipRawString(text: string, at: number): number {
  let hashes = 0;
  while (text[at + 1 + hashes] === "#") hashes++;
  if (text.charCodeAt(at + 1 + hashes) !== QUOTE) return at + 1;
  const end = text.indexOf(`"${"#".repeat(hashes)}`, at + 2 + hashes);
  return end === -1 ? text.length : end + 1 + hashes;
}
