import { html, nothing, svg, type TemplateResult } from "lit";
import { nanoseconds } from "#adapter/base/brand";
import { formatInstant } from "#adapter/base/duration";
import type { ExecutorBody, ProtocolExecutor, ProtocolPool } from "#adapter/protocol/executor";
import { formatAmount, formatCount, formatShare } from "../../format";
import { dueWords, entryWords, executorName, rounds, timerNote } from "./executor-words";
import { type BarPiece, barPieces } from "./bar-pieces";
import { poolBytes, ramPieces, slotPieces, usedSlots } from "./memory-bars";

/** Slots that are drawn of one pool; the table counts all. */
const MOST_DRAWN = 64;

export type ChooseTask = (threadId: number) => void;

/** What each executor polls, and will poll. */
export function queuesView({ executors, time }: ExecutorBody, choose: ChooseTask): TemplateResult {
  if (executors.kind === "unknown") return unknown(executors.reason);
  if (executors.list.length === 0) return unknown("no task has been spawned");
  return html`${executors.list.map((each) => queueView(each, time, choose))}`;
}

/** Why a board does not tell how its core spends its time. */
const NOT_WATCHED = "on a board nobody sees how the core spends its time";

function queueView(executor: ProtocolExecutor, time: number, choose: ChooseTask): TemplateResult {
  const { address, polled, queue, doubt } = executor;
  return html`<h3 title=${`at ${address}`}>${executorName(executor)}</h3>
    ${polled === null ? nothing : html`<p>Polls ${taskButton(polled, choose)}.</p>`}
    ${queue.length === 0 ? html`<p class="aside">No task waits to be polled.</p>` : nothing}
    ${rounds(queue).map(
      ({ title, entries }) =>
        html`<p class="round">${title}</p>
          <ol class="queue" aria-label=${title}>
            ${entries.map(
              (each) =>
                html`<li>
                  ${taskButton(each, choose)} <span class="aside">${entryWords(each, time)}</span>
                </li>`,
            )}
          </ol>`,
    )}
    ${doubt === null ? nothing : html`<p class="aside">The order may be another: ${doubt}.</p>`}`;
}

