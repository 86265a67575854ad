import { wordMatcher } from "#adapter/trace/word-matcher";
import { formatShortPlace } from "../../format";
import type { TreeNode } from "./tree-node";

/** A row that is seen. */
export interface TreeRow {
  readonly node: TreeNode;
  /** From 1, as `aria-level`. */
  readonly level: number;
  /** Its place among its siblings, from 1, and how many there are. */
  readonly position: number;
  readonly siblings: number;
  readonly hasChildren: boolean;
  readonly isExpanded: boolean;
  /** The row that it stands under; null for a task. */
  readonly parent: string | null;
}

export interface RowOptions {
  /** Words that a row, or one below it, has to have. */
  readonly filter: string;
  /** What a reader has opened or closed, by key. */
  readonly toggled: ReadonlyMap<string, boolean>;
}

/** With more tasks than these each begins closed: nobody reads so many trees at once. */
const MOST_OPEN = 20;

/** The rows that are seen, from the top. While a filter is set, what leads to a row that has its words is open. */
export function treeRows(nodes: readonly TreeNode[], { filter, toggled }: RowOptions): TreeRow[] {
  const matches = wordMatcher(filter);
  const rows: TreeRow[] = [];
  const areTasksOpen = nodes.length <= MOST_OPEN;
  const add = (siblings: readonly TreeNode[], level: number, parent: string | null, isFound: boolean) => {
    const seen = matches === undefined || isFound ? siblings : siblings.filter((each) => has(each, matches));
    seen.forEach((node, i) => {
      const isOwnMatch = matches?.(textOf(node)) === true;
      const isInsideFound = isFound || isOwnMatch;
      const leadsOn = matches !== undefined && !isInsideFound;
      const isExpanded =
        leadsOn || (toggled.get(node.key) ?? (node.kind !== "task" || areTasksOpen || matches !== undefined));
      const hasChildren = node.children.length > 0;
      rows.push({
        node,
        level,
        position: i + 1,
        siblings: seen.length,
        hasChildren,
        isExpanded: hasChildren && isExpanded,
        parent,
      });
      if (hasChildren && isExpanded) add(node.children, level + 1, node.key, isInsideFound);
    });
  };
  add(nodes, 1, null, false);
  return rows;
}

/** All that is written in a row, for the filter and for type-ahead. */
export function textOf({ label, name, state, detail, place }: TreeNode): string {
  const where = place === null ? null : formatShortPlace(place);
  return [label, name, state, detail, where].filter((each) => each !== null).join(" ");
}

function has(node: TreeNode, matches: (text: string) => boolean): boolean {
  return matches(textOf(node)) || node.children.some((each) => has(each, matches));
}
