import { readBlockHead, type BlockHead } from "./block-head";
import type { Declaration, FunctionDeclaration, TypeDeclaration } from "./declarations";
import { lastSegment } from "./imports";

/** What one item declares, and the blocks around it. */
export interface DeclaredItem {
  readonly declarations: readonly Declaration[];
  readonly around: readonly string[];
}

/** What a file tells the rest of the workspace. */
export interface FileDeclarations {
  readonly file: string;
  readonly crate: CrateFacts;
  readonly items: readonly DeclaredItem[];
}

/** What is known of the crate that a file belongs to. */
export interface CrateFacts {
  /** Tells crates apart; files of one crate see each other's items. */
  readonly root: string;
  /** As it is written in paths: `my_crate`; empty if not known. */
  readonly name: string;
  /** 2015 to 2024; it decides how long temporaries live. */
  readonly edition: number;
  /** Versions of the packages that its lock file names: `embassy-executor` -> `0.10.0`. */
  readonly dependencies: ReadonlyMap<string, string>;
}

export const NO_CRATE: CrateFacts = { root: "", name: "", edition: 2021, dependencies: new Map() };

/** A function of the workspace, where it stands and what it belongs to. */
export interface FoundFunction {
  readonly declaration: FunctionDeclaration;
  readonly file: string;
  /** The `impl` or trait that it stands in. */
  readonly owner: BlockHead | undefined;
  readonly module: string;
}

export interface FoundType {
  readonly declaration: TypeDeclaration;
  readonly file: string;
  readonly module: string;
}

interface FoundNamed {
  readonly declaration: Declaration;
  readonly file: string;
  readonly module: string;
}

interface FileIndex {
  readonly facts: FileDeclarations;
  readonly functions: Map<string, FoundFunction[]>;
  readonly named: Map<string, FoundNamed[]>;
  /** Module -> name -> path. */
  readonly imports: Map<string, Map<string, string>>;
  readonly globs: Map<string, string[]>;
  /** Names of functions that may give a future when they are called. */
  readonly givingFutures: Set<string>;
  /** What paths have been found to stand for in each of its modules, as long as the workspace declares the same. */
  readonly resolved: Map<string, Map<string, string | undefined>>;
}

/** Everything that the files of a workspace declare. */
export class Workspace {
  private readonly files = new Map<string, FileIndex>();
  /** Name -> files that declare something of that name. */
  private readonly declaring = new Map<string, Set<string>>();
  /** Names of crates -> how many files there are of each. */
  private readonly crates = new Map<string, number>();
  /** Takes in the names whose declarations are looked at. */
  asked: Set<string> | undefined;
  /** Names of functions that may give a future -> in how many files they are declared. */
  private readonly givingFutures = new Map<string, number>();

  put(facts: FileDeclarations): void {
    this.remove(facts.file);
    const index = indexFile(facts);
    this.files.set(facts.file, index);
    if (!this.hasCrate(facts.crate.name)) this.forgetResolved();
    this.crates.set(facts.crate.name, (this.crates.get(facts.crate.name) ?? 0) + 1);
    for (const name of namesIn(index)) {
      const files = this.declaring.get(name) ?? new Set();
      this.declaring.set(name, files.add(facts.file));
    }
    for (const name of index.givingFutures) {
      this.givingFutures.set(name, (this.givingFutures.get(name) ?? 0) + 1);
    }
  }

  /** Whether what is called by a name may give a future. */
  mayGiveFuture(name: string): boolean {
    return (this.givingFutures.get(name) ?? 0) > 0;
  }

  /** A file declares the same names anew, in the same order. */
  replace(file: string, before: readonly Declaration[], after: readonly Declaration[]): void {
    const index = this.files.get(file);
    before.forEach((old, i) => {
      const declaration = after[i];
      if (index === undefined || declaration === undefined || !("name" in old)) return;
      if (declaration.kind === "function")
        exchange(index.functions.get(declaration.name), old, { declaration });
      else exchange(index.named.get(old.name), old, { declaration });
    });
  }

  remove(file: string): void {
    const index = this.files.get(file);
    if (index === undefined) return;
    this.files.delete(file);
    const { name } = index.facts.crate;
    this.crates.set(name, this.crates.get(name)! - 1);
    if (!this.hasCrate(name)) this.forgetResolved();
    for (const each of namesIn(index)) this.declaring.get(each)?.delete(file);
    for (const each of index.givingFutures) this.givingFutures.set(each, this.givingFutures.get(each)! - 1);
  }

  /** What a path stands for depends on its file, and on which crates there are. */
  private forgetResolved(): void {
    for (const { resolved } of this.files.values()) resolved.clear();
  }

  index(file: string): FileIndex | undefined {
    return this.files.get(file);
  }

  /** What is remembered of the paths in a module of a file. */
  resolved(file: string, module: string): Map<string, string | undefined> {
    const known = this.files.get(file)?.resolved;
    let paths = known?.get(module);
    if (paths === undefined) {
      paths = new Map();
      known?.set(module, paths);
    }
    return paths;
  }

