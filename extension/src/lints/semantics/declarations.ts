import { TokenReader } from "../syntax/token-reader";
import type { CallText } from "./calls";
import { type Import, readImports } from "./imports";
import {
  type FieldText,
  readFields,
  readTypeParameters,
  readVariants,
  type VariantText,
} from "./type-members";

/** What an item tells the rest of the workspace. Types are kept as they are written: what their names mean is for the file to say. */
export type Declaration =
  | FunctionDeclaration
  | TypeDeclaration
  | {
      readonly kind: "alias";
      readonly name: string;
      readonly parameters: readonly string[];
      readonly type: string;
    }
  | { readonly kind: "constant"; readonly name: string; readonly type: string; readonly value: string }
  | Import
  | { readonly kind: "module"; readonly name: string }
  | { readonly kind: "trait"; readonly name: string };

export interface FunctionDeclaration {
  readonly kind: "function";
  readonly name: string;
  readonly isAsync: boolean;
  readonly isTask: boolean;
  /** Whether a macro of an attribute may have made another function of it: `#[tokio::main]` gives one that is not `async`. */
  readonly isRewritten: boolean;
  /** How it takes `self`; `none` for functions that do not. */
  readonly self: "none" | "value" | "reference";
  readonly parameters: readonly string[];
  /** As written; empty for `()`. */
  readonly returns: string;
  readonly typeParameters: readonly string[];
  /** What its body calls whenever it runs through; nothing for an `async fn`. It is parsed when that is asked for the first time. */
  readonly calls: () => readonly CallText[];
}

export interface TypeDeclaration {
  readonly kind: "type";
  readonly name: string;
  readonly typeParameters: readonly string[];
  /** Of a struct; those of a tuple struct are named `0`, `1`. */
  readonly fields: readonly FieldText[];
  /** Of an enum. */
  readonly variants: readonly VariantText[];
  readonly isEnum: boolean;
}

/**
 * What an item declares, by its tokens alone: most items of a workspace are never parsed.
 * @param calls what the body of a function calls, for who asks
 */
export function declarationsOf(text: string, calls: () => readonly CallText[]): readonly Declaration[] {
  const reader = new TokenReader(text);
  const attributes = reader.attributes();
  reader.takesVisibility();
  let isAsync = false;
  for (let words = 0; words < MOST_WORDS; words++) {
    const word = reader.name();
    switch (word) {
      case "async":
        isAsync = true;
        break;
      case "unsafe":
      case "default":
      case "safe":
      case "auto":
        break;
      case "extern":
        reader.takesString();
        break;
      case "const":
        if (!FUNCTION_WORDS.test(text.slice(reader.offset, reader.offset + 6))) return [constant(reader)];
        break;
      case "fn":
        return [functionOf(reader, { attributes, isAsync, calls })];
      case "use":
        return readImports(reader);
      default:
        return declared(word, reader);
    }
  }
  return [];
}

/** Words before `fn`: no more than these stand there. */
const MOST_WORDS = 6;

const FUNCTION_WORDS = /^(?:fn|async|unsafe|extern|safe)\b/;

function declared(word: string, reader: TokenReader): readonly Declaration[] {
  switch (word) {
    case "struct":
    case "union":
      return reader.next === "!" ? [] : [struct(reader)];
    case "enum":
      return [enumeration(reader)];
    case "type":
      return alias(reader);
    case "static":
      return [constant(reader)];
    case "mod":
      return [{ kind: "module", name: reader.name() }];
    case "trait":
      return [{ kind: "trait", name: reader.name() }];
    case "":
      return [];
    default:
      return lazyStatics(word, reader);
  }
}

function constant(reader: TokenReader): Declaration {
  reader.takesWord("mut");
  const name = reader.name();
  const type = reader.takes(":") ? reader.upTo("=;", "brackets") : "";
  const value = reader.takes("=") ? reader.upTo(";", "operators") : "";
  return { kind: "constant", name, type, value };
}

