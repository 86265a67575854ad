import { html, nothing, render, type TemplateResult } from "lit";
import { nanoseconds } from "#adapter/base/brand";
import { formatInstant } from "#adapter/base/duration";
import type { BoardBody, BoardPart, InputArguments } from "#adapter/protocol/board";
import { element } from "../../view/dom";
import type { PanelSession } from "../messages";
import { type Panel, type PanelContext, Refusal } from "../panel";
import { boardDrawing, DRAWING } from "./board-drawing";
import { BoardLook } from "./board-look";
import { partCard, type PartHands } from "./part-cards";
import { launchLines } from "./part-choices";
import { BOARD_PINS, headerPinOf } from "./pico-pinout";
import { pinTable } from "./pin-table";
import { pinFacts } from "./pin-words";
import { TerminalText } from "./terminal-text";
import { WireChoice, wireForm } from "./wire-form";

/** The Pico with what is wired to it, to be looked at and touched. */
export class BoardPanel implements Panel {
  readonly root = element("div", { className: "board-panel" });
  private readonly look = new BoardLook();
  private readonly terminals = new Map<string, TerminalText>();
  private readonly choice = new WireChoice();
  private readonly held = new Set<number>();
  private session: PanelSession | undefined;
  private selected: number | undefined;
  private pointed: BoardPart | undefined;
  /** What came of the last thing that was done here. */
  private message = "";
  /** Lines to be copied by hand, where the page may not write to the clipboard. */
  private linesToCopy: string | undefined;
  /** The temperature that is to be set next, while one is on its way. */
  private warming: { readonly part: string; readonly celsius: number } | undefined;
  private isWarming = false;

  constructor(private readonly context: PanelContext) {}

  async update(session: PanelSession): Promise<void> {
    this.session = session;
    try {
      if (session.phase !== "over") await this.refresh();
    } finally {
      this.show();
    }
  }

  private async refresh(): Promise<void> {
    const terminals = [...this.terminals].map(([part, { known }]) => ({ part, known }));
    const body = await this.context.ask("pollscope/board", { terminals });
    this.look.see(body);
    for (const { name, display } of body.parts) {
      if (display.kind !== "uart") continue;
      let text = this.terminals.get(name);
      if (text === undefined) this.terminals.set(name, (text = new TerminalText()));
      text.add(display);
    }
    for (const name of this.terminals.keys()) {
      if (!body.parts.some((part) => part.name === name)) this.terminals.delete(name);
    }
  }

  private show(): void {
    const body = this.look.now;
    const screens = [...this.root.querySelectorAll<HTMLElement>(".screen")];
    const atEnd = new Set(screens.filter(isAtEnd));
    render(body === undefined ? nothing : this.page(body), this.root);
    for (const screen of this.root.querySelectorAll<HTMLElement>(".screen")) {
      if (atEnd.has(screen) || !screens.includes(screen)) screen.scrollTop = screen.scrollHeight;
    }
  }

  private page(body: BoardBody): TemplateResult {
    const isOver = this.session?.phase === "over";
    const onSelect = (gpio: number) => {
      this.selected = gpio === this.selected ? undefined : gpio;
      this.show();
    };
    const marked = new Set(this.pointed?.pins.map(({ pin }) => pin));
    const { look, selected } = this;
    return html`<p class="aside when">At ${formatInstant(nanoseconds(body.time))} s${this.phaseWords()}.</p>
      <div class="bench">
        <div class="picture">
          <svg
            class="pico"
            viewBox="0 0 ${DRAWING.width} ${DRAWING.height}"
            role="img"
            aria-label="Raspberry Pi Pico; the pins are in the table below"
          >
            ${boardDrawing({ look, body, selected, marked, onSelect })}
          </svg>
          <p class="facts" role="status">${this.selectedWords(body)}</p>
        </div>
        <div class="parts">${this.parts(body, isOver)}</div>
      </div>
      <details class="pins">
        <summary>All pins as a table</summary>
        ${pinTable(body, look)}
      </details>`;
  }