  /** Whether a name that begins a path is a crate of the workspace itself. */
  hasCrate(name: string): boolean {
    return (this.crates.get(name) ?? 0) > 0;
  }

  /** Free functions (`owner` empty), or those of the `impl`s of a type. The file's own come first, and alone if there are any. */
  functions(name: string, owner: string, file: string): readonly FoundFunction[] {
    this.asked?.add(name);
    const isWanted = (each: FoundFunction) => (each.owner?.name ?? "") === owner;
    return this.near(
      functionKey(name, owner),
      file,
      (index) => index.functions.get(name)?.filter(isWanted) ?? [],
    );
  }

  /** The type, alias or constant of a name; undefined if there is none, or more than one that it could be. */
  named<Kind extends "type" | "alias" | "constant">(
    kind: Kind,
    name: string,
    file: string,
  ): (FoundNamed & { readonly declaration: Extract<Declaration, { kind: Kind }> }) | undefined {
    this.asked?.add(name);
    const found = this.near(
      name,
      file,
      (index) => index.named.get(name)?.filter(({ declaration }) => declaration.kind === kind) ?? [],
    );
    if (found.length !== 1) return undefined;
    return found[0] as FoundNamed & { readonly declaration: Extract<Declaration, { kind: Kind }> };
  }

  /** What the file itself has; if nothing, what the other files of its crate have, then other crates of the workspace. */
  private near<Found>(
    name: string,
    file: string,
    find: (index: FileIndex) => readonly Found[],
  ): readonly Found[] {
    const own = this.files.get(file);
    if (own === undefined) return [];
    const here = find(own);
    if (here.length > 0) return here;
    const inCrate: Found[] = [];
    const elsewhere: Found[] = [];
    for (const other of this.declaring.get(name) ?? []) {
      const index = this.files.get(other)!;
      if (index.facts.crate.root === own.facts.crate.root) inCrate.push(...find(index));
      else elsewhere.push(...find(index));
    }
    return inCrate.length > 0 ? inCrate : elsewhere;
  }
}

/** A function is known by the type that it belongs to as well: every other type has a `new`. */
function functionKey(name: string, owner: string): string {
  return `${owner}::${name}`;
}

function namesIn(index: FileIndex): string[] {
  const functions = [...index.functions.values()].flat();
  return [
    ...new Set([
      ...functions.map(({ declaration, owner }) => functionKey(declaration.name, owner?.name ?? "")),
      ...index.named.keys(),
    ]),
  ];
}

function indexFile(facts: FileDeclarations): FileIndex {
  const index: FileIndex = {
    facts,
    functions: new Map(),
    named: new Map(),
    imports: new Map(),
    globs: new Map(),
    givingFutures: new Set(),
    resolved: new Map(),
  };
  for (const { declarations, around } of facts.items) {
    const module = moduleOf(around);
    const owner = around.length === 0 ? undefined : readBlockHead(around.at(-1)!);
    for (const declaration of declarations) {
      switch (declaration.kind) {
        case "function":
          if (declaration.isAsync || OPAQUE.test(declaration.returns))
            index.givingFutures.add(declaration.name);
          push(index.functions, declaration.name, {
            declaration,
            file: facts.file,
            owner: owner?.kind === "impl" || owner?.kind === "trait" ? owner : undefined,
            module,
          });
          break;
        case "import": {
          if (declaration.name !== lastSegment(declaration.path)) index.givingFutures.add(declaration.name);
          const names = index.imports.get(module) ?? new Map<string, string>();
          index.imports.set(module, names.set(declaration.name, declaration.path));
          break;
        }
        case "glob":
          push(index.globs, module, declaration.path);
          break;
        default:
          push(index.named, declaration.name, { declaration, file: facts.file, module });
      }
    }
  }
  return index;
}

/** A type that is known by a trait alone, which may be `Future`. */
const OPAQUE = /\b(?:impl|dyn|Future)\b/;

export function mayReturnFuture({ isAsync, returns }: FunctionDeclaration): boolean {
  return isAsync || OPAQUE.test(returns);
}

function exchange<Found extends { readonly declaration: Declaration }>(
  all: Found[] | undefined,
  old: Declaration,
  anew: Pick<Found, "declaration">,
): void {
  const at = all?.findIndex(({ declaration }) => declaration === old) ?? -1;
  if (all !== undefined && at !== -1) all[at] = { ...all[at]!, ...anew };
}

function push<Key, Value>(map: Map<Key, Value[]>, key: Key, value: Value): void {
  const values = map.get(key);
  if (values === undefined) map.set(key, [value]);
  else values.push(value);
}

/** The modules around an item, `a::b`; empty for the file itself. */
export function moduleOf(around: readonly string[]): string {
  if (around.length === 0) return "";
  return around
    .map(readBlockHead)
    .filter(({ kind }) => kind === "module")
    .map(({ name }) => name)
    .join("::");
}