/** An associated type without a value declares nothing. */
function alias(reader: TokenReader): Declaration[] {
  const name = reader.name();
  const parameters = readTypeParameters(reader);
  reader.upTo("=;", "brackets");
  if (reader.takesWord("where")) reader.upTo("=;", "brackets");
  if (!reader.takes("=")) return [];
  return [{ kind: "alias", name, parameters, type: reader.upTo(";", "brackets") }];
}

function struct(reader: TokenReader): Declaration {
  const name = reader.name();
  const typeParameters = readTypeParameters(reader);
  skipWhere(reader);
  return { kind: "type", name, typeParameters, fields: readFields(reader), variants: [], isEnum: false };
}

function enumeration(reader: TokenReader): Declaration {
  const name = reader.name();
  const typeParameters = readTypeParameters(reader);
  skipWhere(reader);
  return { kind: "type", name, typeParameters, fields: [], variants: readVariants(reader), isEnum: true };
}

function skipWhere(reader: TokenReader): void {
  if (reader.takesWord("where")) reader.upTo("{;", "brackets");
}

/** `lazy_static! { static ref NAME: Type = …; }` declares statics; other macros nothing that is known. */
function lazyStatics(word: string, reader: TokenReader): Declaration[] {
  let macro = word;
  while (reader.takes("::")) macro = reader.name();
  if (macro !== "lazy_static" || !reader.takes("!")) return [];
  const pattern = /static\s+ref\s+(\w+)\s*:\s*([^=]+?)\s*=/g;
  return [...reader.text.slice(reader.offset).matchAll(pattern)].map(([, name, type]) => ({
    kind: "constant",
    name: name!,
    type: `&'static ${type!}`,
    value: "",
  }));
}

const TASK_ATTRIBUTE = /^#\[\s*(?:embassy_executor\s*::\s*)?task\b/;

const HARMLESS_ATTRIBUTE =
  /^#\[\s*(?:unsafe\s*\(\s*)?(?:(?:tracing|clippy|rustfmt|rustdoc|diagnostic|embassy_executor)\s*::\s*)?(?:inline|allow|expect|warn|deny|cfg|cfg_attr|doc|must_use|cold|no_mangle|track_caller|instrument|deprecated|skip|task|target_feature|link_section|ram|used|async_recursion|async_trait|automatically_derived)\b/;

interface FunctionWords {
  readonly attributes: readonly string[];
  readonly isAsync: boolean;
  readonly calls: () => readonly CallText[];
}

function functionOf(reader: TokenReader, { attributes, isAsync, calls }: FunctionWords): FunctionDeclaration {
  const name = reader.name();
  const typeParameters = readTypeParameters(reader);
  const { self, parameters } = readParameters(reader);
  return {
    kind: "function",
    name,
    isAsync,
    isTask: attributes.some((each) => TASK_ATTRIBUTE.test(each)),
    isRewritten: !attributes.every((each) => HARMLESS_ATTRIBUTE.test(each)),
    self,
    parameters,
    returns: reader.takes("->") ? reader.upTo("{;", "brackets") : "",
    typeParameters,
    calls: isAsync ? () => [] : calls,
  };
}

function readParameters(reader: TokenReader): Pick<FunctionDeclaration, "self" | "parameters"> {
  const parameters: string[] = [];
  let self: FunctionDeclaration["self"] = "none";
  if (reader.next !== "(") return { self, parameters };
  for (const part of reader.group().parts()) {
    part.attributes();
    const pattern = part.upTo(":", "brackets");
    const type = part.takes(":") ? part.upTo("", "brackets") : undefined;
    if (/^(?:&\s*(?:'\w+\s+)?)?(?:mut\s+)?self$/.test(pattern)) {
      const isReference = pattern.startsWith("&") || /^(?:&|(?:[\w\s]*::\s*)*Pin\s*<\s*&)/.test(type ?? "");
      self = isReference ? "reference" : "value";
    } else if (type !== undefined) parameters.push(type);
  }
  return { self, parameters };
}
