import { readBlockHead } from "./block-head";
import { lastSegment } from "./imports";
import { PRELUDE, byGlob, canonicalPath } from "./paths";
import { type Type, UNKNOWN, UNIT, futureOf, pathType, substituted } from "./type";
import { PRIMITIVES, type TypeContext, integerLiteral, readType } from "./type-text";
import { type FoundFunction, type Workspace, moduleOf } from "./workspace";

/** Imports follow each other no further: `use a as b; use b as a;` is a circle. */
const MOST_HOPS = 8;

/** What names mean at one place of the workspace. */
export class Names {
  private readonly module: string;
  /** `use` inside of a function. */
  readonly local = new Map<string, string>();
  private readonly contextHere: TypeContext;
  private resolved: Map<string, string | undefined> | undefined;

  constructor(
    readonly workspace: Workspace,
    readonly file: string,
    around: readonly string[],
    typeParameters: readonly string[] = [],
  ) {
    this.module = moduleOf(around);
    const head = around.length === 0 ? undefined : readBlockHead(around.at(-1)!);
    const parameters = new Set([...typeParameters, ...(head?.typeParameters ?? [])]);
    const context = this.context(parameters, UNKNOWN);
    const self = head?.kind === "impl" ? readType(head.type, context) : UNKNOWN;
    this.contextHere = { ...context, self };
  }

  get self(): Type {
    return this.contextHere.self;
  }

  private context(parameters: ReadonlySet<string>, self: Type): TypeContext {
    return {
      resolve: (path) => this.resolve(path),
      expand: (path, args) => this.expand(path, args),
      parameters,
      self,
      constant: (name) => this.constant(name),
    };
  }

  type(text: string): Type {
    return text === "" ? UNKNOWN : readType(text, this.contextHere);
  }

  /** The path that a name stands for: with its crate for a library's, `crate::Name` for the workspace's own. */
  resolve(path: string): string | undefined {
    // What `Self` is, and what a function has brought by a `use` of its own, is known here only.
    if (this.local.size > 0 || path.includes("Self")) return this.resolveAnew(path);
    this.resolved ??= this.workspace.resolved(this.file, this.module);
    let found = this.resolved.get(path);
    if (found === undefined && !this.resolved.has(path)) {
      found = this.resolveAnew(path);
      this.resolved.set(path, found);
    }
    return found;
  }

  private resolveAnew(path: string): string | undefined {
    let at = path.replaceAll(/\s+/g, "").replace(/^::/, "");
    for (let hops = 0; hops < MOST_HOPS; hops++) {
      const cut = at.indexOf("::");
      const first = cut === -1 ? at : at.slice(0, cut);
      const rest = cut === -1 ? "" : at.slice(cut);
      if (first === "crate" || first === "self" || first === "super" || first === "Self")
        return this.ownPath(at);
      const imported = this.local.get(first) ?? this.imported(first);
      if (imported !== undefined && imported !== first) {
        at = imported + rest;
        if (imported.startsWith(`${first}::`)) return this.finished(at);
        continue;
      }
      if (this.isDeclaredHere(first)) return `crate::${cut === -1 ? at : this.tail(at)}`;
      const prelude = PRELUDE.get(first);
      if (prelude !== undefined) return prelude + rest;
      if (rest === "" || /^[A-Z]/.test(first)) return this.byGlobs(first, rest);
      return this.finished(at);
    }
    return undefined;
  }

  /** A path from its crate on. */
  private finished(path: string): string {
    const first = path.slice(0, path.indexOf("::"));
    if (first === "crate" || first === "self" || first === "super") return this.ownPath(path);
    if (LIBRARIES.has(first) || !this.workspace.hasCrate(first)) return canonicalPath(path);
    return this.ownPath(path);
  }

  private ownPath(path: string): string {
    return `crate::${this.tail(path)}`;
  }

