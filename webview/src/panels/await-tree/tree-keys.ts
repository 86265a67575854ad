import type { TreeRow } from "./tree-rows";

/** What a key does in a tree, as screen readers' users know it (ARIA Authoring Practices, tree view). */
export type TreeMove =
  | { readonly kind: "go"; readonly key: string }
  | { readonly kind: "toggle"; readonly keys: readonly string[]; readonly isOpen: boolean }
  /** Opens the source, or what the row leads to. */
  | { readonly kind: "open"; readonly key: string };

/**
 * What a key does; undefined for one that the tree has no use for.
 * @param typed what was typed to find a row, with this key as its last
 */
export function treeMove(
  rows: readonly TreeRow[],
  current: string | null,
  { key, typed }: { readonly key: string; readonly typed: string },
): TreeMove | undefined {
  const at = rows.findIndex(({ node }) => node.key === current);
  const row = rows[at];
  if (rows.length === 0) return undefined;
  switch (key) {
    case "ArrowDown":
      return goTo(rows[Math.min(at + 1, rows.length - 1)]);
    case "ArrowUp":
      return goTo(rows[Math.max(at - 1, 0)]);
    case "Home":
      return goTo(rows[0]);
    case "End":
      return goTo(rows.at(-1));
    case "ArrowRight":
      if (row?.hasChildren !== true) return undefined;
      return row.isExpanded ? goTo(rows[at + 1]) : toggle([row], true);
    case "ArrowLeft":
      if (row === undefined) return undefined;
      if (row.isExpanded) return toggle([row], false);
      return row.parent === null ? undefined : { kind: "go", key: row.parent };
    case "*":
      return toggle(
        rows.filter(({ parent, hasChildren }) => hasChildren && parent === (row?.parent ?? null)),
        true,
      );
    case "Enter":
    case " ":
      return row === undefined ? undefined : { kind: "open", key: row.node.key };
    default:
      return key.length === 1 ? goTo(rowTyped(rows, at, typed)) : undefined;
  }
}

function goTo(row: TreeRow | undefined): TreeMove | undefined {
  return row && { kind: "go", key: row.node.key };
}

function toggle(rows: readonly TreeRow[], isOpen: boolean): TreeMove {
  return { kind: "toggle", keys: rows.map(({ node }) => node.key), isOpen };
}

/** The next row whose name begins with what was typed; the same letter again and again goes from one to the next. */
function rowTyped(rows: readonly TreeRow[], at: number, typed: string): TreeRow | undefined {
  const wanted = typed.toLowerCase();
  const isRepeated = wanted === wanted.slice(0, 1).repeat(wanted.length);
  const prefix = isRepeated ? wanted.slice(0, 1) : wanted;
  const from = wanted.length === 1 || isRepeated ? at + 1 : Math.max(at, 0);
  const around = [...rows.slice(from), ...rows.slice(0, from)];
  return around.find(({ node }) => lastName(node.name).startsWith(prefix));
}

/** Paths begin alike: `blink::nap` is found by `nap`. */
function lastName(name: string): string {
  return name.slice(name.lastIndexOf("::") < 0 ? 0 : name.lastIndexOf("::") + 2).toLowerCase();
}