/** Who is woken by time, and when. */
export function timersView({ timers, time }: ExecutorBody, choose: ChooseTask): TemplateResult {
  if (timers.kind === "unknown") return unknown(timers.reason);
  if (timers.entries.length === 0) return html`<p class="aside">No timer is set.</p>`;
  return html`<table>
    <thead>
      <tr>
        <th scope="col">Task</th>
        <th scope="col">Due</th>
        <th scope="col" class="wide">At</th>
      </tr>
    </thead>
    <tbody>
      ${timers.entries.map((each) => {
        const note = timerNote(each);
        const at = each.dueAt === null ? "–" : `${formatInstant(nanoseconds(each.dueAt)).slice(0, -4)} s`;
        return html`<tr>
          <td>
            ${taskButton(each, choose)}${note === null ? nothing : html` <span class="aside">${note}</span>`}
          </td>
          <td class="number">${dueWords(each, time)}</td>
          <td class="number wide">${at}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** What the memory of the tasks is used for, drawn and as a table. */
export function memoryView({ pools, ram }: ExecutorBody): TemplateResult {
  const whole = ramPieces(ram, pools);
  const whose = ram.of === "linker" ? "of the RAM that its linker script gives it" : "of the chip's RAM";
  return html`<p class="aside">
      Statics take ${formatCount(ram.staticBytes)} of ${formatCount(ram.bytes)} bytes
      (${formatShare(ram.staticBytes, ram.bytes)} ${whose}).
    </p>
    ${bar(whole, "RAM")} ${legend(whole)}
    ${
      pools.length === 0
        ? html`<p class="aside">There is no memory of tasks that is known.</p>`
        : html`<ul class="pools">
              ${pools.map((pool) => poolView(pool))}
            </ul>
            ${legend(pools.flatMap((pool) => pool.slots.flatMap((slot) => slotPieces(pool, slot))))}
            ${poolTable(pools, ram.bytes)}`
    }`;
}

function poolView(pool: ProtocolPool): TemplateResult {
  const drawn = pool.slots.slice(0, MOST_DRAWN);
  const more = pool.slots.length - drawn.length;
  return html`<li>
    <span class="pool-name" title=${whereWords(pool)}>${pool.name}</span>
    <span class="slots"
      >${drawn.map((slot, i) =>
        bar(slotPieces(pool, slot), `${pool.name}[${i}], ${slot.state}`),
      )}${more === 0 ? nothing : html`<span class="aside">${formatAmount(more, "more slot")}</span>`}</span
    >
  </li>`;
}

/** The static that a pool is, and where. */
function whereWords({ staticName, address }: ProtocolPool): string {
  return staticName === null ? `at ${address}` : `${staticName} at ${address}`;
}

function poolTable(pools: readonly ProtocolPool[], ram: number): TemplateResult {
  return html`<table class="pool-table">
    <thead>
      <tr>
        <th scope="col">Pool</th>
        <th scope="col">Used</th>
        <th scope="col" class="wide">Ever used</th>
        <th scope="col">Slot</th>
        <th scope="col" class="wide">Header</th>
        <th scope="col" class="wide">Future</th>
        <th scope="col">All</th>
        <th scope="col" class="wide">Of RAM</th>
      </tr>
    </thead>
    <tbody>
      ${pools.map((pool) => {
        const { name, slots, slotBytes, headerBytes, futureBytes, everUsed } = pool;
        return html`<tr>
          <td>${name} <span class="aside wide">${whereWords(pool)}</span></td>
          <td class="number">${usedSlots(pool)} of ${slots.length}</td>
          <td class="number wide">${everUsed}</td>
          <td class="number">${formatCount(slotBytes)}</td>
          <td class="number wide">${formatCount(headerBytes)}</td>
          <td class="number wide">${futureBytes === null ? "–" : formatCount(futureBytes)}</td>
          <td class="number">${formatCount(poolBytes(pool))}</td>
          <td class="number wide">${formatShare(poolBytes(pool), ram)}</td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

/** How the core spent its time since power-on. */
export function coreView({ whole, recent, core }: ExecutorBody): TemplateResult {
  if (whole === null || recent === null) return unknown(NOT_WATCHED);
  const { duration, asleep, polling, interrupts } = whole;
  const rest = Math.max(0, duration - asleep - polling - interrupts);
  const shares = barPieces(duration, [
    { kind: "asleep", label: "asleep", amount: asleep },
    { kind: "polling", label: "polling tasks", amount: polling },
    { kind: "interrupts", label: "in interrupts", amount: interrupts },
    { kind: "rest", label: "starting up and scheduling", amount: rest },
  ]);
  return html`<p>
      Asleep <strong>${formatShare(asleep, duration)}</strong> of the run,
      <strong>${formatShare(recent.asleep, recent.duration)}</strong> of the last
      second${core === "" ? nothing : html`; now ${core}`}.
    </p>
    ${bar(shares, "The run so far")}
    <ul class="legend">
      ${shares.map(
        ({ kind, label, share }) =>
          html`<li>
            <span class="swatch is-${kind}" aria-hidden="true"></span>${label} ${formatShare(share, 1)}
          </li>`,
      )}
    </ul>`;
}

function bar(pieces: readonly BarPiece[], label: string): TemplateResult {
  const words = pieces.map((each) => `${each.label} ${formatShare(each.share, 1)}`).join(", ");
  return html`<svg
    class="bar"
    viewBox="0 0 100 10"
    preserveAspectRatio="none"
    role="img"
    aria-label=${`${label}: ${words}`}
  >
    <title>${label}: ${words}</title>
    ${pieces.map(
      ({ kind, from, share }) =>
        svg`<rect class=${`is-${kind}`} x=${from * 100} y="0" width=${share * 100} height="10"></rect>`,
    )}
  </svg>`;
}

/** Each kind of piece once. */
function legend(pieces: readonly BarPiece[]): TemplateResult {
  const kinds = new Map(pieces.map(({ kind, label }) => [kind, label]));
  return html`<ul class="legend">
    ${[...kinds].map(
      ([kind, label]) => html`<li><span class="swatch is-${kind}" aria-hidden="true"></span>${label}</li>`,
    )}
  </ul>`;
}

function taskButton(
  { threadId, name }: { readonly threadId: number; readonly name: string },
  choose: ChooseTask,
): TemplateResult {
  return html`<button type="button" class="task-link" @click=${() => choose(threadId)}>${name}</button>`;
}

function unknown(reason: string): TemplateResult {
  return html`<p class="aside">Not known: ${reason}.</p>`;
}
