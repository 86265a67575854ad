import type { SyntaxNode } from "#extension/lints/syntax/node";
import type { Declaration, FunctionDeclaration } from "#extension/lints/semantics/declarations";
import { lastSegment } from "#extension/lints/semantics/imports";
import type { FieldText } from "#extension/lints/semantics/type-members";

export type DeclaredInTree = Exclude<Declaration, FunctionDeclaration> | Omit<FunctionDeclaration, "calls">;

/** What a parsed item declares, but what its functions call: by its tree, where the product goes by tokens alone. */
export function declarationsInTree(root: SyntaxNode): DeclaredInTree[] {
  const found: DeclaredInTree[] = [];
  let attributes: string[] = [];
  for (const node of root.children) {
    if (node.kind === "attribute_item") {
      attributes.push(node.text);
      continue;
    }
    declare(node, attributes, found);
    attributes = [];
  }
  return found;
}

const TASK_ATTRIBUTE = /^#\[\s*(?:embassy_executor\s*::\s*)?task\b/;

const HARMLESS_ATTRIBUTE =
  /^#\[\s*(?:unsafe\s*\(\s*)?(?:(?:tracing|clippy|rustfmt|rustdoc|diagnostic|embassy_executor)\s*::\s*)?(?:inline|allow|expect|warn|deny|cfg|cfg_attr|doc|must_use|cold|no_mangle|track_caller|instrument|deprecated|skip|task|target_feature|link_section|ram|used|async_recursion|async_trait|automatically_derived)\b/;

function declare(node: SyntaxNode, attributes: readonly string[], found: DeclaredInTree[]): void {
  const name = node.child("name")?.text ?? "";
  switch (node.kind) {
    case "function_item":
    case "function_signature_item":
      found.push(functionOf(node, attributes));
      return;
    case "struct_item":
    case "union_item":
      found.push({
        kind: "type",
        name,
        typeParameters: typeParameters(node),
        fields: fieldsOf(node.child("body")),
        variants: [],
        isEnum: false,
      });
      return;
    case "enum_item":
      found.push({
        kind: "type",
        name,
        typeParameters: typeParameters(node),
        fields: [],
        variants: (node.child("body")?.children ?? [])
          .filter(({ kind }) => kind === "enum_variant")
          .map((each) => ({ name: each.child("name")?.text ?? "", fields: fieldsOf(each.child("body")) })),
        isEnum: true,
      });
      return;
    case "type_item":
      found.push({
        kind: "alias",
        name,
        parameters: typeParameters(node),
        type: node.child("type")?.text ?? "",
      });
      return;
    case "const_item":
    case "static_item":
      found.push({
        kind: "constant",
        name,
        type: node.child("type")?.text ?? "",
        value: node.child("value")?.text ?? "",
      });
      return;
    case "mod_item":
      found.push({ kind: "module", name });
      return;
    case "trait_item":
      found.push({ kind: "trait", name });
      return;
    case "use_declaration":
      readUse(node.child("argument"), "", found);
      return;
    case "macro_invocation":
      readDeclaringMacro(node, found);
      return;
    case "expression_statement":
      if (node.children[0]?.kind === "macro_invocation") readDeclaringMacro(node.children[0], found);
      return;
    default:
  }
}

/** `thread_local! { static NAME: Type = …; }` and `lazy_static! { static ref NAME: Type = …; }` declare statics. */
function readDeclaringMacro(node: SyntaxNode, found: DeclaredInTree[]): void {
  const macro = node.child("macro")?.text ?? "";
  if (!/(?:^|::)lazy_static$/.test(macro)) return;
  const pattern = /static\s+ref\s+(\w+)\s*:\s*([^=]+?)\s*=/g;
  for (const [, name, type] of node.text.matchAll(pattern)) {
    found.push({ kind: "constant", name: name!, type: `&'static ${type!}`, value: "" });
  }
}

function functionOf(node: SyntaxNode, attributes: readonly string[]): DeclaredInTree {
  const parameters = (node.child("parameters")?.children ?? []).filter(
    ({ kind }) => kind === "parameter" || kind === "self_parameter",
  );
  const self = parameters.find(
    (each) => each.kind === "self_parameter" || /^(?:mut\s+)?self$/.test(each.child("pattern")?.text ?? ""),
  );
  const isAsync = node.ofKind("function_modifiers")?.has("async") === true;
  return {
    kind: "function",
    name: node.child("name")?.text ?? "",
    isAsync,
    isTask: attributes.some((each) => TASK_ATTRIBUTE.test(each)),
    isRewritten: !attributes.every((each) => HARMLESS_ATTRIBUTE.test(each)),
    self: self === undefined ? "none" : isByReference(self.text) ? "reference" : "value",
    parameters: parameters.filter((each) => each !== self).map((each) => each.child("type")?.text ?? ""),
    returns: node.child("return_type")?.text ?? "",
    typeParameters: typeParameters(node),
  };
}

function isByReference(self: string): boolean {
  return self.startsWith("&") || /:\s*(?:&|Pin\s*<\s*&)/.test(self);
}

function typeParameters(node: SyntaxNode): string[] {
  return (node.child("type_parameters")?.children ?? [])
    .filter(({ kind }) => kind === "type_parameter" || kind === "type_identifier")
    .map((each) => each.child("name")?.text ?? each.text);
}

function fieldsOf(body: SyntaxNode | undefined): FieldText[] {
  if (body === undefined) return [];
  if (body.kind === "ordered_field_declaration_list") {
    return body.children
      .filter(({ field }) => field === "type")
      .map((each, index) => ({ name: String(index), type: each.text }));
  }
  return body.children
    .filter(({ kind }) => kind === "field_declaration")
    .map((each) => ({ name: each.child("name")?.text ?? "", type: each.child("type")?.text ?? "" }));
}

/** Reads `a::{b as c, d::*}` into one import each. */
function readUse(node: SyntaxNode | undefined, prefix: string, found: DeclaredInTree[]): void {
  if (node === undefined) return;
  const join = (path: string) =>
    (prefix === "" ? path : `${prefix}::${path}`).replaceAll(/\s+/g, "").replace(/^::/, "");
  const add = (name: string, path: string) => found.push({ kind: "import", name, path });
  switch (node.kind) {
    case "use_as_clause":
      add(node.child("alias")?.text ?? "", join(node.child("path")?.text ?? "").replace(/::self$/, ""));
      return;
    case "use_wildcard":
      found.push({ kind: "glob", path: node.parts[0] === undefined ? prefix : join(node.parts[0].text) });
      return;
    case "scoped_use_list": {
      const path = node.child("path")?.text;
      readUse(node.child("list"), path === undefined ? prefix : join(path), found);
      return;
    }
    case "use_list":
      for (const each of node.children) readUse(each, prefix, found);
      return;
    case "self":
      if (prefix !== "") add(lastSegment(prefix), prefix);
      return;
    case "identifier":
    case "crate":
    case "scoped_identifier":
      add(lastSegment(node.text), join(node.text));
      return;
    default:
  }
}
