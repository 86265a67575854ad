import { html, nothing, render, type TemplateResult } from "lit";
import { nanoseconds } from "#adapter/base/brand";
import { formatInstant } from "#adapter/base/duration";
import type { MachineName, StateMachineBody } from "#adapter/protocol/state-machine";
import type { SourcePlace } from "#adapter/trace/trace";
import { formatPlace, formatShortPlace } from "../../format";
import { element, oncePerFrame } from "../../view/dom";
import type { PanelSession, Selection } from "../messages";
import { type Panel, type PanelContext, Refusal } from "../panel";
import {
  askedMachine,
  type MachineChoice,
  machineGroups,
  parseMachineChoice,
  shownState,
} from "./machine-choice";
import { machineDrawing } from "./machine-drawing";
import {
  savedTable,
  savingsTable,
  statesTable,
  strayInstances,
  type TableEvents,
  transitionsTable,
} from "./machine-tables";
import { historyWords, shortName, sizeWords } from "./machine-words";

/** The drawing is never wider: what belongs together would be far apart. */
const WIDEST = 560;

/** The state machine that the compiler has made of an async function, with what the run shows of it. */
export class StateMachinePanel implements Panel {
  readonly root = element("div", { className: "state-machine" });
  private choice: MachineChoice;
  private session: PanelSession | undefined;
  private machines: readonly MachineName[] = [];
  private body: StateMachineBody | undefined;
  /** The thread that was selected in another panel since the last stop. */
  private selected: number | null = null;
  private refusal: string | null = null;

  constructor(private readonly context: PanelContext) {
    this.choice = parseMachineChoice(context.savedState);
    new ResizeObserver(oncePerFrame(() => this.show())).observe(this.root);
    this.show();
  }

  async update(session: PanelSession): Promise<void> {
    const before = this.session;
    this.session = session;
    if (before?.stop?.time !== session.stop?.time || before?.focus !== session.focus) this.selected = null;
    // Another session, perhaps of another program.
    if (before?.name !== session.name || before.phase === "over") this.machines = [];
    if (session.phase !== "over") await this.look(session);
    this.show();
  }

  onSelected({ threadId, asyncFunction }: Selection): void {
    if (asyncFunction !== undefined) {
      scrollTo(0, 0);
      this.choose({ machine: { name: asyncFunction, generics: "" }, state: null });
    } else if (threadId !== undefined) {
      this.selected = threadId;
      this.lookAgain();
    }
  }

  private async look(session: PanelSession): Promise<void> {
    this.refusal = null;
    if (this.machines.length === 0) {
      const { machines } = await this.context.ask("pollscope/stateMachines", undefined);
      this.machines = machines;
    }
    const { machines, selected } = this;
    const asked = askedMachine(this.choice, session, { machines, selected });
    const before = this.body?.time ?? 0;
    this.body = await this.context.ask("pollscope/stateMachine", asked);
    // Time goes back only where the session was restarted: then it may be another program.
    if (this.body.time >= before) return;
    this.machines = [];
    await this.look(session);
  }

  private choose(changed: Partial<MachineChoice>): void {
    this.choice = { ...this.choice, ...changed };
    this.selected = null;
    this.context.saveState(this.choice);
    if (changed.machine === undefined) this.show();
    else this.lookAgain();
  }

  private chooseMachine(machine: number | null): void {
    const name = this.machines.find((each) => each.machine === machine);
    const chosen = name === undefined ? null : { name: name.name, generics: name.generics };
    this.choose({ machine: chosen, state: null });
    scrollTo(0, 0);
  }

  private lookAgain(): void {
    const { session } = this;
    if (session === undefined || session.phase === "over") return;
    this.look(session)
      .catch((error: unknown) => {
        if (!(error instanceof Refusal)) throw error;
        this.refusal = error.sentence;
      })
      .finally(() => this.show());
  }

  private show(): void {
    const { body, session } = this;
    const isPast = session?.phase === "over";
    this.root.classList.toggle("is-past", isPast);
    const notice = this.refusal ?? (isPast && body === undefined ? "The session has ended." : null);
    render(
      html`${this.bar()}
        <p class="machine-notice" role="status">${notice ?? ""}</p>
        ${body === undefined ? nothing : this.machine(body)}`,
      this.root,
    );
  }

  private bar(): TemplateResult {
    const { body, choice } = this;
    const shown = choice.machine === null ? null : body?.machine;
    const followed =
      choice.machine === null && body !== undefined ? `CALL STACK: ${shortName(body)}` : "As in CALL STACK";
    const onChange = ({ target }: Event) => {
      const { value } = target as HTMLSelectElement;
      this.chooseMachine(value === "" ? null : Number(value));
    };
    return html`<div class="machine-bar">
      <select class="machine-picker" aria-label="Async function" @change=${onChange}>
        <option value="" .selected=${choice.machine === null}>${followed}</option>
        ${machineGroups(this.machines).map(
          ({ label, options }) =>
            html`<optgroup label=${label}>
              ${options.map(
                ({ machine, text }) =>
                  html`<option value=${machine} .selected=${machine === shown}>${text}</option>`,
              )}
            </optgroup>`,
        )}
      </select>
    </div>`;
  }

  private machine(body: StateMachineBody): TemplateResult {
    const focus = this.session?.focus ?? null;
    const selected = shownState(this.choice, body, focus);
    const state = selected === null ? undefined : body.states[selected];
    const onOpen = (place: SourcePlace) => this.context.open(place);
    const onChoose = (row: number) => this.choose({ state: body.states[row]?.name ?? null });
    const onFollow = (machine: number) => this.chooseMachine(machine);
    const onSelect = (threadId: number) => this.context.select({ threadId });
    const events: TableEvents = { onOpen, onChoose, onFollow, onSelect };
    const width = Math.min(WIDEST, Math.max(240, this.root.clientWidth - 24));
    return html`
      <h2 class="machine-name">
        ${shortName(body)}
        ${
          body.place === null
            ? nothing
            : html`<button
                type="button"
                class="link"
                title="Open ${formatPlace(body.place)}"
                @click=${() => onOpen(body.place!)}
              >
                ${formatShortPlace(body.place)}
              </button>`
        }
      </h2>
      <p class="machine-note">${sizeWords(body)}</p>
      <p class="machine-when">${whenWords(body, this.session)}</p>
      <div class="machine-parts">
        ${machineDrawing({ machine: body, width, selected, focus, onChoose, onOpen, onSelect })}
        <div class="machine-tables">
          ${state === undefined || selected === null ? nothing : savedTable(body, state, selected, events)}
          ${savingsTable(body)}
          ${historyWords(body).map((words) => html`<p class="machine-note">${words}</p>`)}
          ${strayInstances(body)} ${transitionsTable(body)} ${statesTable(body, selected, events)}
        </div>
      </div>
    `;
  }
}

/** The instant that the counts and the live futures are of. */
function whenWords({ time }: StateMachineBody, session: PanelSession | undefined): string {
  const at = `At ${formatInstant(nanoseconds(time))} s`;
  switch (session?.phase) {
    case "running":
      return `${at}, running.`;
    case "over":
      return `${at}; the session has ended.`;
    default:
      return `${at}.`;
  }
}
