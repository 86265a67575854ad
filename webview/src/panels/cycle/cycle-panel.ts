import { html, nothing, render, type TemplateResult } from "lit";
import { nanoseconds } from "#adapter/base/brand";
import { formatInstant } from "#adapter/base/duration";
import type { PollCycleBody } from "#adapter/protocol/poll-cycle";
import { element } from "../../view/dom";
import type { PanelAction, PanelSession, Selection } from "../messages";
import { type Panel, type PanelContext, Refusal } from "../panel";
import { type CycleState, emptyWords, parseCycleState, shownThread } from "./cycle-choice";
import { cycleDrawing } from "./cycle-drawing";
import { type CycleRow, cycleRows } from "./cycle-rows";

const STEPS: readonly { readonly action: PanelAction; readonly name: string; readonly what: string }[] = [
  {
    action: "pollscope.stepToNextTaskEvent",
    name: "Next event",
    what: "Run until something happens to the task that is chosen in CALL STACK",
  },
  { action: "pollscope.stepToNextWake", name: "Next wake", what: "Run until a task is woken" },
  { action: "pollscope.stepToNextPoll", name: "Next poll", what: "Run until a poll begins" },
  {
    action: "pollscope.stepToEndOfPoll",
    name: "End of poll",
    what: "Run until the poll that is under way has returned",
  },
];

/** The last poll-wake cycle of a task as a sequence diagram that grows with each step. */
export class CyclePanel implements Panel {
  readonly root = element("div", { className: "cycle" });
  private state: CycleState;
  private session: PanelSession | undefined;
  private body: PollCycleBody | undefined;
  /** Selected in another panel since the last stop. */
  private selected: number | null = null;

  constructor(private readonly context: PanelContext) {
    this.state = parseCycleState(context.savedState);
    this.show();
  }

  async update(session: PanelSession): Promise<void> {
    const before = this.session;
    if (before?.stop?.time !== session.stop?.time || before?.focus !== session.focus) this.selected = null;
    if (before !== undefined && before.name !== session.name) this.body = undefined;
    this.session = session;
    if (session.phase !== "over") await this.look(session);
    this.show();
  }

  onSelected({ threadId }: Selection): void {
    if (threadId === undefined) return;
    this.selected = threadId;
    this.lookAgain();
  }

  private async look(session: PanelSession): Promise<void> {
    const threadId = shownThread(this.state, session, this.body?.tasks ?? [], this.selected);
    this.body = await this.context.ask("pollscope/pollCycle", { threadId });
  }

  private choose(task: string | null): void {
    this.state = { task };
    this.selected = null;
    this.context.saveState(this.state);
    this.lookAgain();
  }

  private lookAgain(): void {
    if (this.session === undefined || this.session.phase === "over") return;
    this.look(this.session).then(
      () => this.show(),
      (error: unknown) => {
        // The session has ended meanwhile, or another has begun: the next update tells.
        if (!(error instanceof Refusal)) throw error;
      },
    );
  }

  private show(): void {
    const { body, session } = this;
    const phase = session?.phase ?? "over";
    const rows = body === undefined ? [] : cycleRows(body);
    this.root.classList.toggle("is-past", phase === "over");
    const empty = session === undefined ? null : emptyWords(body, phase);
    render(
      html`${this.bar(phase === "stopped")}
        <p class="cycle-when" role="status">${empty ?? this.whenWords(rows, phase)}</p>
        ${rows.length === 0 ? nothing : cycleDrawing(rows, (place) => this.context.open(place))}`,
      this.root,
    );
  }

  private bar(isStopped: boolean): TemplateResult {
    return html`<div class="cycle-bar">
      ${this.picker()}
      <div class="cycle-buttons" role="group" aria-label="Step">
        ${STEPS.map(
          ({ action, name, what }) =>
            html`<button
              type="button"
              class="step-button"
              title=${what}
              ?disabled=${!isStopped}
              @click=${() => this.context.act(action)}
            >
              ${name}
            </button>`,
        )}
      </div>
    </div>`;
  }

  private picker(): TemplateResult {
    const { body, state } = this;
    const tasks = body?.tasks ?? [];
    const isGone = state.task !== null && !tasks.some(({ name }) => name === state.task);
    const names = [...tasks.map(({ name }) => name), ...(isGone ? [state.task] : [])];
    const followed = state.task === null && body?.task ? `CALL STACK: ${body.task.name}` : "As in CALL STACK";
    return html`<select
      class="cycle-task"
      aria-label="Task"
      @change=${({ target }: Event) => this.choose((target as HTMLSelectElement).value || null)}
    >
      <option value="" .selected=${state.task === null}>${followed}</option>
      ${names.map((name) => html`<option value=${name} .selected=${name === state.task}>${name}</option>`)}
    </select>`;
  }

  /** The instant, and what has happened last: it is read out when it changes. */
  private whenWords(rows: readonly CycleRow[], phase: PanelSession["phase"]): string {
    const { body } = this;
    if (body === undefined) return "";
    const at = `At ${formatInstant(nanoseconds(body.time))} s`;
    if (phase === "running") return `${at}, running.`;
    const current = rows.find(({ look }) => look === "current");
    const last = current === undefined ? "" : ` The last step: ${current.title}.`;
    return phase === "over" ? `${at}; the session has ended.` : `${at}.${last}`;
  }
}