  /** A type with what belongs to it (`Meter::new`), or a name alone: modules do not matter, since names are looked for near by. */
  private tail(path: string): string {
    const segments = path.split("::");
    const owner = segments.at(-2);
    if (owner === "Self")
      return `${lastSegment(this.self.kind === "path" ? this.self.path : "Self")}::${segments.at(-1)!}`;
    return owner !== undefined && /^[A-Z]/.test(owner) ? `${owner}::${segments.at(-1)!}` : segments.at(-1)!;
  }

  private imported(name: string): string | undefined {
    const index = this.workspace.index(this.file);
    if (index === undefined) return undefined;
    for (let module = this.module; ; module = parentOf(module)) {
      const found = index.imports.get(module)?.get(name);
      if (found !== undefined) return found;
      if (module === "" || index.globs.get(module)?.includes("super") !== true) return undefined;
    }
  }

  private isDeclaredHere(name: string): boolean {
    const index = this.workspace.index(this.file);
    if (index === undefined) return false;
    return (
      index.named.has(name) || (index.functions.get(name)?.some(({ owner }) => owner === undefined) ?? false)
    );
  }

  private byGlobs(first: string, rest: string): string | undefined {
    const globs = this.workspace.index(this.file)?.globs.get(this.module) ?? [];
    for (const glob of globs) {
      const [head, ...tail] = glob.split("::");
      const found = byGlob([this.imported(head!) ?? head!, ...tail].join("::"), first);
      if (found !== undefined) return found + rest;
    }
    const isOwn = globs.some((glob) => /^(?:crate|self|super)\b/.test(glob));
    return isOwn ? this.ownPath(first + rest) : undefined;
  }

  private expand(path: string, args: readonly Type[]): Type | undefined {
    if (!path.startsWith("crate::")) return undefined;
    const alias = this.workspace.named("alias", path.slice("crate::".length), this.file);
    if (alias === undefined || alias.declaration.type === "") return undefined;
    const { declaration } = alias;
    if (new RegExp(`\\b${declaration.name}\\b`).test(declaration.type)) return UNKNOWN;
    const names = new Names(this.workspace, alias.file, modulesAround(alias.module), declaration.parameters);
    const values = new Map(declaration.parameters.map((name, i) => [name, args[i] ?? UNKNOWN]));
    return substituted(names.type(declaration.type), values);
  }

  /** The value of a constant that is a number; undefined otherwise. */
  constant(name: string): number | undefined {
    const found = this.workspace.named("constant", lastSegment(name), this.file);
    return found === undefined ? undefined : integerLiteral(found.declaration.value);
  }

  /** The type of a static or constant. */
  staticType(path: string): Type {
    const resolved = this.resolve(path);
    if (resolved?.startsWith("crate::") !== true) return UNKNOWN;
    const found = this.workspace.named("constant", resolved.slice("crate::".length), this.file);
    if (found === undefined) return UNKNOWN;
    return new Names(this.workspace, found.file, modulesAround(found.module)).type(found.declaration.type);
  }

  /** The type of a field of a struct of the workspace. */
  fieldType(type: Type, field: string): Type {
    if (type.kind === "tuple") return type.items[Number(field)] ?? UNKNOWN;
    if (type.kind !== "path" || !type.path.startsWith("crate::")) return UNKNOWN;
    const found = this.workspace.named("type", type.path.slice("crate::".length), this.file);
    const declared = found?.declaration.fields.find(({ name }) => name === field);
    if (found === undefined || declared === undefined) return UNKNOWN;
    return this.memberType(found.declaration.typeParameters, type.args, found, declared.type);
  }

  /** Types of the fields of a struct, or of all variants of an enum; empty if the type is not of the workspace. */
  memberTypes(type: Type): readonly Type[] {
    if (type.kind !== "path" || !type.path.startsWith("crate::")) return [];
    const found = this.workspace.named("type", type.path.slice("crate::".length), this.file);
    if (found === undefined) return [];
    const { fields, variants, typeParameters } = found.declaration;
    return [...fields, ...variants.flatMap((variant) => variant.fields)].map((each) =>
      this.memberType(typeParameters, type.args, found, each.type),
    );
  }

