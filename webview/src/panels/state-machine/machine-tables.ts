import { html, nothing, type TemplateResult } from "lit";
import { nanoseconds } from "#adapter/base/brand";
import { formatDuration, formatInstant } from "#adapter/base/duration";
import type { ProtocolState, StateMachineBody } from "#adapter/protocol/state-machine";
import type { SourcePlace } from "#adapter/trace/trace";
import { formatCount, formatPlace, formatShortPlace } from "../../format";
import {
  chipWords,
  countWords,
  savedName,
  stateMeaning,
  stateTitle,
  stayWords,
  titleOf,
  wakeWords,
} from "./machine-words";

export interface TableEvents {
  readonly onChoose: (row: number) => void;
  readonly onOpen: (place: SourcePlace) => void;
  /** The state machine of what is awaited is to be shown. */
  readonly onFollow: (machine: number) => void;
  /** A live future's task was chosen. */
  readonly onSelect: (threadId: number) => void;
}

/** Every state with what is drawn of it, for the keyboard and for screen readers. */
export function statesTable(
  machine: StateMachineBody,
  selected: number | null,
  events: TableEvents,
): TemplateResult {
  return html`<table class="machine-table">
    <caption>
      States
    </caption>
    <thead>
      <tr>
        <th scope="col">State</th>
        <th scope="col">What it means</th>
        <th scope="col" class="number">Bytes</th>
        <th scope="col">Now</th>
      </tr>
    </thead>
    <tbody>
      ${machine.states.map((_, row) => stateRow(machine, row, row === selected, events))}
    </tbody>
  </table>`;
}

function stateRow(
  { states, history, instances }: StateMachineBody,
  row: number,
  isSelected: boolean,
  { onChoose, onOpen, onSelect }: TableEvents,
): TemplateResult {
  const state = states[row]!;
  const stood = history.stays.find((each) => each.row === row);
  const stay = stayWords(stood);
  const here = instances.filter((each) => each.row === row);
  const wakes = stood === undefined ? "" : wakeWords(stood);
  return html`<tr class=${isSelected ? "selected" : ""}>
    <th scope="row">
      <button type="button" class="link" aria-pressed=${isSelected} @click=${() => onChoose(row)}>
        ${stateTitle(state, row)}
      </button>
      <br />${placeButton(state.place, onOpen)}
    </th>
    <td class="text">
      ${stateMeaning(state)}
      ${stay === null ? nothing : html`<br /><span class="aside">stood here ${stay}</span>`}
      ${wakes === "" ? nothing : html`<br /><span class="aside">${wakes}</span>`}
    </td>
    <td class="number">${state.saved.length === 0 ? "–" : state.bytes}</td>
    <td class="text">
      ${here.map((each) => {
        const { text, title } = chipWords(each);
        return html`<button type="button" class="link" title=${title} @click=${() => onSelect(each.threadId)}>
          ${text}
        </button>`;
      })}
    </td>
  </tr>`;
}

function placeButton(place: SourcePlace | null, onOpen: (place: SourcePlace) => void): TemplateResult {
  if (place === null) return html`<span class="aside">line not known</span>`;
  return html`<button
    type="button"
    class="link"
    title="Open ${formatPlace(place)}"
    @click=${() => onOpen(place)}
  >
    ${formatShortPlace(place)}
  </button>`;
}

