import { formatInstant } from "#adapter/base/duration";
import { nanoseconds } from "#adapter/base/brand";
import type { AwaitTreeBody } from "#adapter/protocol/await-tree";
import { element } from "../../view/dom";
import type { PanelSession, Selection } from "../messages";
import type { Panel, PanelContext } from "../panel";
import { Refusal } from "../panel";
import { awaitNodes, reasonNodes, type TreeNode } from "./tree-node";
import { treeRows } from "./tree-rows";
import { parseTreeState, savedTreeState, type TreeState } from "./tree-state";
import { TreeView } from "./tree-view";

/** What every task awaits, down to the leaves; or why it is not running. */
export class AwaitTreePanel implements Panel {
  readonly root = element("div", { className: "await-tree" });
  private readonly filter = element("input", { className: "tree-filter", label: "Filter tasks and futures" });
  private readonly whyButton = element("button", { className: "tree-why" }, "Why not running?");
  private readonly when = element("p", { className: "tree-when" });
  private readonly view: TreeView;
  private state: TreeState;
  private session: PanelSession | undefined;
  private body: AwaitTreeBody | undefined;
  /** The last with reasons: they are told only where the firmware stands still. */
  private reasons: AwaitTreeBody | undefined;
  /** Whether what is shown is of an instant that has passed. */
  private isPast = false;

  constructor(private readonly context: PanelContext) {
    this.state = parseTreeState(context.savedState);
    this.view = new TreeView({
      onChoose: ({ threadId }) => context.select({ threadId }),
      onOpen: (node) => this.open(node),
      onToggle: (keys, isOpen) => this.toggle(keys, isOpen),
    });
    this.filter.type = "search";
    this.filter.placeholder = "Filter";
    this.filter.value = this.state.filter;
    this.filter.addEventListener("input", () => this.change({ filter: this.filter.value }));
    this.whyButton.type = "button";
    this.whyButton.addEventListener("click", () => this.askWhy(!this.state.tellsWhy));
    const bar = element("div", { className: "tree-bar" }, this.filter, this.whyButton);
    this.root.append(bar, this.when, this.view.root);
    this.show();
  }

  async update(session: PanelSession): Promise<void> {
    if (this.session !== undefined && this.session.name !== session.name) this.forget();
    this.session = session;
    try {
      await this.look(session);
    } catch (error) {
      this.isPast = true;
      this.show();
      throw error;
    }
  }

  onSelected({ threadId }: Selection): void {
    // What was selected here comes back: the row at hand stays.
    if (threadId !== undefined && threadId !== this.view.currentNode?.threadId) this.reveal(threadId);
  }

  private async look(session: PanelSession): Promise<void> {
    const { phase } = session;
    if (phase === "over") {
      this.isPast = true;
    } else {
      const reasons = this.state.tellsWhy && phase === "stopped";
      this.body = await this.context.ask("pollscope/awaitTree", { reasons });
      this.isPast = false;
      const { time } = this.body;
      // A run that has begun anew is at an earlier instant: what was told of the one before is over.
      if (reasons) this.reasons = this.body;
      else if (this.reasons !== undefined && this.reasons.time > time) this.reasons = undefined;
    }
    this.show();
  }

  private askWhy(tellsWhy: boolean): void {
    this.change({ tellsWhy });
    if (!tellsWhy || this.session?.phase !== "stopped") return;
    this.look(this.session).catch((error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      this.when.textContent = error.sentence;
    });
  }

  private change(changed: Partial<TreeState>): void {
    this.state = { ...this.state, ...changed };
    this.context.saveState(savedTreeState(this.state));
    this.show();
  }

  private toggle(keys: readonly string[], isOpen: boolean): void {
    const toggled = new Map(this.state.toggled);
    for (const key of keys) {
      // What was toggled last is forgotten last.
      toggled.delete(key);
      toggled.set(key, isOpen);
    }
    this.change({ toggled });
  }

  private open({ place, leadsTo }: TreeNode): void {
    if (place !== null) this.context.open(place);
    else if (leadsTo !== null) {
      this.context.select({ threadId: leadsTo });
      this.reveal(leadsTo);
    }
  }

  private reveal(threadId: number): void {
    const node = this.nodes().find((each) => each.threadId === threadId);
    if (node !== undefined) this.view.reveal(node.key);
  }

  private forget(): void {
    this.body = undefined;
    this.reasons = undefined;
  }

  private get shown(): AwaitTreeBody | undefined {
    return this.state.tellsWhy ? this.reasons : this.body;
  }

  private nodes(): TreeNode[] {
    const { shown } = this;
    if (shown === undefined) return [];
    return this.state.tellsWhy ? reasonNodes(shown) : awaitNodes(shown);
  }

  private show(): void {
    const { tellsWhy, filter, toggled } = this.state;
    const nodes = this.nodes();
    const rows = treeRows(nodes, { filter, toggled });
    this.whyButton.ariaPressed = String(tellsWhy);
    this.when.textContent = this.whenWords(nodes.length, rows.length);
    this.root.classList.toggle("is-past", this.isPast || (tellsWhy && this.session?.phase !== "stopped"));
    this.view.root.ariaLabel = tellsWhy ? "Why tasks are not running" : "What tasks await";
    this.view.show(rows, this.session?.focus ?? null);
  }

  /** The instant of what is shown, and why there is nothing where nothing is. */
  private whenWords(nodes: number, rows: number): string {
    const { shown, session } = this;
    const { tellsWhy } = this.state;
    if (session === undefined) return "";
    if (shown === undefined) {
      if (session.phase === "over") return "The session has ended.";
      return tellsWhy && session.phase === "running"
        ? "Why a task is not running can be told when the firmware stands still: pause it."
        : "";
    }
    const at = `At ${formatInstant(nanoseconds(shown.time))} s`;
    if (nodes === 0)
      return tellsWhy ? `${at} every task is running or has ended.` : `${at} no task has been spawned.`;
    if (rows === 0) return `${at} nothing has these words.`;
    if (session.phase === "running")
      return tellsWhy ? `${at}, the last stop; it runs on.` : `${at}, running.`;
    return session.phase === "over" ? `${at}; the session has ended.` : `${at}.`;
  }
}