  private parts(body: BoardBody, isOver: boolean): TemplateResult {
    const { look, choice } = this;
    const options = {
      look,
      isOver,
      hands: this.hands,
      isHeld: (pin: number) => this.held.has(pin),
      terminalText: (part: string) => this.terminals.get(part)?.text ?? "",
    };
    const onWire = (part: string) => {
      choice.forget();
      void this.touch({ kind: "wire", part });
    };
    return html`${
        body.parts.length === 0
          ? html`<p class="aside">No parts are wired to the board yet.</p>`
          : html`<ul>
              ${body.parts.map((part) => partCard(part, options))}
            </ul>`
      }
      ${wireForm({ choice, parts: body.parts, isOver, onChange: () => this.show(), onWire })}
      <p class="copy">
        <button class="plain" ?disabled=${isOver} @click=${() => void this.copyLaunch()}>
          Copy as launch configuration
        </button>
        <span class="aside"
          >${body.inputs === 0 ? "no inputs yet" : `${body.inputs} ${body.inputs === 1 ? "input" : "inputs"} so far`}</span
        >
      </p>
      <p class="message" role="alert">${this.message}</p>
      ${
        this.linesToCopy === undefined
          ? nothing
          : html`<textarea
              class="lines"
              readonly
              rows="8"
              aria-label="parts and stimuli of a launch configuration"
            >
${this.linesToCopy}</textarea>`
      }`;
  }

  private readonly hands: PartHands = {
    press: (pin) => {
      if (this.held.has(pin)) return;
      this.held.add(pin);
      void this.touch({ kind: "press", pin });
    },
    release: (pin) => {
      if (this.held.delete(pin)) void this.touch({ kind: "release", pin });
    },
    setTemperature: (part, celsius) => {
      this.warming = { part, celsius };
      void this.warm();
    },
    type: (uart, text) => {
      if (text !== "") void this.touch({ kind: "type", uart, text });
    },
    remove: (part) => void this.touch({ kind: "unwire", part }),
    point: (part) => {
      this.pointed = part;
      this.show();
    },
  };

  /** One temperature at a time: of a slider that is dragged only what it has come to is of interest. */
  private async warm(): Promise<void> {
    if (this.isWarming) return;
    this.isWarming = true;
    while (this.warming !== undefined) {
      const { part, celsius } = this.warming;
      this.warming = undefined;
      await this.touch({ kind: "temperature", part, millicelsius: Math.round(celsius * 1000) });
    }
    this.isWarming = false;
  }

  /** Does something to the board, and shows what has come of it. */
  private async touch(input: InputArguments): Promise<void> {
    this.show();
    await this.attempt(async () => {
      const { isAsleep } = await this.context.ask("pollscope/input", input);
      if (isAsleep) this.context.act("workbench.action.debug.continue");
      this.message = "";
      await this.refresh();
    });
  }

  private async copyLaunch(): Promise<void> {
    await this.attempt(async () => {
      const { launch } = await this.context.ask("pollscope/board", { withLaunch: true });
      if (launch === null) return;
      const lines = launchLines(launch);
      const isCopied = await navigator.clipboard.writeText(lines).then(
        () => true,
        () => false,
      );
      this.linesToCopy = isCopied ? undefined : lines;
      this.message = isCopied
        ? `Copied ${launch.parts.length} parts and ${launch.stimuli.length} stimuli: a run that is launched with them is the same.`
        : "Copy these lines into a launch configuration: a run that is launched with them is the same.";
    });
  }

  private async attempt(action: () => Promise<void>): Promise<void> {
    try {
      await action();
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      this.message = error.sentence;
    }
    this.show();
  }

  private phaseWords(): string {
    switch (this.session?.phase) {
      case "running":
        return ", running";
      case "stopped":
        return ", standing still; what you do now is seen when it goes on";
      default:
        return "; the session has ended";
    }
  }

  private selectedWords(body: BoardBody): string {
    const gpio = this.selected;
    if (gpio === undefined) return "Choose a pin to read all that is known of it.";
    const header = headerPinOf(gpio);
    const place = header === undefined ? (BOARD_PINS[gpio] ?? "") : `pin ${header.number}`;
    return `GP${gpio} (${place}): ${pinFacts(body.pins[gpio]!, this.look.highShare(gpio))}.`;
  }
}

function isAtEnd({ scrollTop, clientHeight, scrollHeight }: HTMLElement): boolean {
  return scrollTop + clientHeight >= scrollHeight - 4;
}