  /** Types of what a variant of an enum of the workspace carries, by name; undefined if it is none. */
  variantTypes(path: string, args: readonly Type[]): ReadonlyMap<string, Type> | undefined {
    const [owner, variant] = path.replace(/^crate::/, "").split("::");
    if (owner === undefined || variant === undefined) return undefined;
    const found = this.workspace.named("type", owner, this.file);
    const fields = found?.declaration.variants.find(({ name }) => name === variant)?.fields;
    if (found === undefined || fields === undefined) return undefined;
    return new Map(
      fields.map(({ name, type }) => [
        name,
        this.memberType(found.declaration.typeParameters, args, found, type),
      ]),
    );
  }

  private memberType(
    parameters: readonly string[],
    args: readonly Type[],
    found: { readonly file: string; readonly module: string },
    text: string,
  ): Type {
    const names = new Names(this.workspace, found.file, modulesAround(found.module), parameters);
    return substituted(names.type(text), new Map(parameters.map((name, i) => [name, args[i] ?? UNKNOWN])));
  }

  /** The one free function that a path names; undefined if there is none, or several. */
  freeFunction(resolved: string): FoundFunction | undefined {
    if (!resolved.startsWith("crate::")) return undefined;
    const [owner, name] = splitOwner(resolved.slice("crate::".length));
    const found = this.workspace.functions(name, owner, this.file);
    return found.length === 1 ? found[0] : undefined;
  }

  /** The one method of a type of the workspace; undefined if there is none, or several. */
  method(receiver: Type, name: string): FoundFunction | undefined {
    if (receiver.kind !== "path" || !receiver.path.startsWith("crate::")) return undefined;
    const found = this.workspace.functions(name, receiver.path.slice("crate::".length), this.file);
    return found.length === 1 ? found[0] : undefined;
  }

  /** What a function of the workspace returns when it is called: for an `async fn` a future. */
  returnType(found: FoundFunction, receiver: Type | undefined): Type {
    const { declaration, owner } = found;
    const names = new Names(this.workspace, found.file, aroundOf(found), declaration.typeParameters);
    const values = new Map<string, Type>(declaration.typeParameters.map((name) => [name, UNKNOWN]));
    if (owner?.kind === "impl" && names.self.kind === "path" && receiver?.kind === "path") {
      names.self.args.forEach((each, i) => {
        if (each.kind === "path" && each.args.length === 0)
          values.set(each.path, receiver.args[i] ?? UNKNOWN);
      });
    }
    const type = declaration.returns === "" ? UNIT : substituted(names.type(declaration.returns), values);
    const name = owner === undefined ? declaration.name : `${owner.name}::${declaration.name}`;
    if (declaration.isRewritten && !declaration.isTask) return UNKNOWN;
    if (declaration.isTask) return pathType("embassy_executor::SpawnToken");
    if (declaration.isAsync) return futureOf(type, name);
    return type.kind === "future" && type.from === "" ? { ...type, from: name } : type;
  }
}

/** Crates that no workspace that uses them is. */
const LIBRARIES = new Set(["std", "core", "alloc"]);

function splitOwner(path: string): [owner: string, name: string] {
  const cut = path.indexOf("::");
  return cut === -1 ? ["", path] : [path.slice(0, cut), path.slice(cut + 2)];
}

function modulesAround(module: string): string[] {
  return module === "" ? [] : module.split("::").map((name) => `mod ${name} {}`);
}

function aroundOf({ module, owner }: FoundFunction): string[] {
  const modules = modulesAround(module);
  if (owner?.kind !== "impl") return modules;
  const parameters = owner.typeParameters.length === 0 ? "" : `<${owner.typeParameters.join(", ")}>`;
  return [...modules, `impl${parameters} ${owner.type} {}`];
}

function parentOf(module: string): string {
  return module.includes("::") ? module.slice(0, module.lastIndexOf("::")) : "";
}

export function isPrimitive(path: string): boolean {
  return PRIMITIVES.has(path);
}
