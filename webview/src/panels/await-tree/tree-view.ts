import { html, nothing, render, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { formatPlace, formatShortPlace } from "../../format";
import { element } from "../../view/dom";
import { type TreeMove, treeMove } from "./tree-keys";
import type { TreeNode } from "./tree-node";
import type { TreeRow } from "./tree-rows";

export interface TreeViewEvents {
  /** A row was chosen, by pointer or key. */
  onChoose(node: TreeNode): void;
  /** The source of a row is to be opened, or the task that it leads to. */
  onOpen(node: TreeNode): void;
  onToggle(keys: readonly string[], isOpen: boolean): void;
}

/** What was typed longer ago than that, in milliseconds, is no beginning of a name any more. */
const TYPING_PAUSE = 700;

/** Rows of a tree, of which one can have the focus (ARIA Authoring Practices, tree view). */
export class TreeView {
  readonly root = element("div", { className: "tree", role: "tree" });
  private rows: readonly TreeRow[] = [];
  private current: string | null = null;
  /** The thread chosen in CALL STACK. */
  private focus: number | null = null;
  private typed = "";
  private typedAt = 0;

  constructor(private readonly events: TreeViewEvents) {
    this.root.addEventListener("keydown", (event) => this.onKey(event));
  }

  /** The node of the row that has the focus, or would have it. */
  get currentNode(): TreeNode | undefined {
    return this.rows.find(({ node }) => node.key === this.current)?.node;
  }

  show(rows: readonly TreeRow[], focus: number | null): void {
    this.rows = rows;
    this.focus = focus;
    if (!rows.some(({ node }) => node.key === this.current)) this.current = rows[0]?.node.key ?? null;
    this.draw();
  }

  /** Makes a row the current one, without taking the focus from where it is. Does nothing if it is not seen. */
  reveal(key: string): void {
    if (!this.rows.some(({ node }) => node.key === key)) return;
    this.current = key;
    this.draw();
    this.rowOf(key)?.scrollIntoView({ block: "nearest" });
  }

  private draw(): void {
    render(
      repeat(
        this.rows,
        ({ node }) => node.key,
        (row) => this.row(row),
      ),
      this.root,
    );
  }

  private row(row: TreeRow): TemplateResult {
    const { node, level, position, siblings, hasChildren, isExpanded } = row;
    const isCurrent = node.key === this.current;
    const isFocus = node.kind === "task" && node.threadId === this.focus;
    return html`<div
      role="treeitem"
      class="tree-row is-${node.kind}"
      data-key=${node.key}
      aria-level=${level}
      aria-posinset=${position}
      aria-setsize=${siblings}
      aria-expanded=${hasChildren ? String(isExpanded) : nothing}
      aria-selected=${String(isCurrent)}
      aria-current=${isFocus ? "true" : nothing}
      tabindex=${isCurrent ? "0" : "-1"}
      @click=${() => this.choose(node, hasChildren)}
    >
      ${Array.from({ length: level - 1 }, () => html`<span class="indent"></span>`)}<span
        class="twisty"
        aria-hidden="true"
        @click=${(event: Event) => this.toggle(event, row)}
        >${hasChildren ? (isExpanded ? "▾" : "▸") : ""}</span
      ><span class="tree-text">${rowText(node)}</span>
    </div>`;
  }

  private choose(node: TreeNode, hasChildren: boolean): void {
    this.current = node.key;
    this.events.onChoose(node);
    if (node.place !== null) this.events.onOpen(node);
    else if (node.leadsTo === null && hasChildren) this.flip(node.key);
    this.draw();
    this.rowOf(node.key)?.focus();
  }

  private toggle(event: Event, { node, hasChildren }: TreeRow): void {
    if (!hasChildren) return;
    event.stopPropagation();
    this.flip(node.key);
  }

  private flip(key: string): void {
    const row = this.rows.find(({ node }) => node.key === key);
    if (row !== undefined) this.events.onToggle([key], !row.isExpanded);
  }

  private onKey(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key.length === 1 && event.key !== " " && event.key !== "*") {
      const goesOn = event.timeStamp - this.typedAt < TYPING_PAUSE;
      this.typed = (goesOn ? this.typed : "") + event.key;
      this.typedAt = event.timeStamp;
    }
    const move = treeMove(this.rows, this.current, { key: event.key, typed: this.typed });
    if (move === undefined) return;
    event.preventDefault();
    this.perform(move);
  }

  private perform(move: TreeMove): void {
    if (move.kind === "toggle") {
      this.events.onToggle(move.keys, move.isOpen);
      return;
    }
    const row = this.rows.find(({ node }) => node.key === move.key);
    if (row === undefined) return;
    if (move.kind === "open") {
      this.events.onChoose(row.node);
      if (row.node.place !== null || row.node.leadsTo !== null) this.events.onOpen(row.node);
      else this.flip(move.key);
      return;
    }
    this.current = move.key;
    this.draw();
    this.rowOf(move.key)?.focus();
  }

  private rowOf(key: string): HTMLElement | undefined {
    const rows = [...this.root.querySelectorAll<HTMLElement>("[role=treeitem]")];
    return rows.find(({ dataset }) => dataset["key"] === key);
  }
}

function rowText({ label, name, state, detail, verdict, place, leadsTo }: TreeNode): TemplateResult {
  return html`${label === null ? nothing : html`<span class="tree-label">${label}</span> `}
    ${verdict === null ? nothing : html`<span class="tree-verdict is-${verdict}">${VERDICTS[verdict]}</span> `}
    <span class="tree-name">${name}</span>
    ${state === null ? nothing : html` <span class="tree-state is-${state.split(",")[0]!}">${state}</span>`}
    ${detail === null ? nothing : html` <span class="tree-detail">${detail}</span>`}
    ${
      place === null
        ? nothing
        : html` <span class="tree-place" title=${formatPlace(place)}>${formatShortPlace(place)}</span>`
    }
    ${leadsTo === null ? nothing : html` <span class="tree-leads" aria-hidden="true">↪</span>`}`;
}

/** Signs before a verdict, so that grave ones are told from others at a glance. */
const VERDICTS: Readonly<Record<NonNullable<TreeNode["verdict"]>, string>> = {
  none: "",
  unspawned: "not spawned",
  running: "running",
  ready: "ready",
  ended: "ended",
  timer: "waits for time",
  lock: "waits for a lock",
  event: "waits for an event",
  deadlock: "deadlock",
  lost: "lost wake",
  unknown: "not known",
};