/** What the chosen state keeps, the largest first. */
export function savedTable(
  { bytes: whole }: StateMachineBody,
  state: ProtocolState,
  row: number,
  { onFollow }: TableEvents,
): TemplateResult {
  const title = stateTitle(state, row);
  if (state.saved.length === 0) return html`<p class="machine-note">${title} keeps nothing.</p>`;
  const saved = state.saved.toSorted((a, b) => b.bytes - a.bytes || a.offset - b.offset);
  const { awaited } = state;
  return html`<table class="machine-table">
    <caption>
      ${title} keeps ${state.bytes} of the ${whole} B
    </caption>
    <thead>
      <tr>
        <th scope="col">Value</th>
        <th scope="col">Type</th>
        <th scope="col" class="number">Bytes</th>
        <th scope="col" class="number wide">Offset</th>
        <th scope="col"></th>
      </tr>
    </thead>
    <tbody>
      ${saved.map(
        (each) =>
          html`<tr>
            <th scope="row"><span class="swatch ${each.role}"></span>${savedName(each)}</th>
            <td class="text">
              ${
                each.role === "awaitee" && awaited !== null
                  ? html`<button
                      type="button"
                      class="link"
                      title="Show its state machine"
                      @click=${() => onFollow(awaited)}
                    >
                      ${each.type}
                    </button>`
                  : each.type
              }
            </td>
            <td class="number">${each.bytes}</td>
            <td class="number wide">${each.offset}</td>
            <td class="aside text">
              ${each.mayBeDropped ? "a drop flag says whether it is still there" : nothing}
              ${each.ownBytes < each.bytes ? `${each.bytes - each.ownBytes} B of it are a part of another` : nothing}
            </td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** What one would save by moving a variable of the largest state. */
export function savingsTable(machine: StateMachineBody): TemplateResult | typeof nothing {
  const { savings, largest } = machine;
  if (largest === null || savings.length === 0) return nothing;
  return html`<table class="machine-table">
      <caption>
        What moving a variable of ${titleOf(machine, largest)} would save
      </caption>
      <thead>
        <tr>
          <th scope="col">Variable</th>
          <th scope="col" class="number">Bytes</th>
          <th scope="col" class="number">Saves at most</th>
          <th scope="col">Then most is kept by</th>
        </tr>
      </thead>
      <tbody>
        ${savings.map(
          ({ name, bytes, atMost, largestThen }) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td class="number">${bytes}</td>
              <td class="number">${atMost === 0 ? "nothing" : `${atMost} B`}</td>
              <td>${titleOf(machine, largestThen)}</td>
            </tr>`,
        )}
      </tbody>
    </table>
    <p class="machine-note">
      Moving: its scope ends before the await, or it lives in a static, or a reference is passed instead. No
      layout of what is left is smaller; how much larger it gets only the compiler tells.
    </p>`;
}

/** How it went from state to state. */
export function transitionsTable(machine: StateMachineBody): TemplateResult | typeof nothing {
  const { transitions } = machine.history;
  if (transitions.length === 0) return nothing;
  const sorted = transitions.toSorted(
    (a, b) => (a.from ?? 99) - (b.from ?? 99) || (a.to ?? 99) - (b.to ?? 99),
  );
  return html`<table class="machine-table">
    <caption>
      Polls, by where they found it and where they left it
    </caption>
    <thead>
      <tr>
        <th scope="col">From</th>
        <th scope="col">To</th>
        <th scope="col" class="number">Count</th>
        <th scope="col" class="number">Mean poll</th>
        <th scope="col" class="number wide">Last, at s</th>
      </tr>
    </thead>
    <tbody>
      ${sorted.map(
        (each) =>
          html`<tr title="${formatCount(each.count)} polls, ${time(each.pollTime)} in all">
            <td>${titleOf(machine, each.from)}</td>
            <td>${titleOf(machine, each.to)}</td>
            <td class="number">${countWords(each)}</td>
            <td class="number">${time(each.pollTime / each.count)}</td>
            <td class="number wide">${formatInstant(nanoseconds(each.lastAt))}</td>
          </tr>`,
      )}
    </tbody>
  </table>`;
}

function time(length: number): string {
  return formatDuration(nanoseconds(length));
}

/** Live futures whose state is not known. */
export function strayInstances({ instances }: StateMachineBody): TemplateResult | typeof nothing {
  const strays = instances.filter(({ row }) => row === null);
  if (strays.length === 0) return nothing;
  return html`<ul class="machine-note">
    ${strays.map((each) => html`<li>${chipWords(each).title}</li>`)}
  </ul>`;
}
