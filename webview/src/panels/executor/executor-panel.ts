import { html, nothing, render, type TemplateResult } from "lit";
import { nanoseconds } from "#adapter/base/brand";
import { formatInstant } from "#adapter/base/duration";
import type { ExecutorBody } from "#adapter/protocol/executor";
import { element } from "../../view/dom";
import type { PanelSession } from "../messages";
import type { Panel, PanelContext } from "../panel";
import { coreView, memoryView, queuesView, timersView } from "./executor-view";
import {
  type AssumptionName,
  DEFAULT_ASSUMPTIONS,
  isCurrent,
  parseAssumptions,
  type PowerAssumptions,
} from "./power-estimate";
import { powerView } from "./power-view";

/** What the executors will poll and when, what their tasks take of memory, and how much the core sleeps. */
export class ExecutorPanel implements Panel {
  readonly root = element("div", { className: "executor-panel" });
  private body: ExecutorBody | undefined;
  private session: PanelSession | undefined;
  private assumptions: PowerAssumptions;
  /** Whether what is shown is of an instant that has passed. */
  private isPast = false;

  constructor(private readonly context: PanelContext) {
    this.assumptions = parseAssumptions(context.savedState);
  }

  async update(session: PanelSession): Promise<void> {
    if (this.session !== undefined && this.session.name !== session.name) this.body = undefined;
    this.session = session;
    try {
      this.isPast = true;
      if (session.phase !== "over") {
        this.body = await this.context.ask("pollscope/executor", undefined);
        this.isPast = false;
      }
    } finally {
      this.show();
    }
  }

  private show(): void {
    const { body } = this;
    this.root.classList.toggle("is-past", this.isPast);
    render(body === undefined ? nothing : this.sections(body), this.root);
  }

  private sections(body: ExecutorBody): TemplateResult {
    const choose = (threadId: number) => this.context.select({ threadId });
    const running = this.session?.phase === "running" ? ", running" : "";
    const over = this.session?.phase === "over" ? "; the session has ended" : "";
    return html`<p class="aside when">At ${formatInstant(nanoseconds(body.time))} s${running}${over}.</p>
      ${section("Run queue", queuesView(body, choose))} ${section("Timers", timersView(body, choose))}
      ${section("Core", coreView(body))} ${section("Memory of the tasks", memoryView(body))}
      ${section(
        "Current and battery",
        powerView(body, this.assumptions, {
          onChange: (name, value) => this.assume(name, value),
          onReset: () => this.assumeAll(DEFAULT_ASSUMPTIONS),
        }),
      )}`;
  }

  /** What is no current is not taken: the field shows again what is reckoned with. */
  private assume(name: AssumptionName, value: number): void {
    this.assumeAll(isCurrent(value) ? { ...this.assumptions, [name]: value } : this.assumptions);
  }

  private assumeAll(assumptions: PowerAssumptions): void {
    this.assumptions = assumptions;
    this.context.saveState(assumptions);
    this.show();
  }
}

function section(title: string, content: TemplateResult): TemplateResult {
  const id = `executor-${title.toLowerCase().replaceAll(" ", "-")}`;
  return html`<section aria-labelledby=${id}>
    <h2 id=${id}>${title}</h2>
    ${content}
  </section>`;
}
