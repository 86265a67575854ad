import { demangleLegacy } from "./demangle-legacy";
import { demangleV0 } from "./demangle-v0/demangle";

export interface DemangleOptions {
  /**
   * What to do with what only tells apart names that read the same: the hash at the end of a legacy name, crate
   * disambiguators and the type suffixes of constants in a v0 name. By default they are dropped.
   */
  readonly hashes?: "keep" | "drop";
}

/** Longest symbol that is demangled, in characters. */
const LONGEST_SYMBOL = 1 << 17;

/**
 * The Rust name of a symbol in legacy (`_ZN…17h…E`) or v0 (`_R…`, RFC 2603) mangling, in the notation of the
 * `rustc-demangle` crate; undefined if the symbol is neither. Never throws; names that would grow without bound say
 * `{size limit reached}` or `{recursion limit reached}`.
 */
export function demangle(symbol: string, { hashes = "drop" }: DemangleOptions = {}): string | undefined {
  if (symbol.length > LONGEST_SYMBOL) return undefined;
  const trimmed = withoutLlvmSuffix(symbol);
  if (!isAscii(trimmed)) return undefined;
  const keepHashes = hashes === "keep";
  const demangled = demangleLegacy(trimmed, keepHashes) ?? demangleV0(trimmed, keepHashes);
  if (!demangled) return undefined;
  const { name, suffix } = demangled;
  // LLVM appends words that begin with a period to the names of parts of a function.
  const isOurs = suffix === "" || /^\.[!-~]*$/.test(suffix);
  return isOurs ? name + suffix : undefined;
}

/** ThinLTO renames imported internal symbols last of all, to `name.llvm.HASH`. */
function withoutLlvmSuffix(symbol: string): string {
  const at = symbol.indexOf(".llvm.");
  const isHash = at >= 0 && /^[0-9A-F@]*$/.test(symbol.slice(at + ".llvm.".length));
  return isHash ? symbol.slice(0, at) : symbol;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}
