import { describe } from "vitest";
import { formatDuration, formatInstant } from "#adapter/base/duration";
import { nanoseconds } from "#adapter/base/brand";
import type { PollCycleBody } from "#adapter/protocol/poll-cycle";
import type { ProtocolState, StateMachineBody, StateMachinesBody } from "#adapter/protocol/state-machine";
import { goldenSession, type GoldenSession } from "./golden-session";

function shortPlace(place: { readonly file: string; readonly line: number } | null): string {
  return place === null ? "" : `  ${place.file.slice(place.file.lastIndexOf("/") + 1)}:${place.line}`;
}

async function ask<Body>(session: GoldenSession, command: string, args: object = {}): Promise<Body> {
  const response = await session.client.request(command, args);
  if (!response.success) throw new Error(response.message);
  return response.body as Body;
}

function tellState(session: GoldenSession, state: ProtocolState, machine: StateMachineBody): void {
  const awaits = state.awaiting === null ? "" : ` awaits ${state.awaiting}`;
  session.write(`  ${state.name} ${state.bytes} B${shortPlace(state.place)}${awaits}`);
  for (const { name, role, type, offset, bytes, ownBytes } of state.saved) {
    const own = ownBytes === bytes ? "" : ` (${ownBytes} of its own)`;
    session.write(`    ${offset}+${bytes} ${role} ${name}: ${type}${own}`);
  }
  const row = machine.states.indexOf(state);
  const stay = machine.history.stays.find((each) => each.row === row);
  if (stay !== undefined) {
    const wakes = stay.wokenBy.map(({ source, count }) => `${source} ${count}`).join(", ");
    session.write(
      `    stood here ${stay.count} times, ${formatDuration(nanoseconds(stay.time))}; woken by ${wakes || "nobody"}`,
    );
  }
  for (const { task, standing, note } of machine.instances.filter((each) => each.row === row)) {
    session.write(`    now: ${task} ${standing}${note === null ? "" : ` (${note})`}`);
  }
}

/** Tells a state machine: its states, what has happened, what could be saved. */
async function tellMachine(session: GoldenSession, name: string): Promise<StateMachineBody> {
  const { machines } = await ask<StateMachinesBody>(session, "pollscope/stateMachines");
  const found = machines.find((each) => each.name.endsWith(`::${name}`))!;
  const machine = await ask<StateMachineBody>(session, "pollscope/stateMachine", { machine: found.machine });
  const { bytes, alignment, otherBytes, largest, states, history } = machine;
  const nameOf = (row: number | null) => (row === null ? "?" : states[row]!.name);
  session.write(`${machine.name}: ${bytes} B, aligned to ${alignment}${shortPlace(machine.place)}`);
  session.write(`  largest ${nameOf(largest)}, ${otherBytes} B besides`);
  for (const state of states) tellState(session, state, machine);
  const body = history.isTaskBody ? "body of a task" : "awaited by others";
  session.write(`  ${body}, ${history.unknownPolls} polls not known`);
  for (const { from, to, count, pollTime, isCertain } of history.transitions) {
    const kind = isCertain ? "" : ", perhaps another future";
    session.write(
      `  ${nameOf(from)} -> ${nameOf(to)}: ${count} times, polls of ${formatDuration(nanoseconds(pollTime))}${kind}`,
    );
  }
  for (const { name: variable, bytes: own, atMost, largestThen } of machine.savings)
    session.write(`  without ${variable} (${own} B): at most ${atMost} B less, then ${nameOf(largestThen)}`);
  return machine;
}

/** Tells the cycle of a task as a reader of the panel sees it. */
async function tellCycle(session: GoldenSession, threadId: number): Promise<void> {
  const { task, polls, steps } = await ask<PollCycleBody>(session, "pollscope/pollCycle", { threadId });
  session.write(`cycle of ${task?.name ?? "no task"}, ${polls} polls so far`);
  for (const { from, to, label, title, text, time, duration, place, hasHappened } of steps) {
    const arrow = from === to ? from : `${from} -${label}-> ${to}`;
    const at = time === null ? "" : ` at ${formatInstant(nanoseconds(time))} s`;
    const took = duration === null ? "" : ` (${formatDuration(nanoseconds(duration))})`;
    session.write(`  ${hasHappened ? "*" : "o"} ${arrow}: ${title}${at}${took}${shortPlace(place)}`);
    if (text !== "") session.write(`      ${text}`);
  }
}

/** A press after 0.4 s, until something has happened for the n-th time. */
async function launchPressed(session: GoldenSession, name: string, hit: number): Promise<void> {
  await session.launch({ sample: "button-or-timeout", stimuli: ["press:15@400ms"] }, async () => {
    await session.breakpoints("setFunctionBreakpoints", {
      breakpoints: [{ name, hitCondition: String(hit) }],
    });
  });
}

describe("state machines", () => {
  for (const profile of ["dev", "release"]) {
    goldenSession(`state-machine-blink-${profile}`, async (session) => {
      await session.launch({ sample: `blink-${profile}`, stopOnEntry: true });
      session.heading("before anything has run");
      await tellMachine(session, "heartbeat_task");
      await session.breakpoints("setFunctionBreakpoints", {
        breakpoints: [{ name: "poll:heartbeat_task", hitCondition: "6" }],
      });
      await session.go("continue");
      session.heading("in the sixth poll of heartbeat_task");
      await tellMachine(session, "heartbeat_task");
      await tellMachine(session, "nap");
      await session.go("pollscope/endOfPoll");
      session.heading("behind it");
      await tellMachine(session, "nap");
      await tellMachine(session, "main");
    });
  }

  goldenSession("state-machine-branches", async (session) => {
    await launchPressed(session, "wake:watch_task", 2);
    await tellMachine(session, "watch_task");
    await tellMachine(session, "Input::wait_for_falling_edge");
    await tellMachine(session, "released");
  });

  goldenSession("state-machine-refused", async (session) => {
    await session.launch({ sample: "blink-dev", stopOnEntry: true });
    await session.ask("pollscope/stateMachine", {});
    await session.ask("pollscope/stateMachine", { machine: 99_999 });
    await session.ask("pollscope/stateMachine", { threadId: 77 });
    await session.ask("pollscope/pollCycle", { threadId: 77 });
  });
});

describe("poll-wake cycles", () => {
  goldenSession("poll-cycle-blink", async (session) => {
    await session.launch({ sample: "blink-release", stopOnEntry: true });
    await tellCycle(session, 1);
    await session.go("pollscope/nextTaskEvent");
    await tellCycle(session, 1);
    for (const command of [
      "nextPoll",
      "endOfPoll",
      "nextPoll",
      "endOfPoll",
      "nextWake",
      "nextPoll",
      "endOfPoll",
    ]) {
      await session.go(`pollscope/${command}`);
      await tellCycle(session, 1);
    }
    await session.breakpoints("setFunctionBreakpoints", { breakpoints: [{ name: "poll:blink_task" }] });
    session.heading("of a task that is parked, and of one that has ended");
    await session.go("continue");
    await tellCycle(session, await session.threadOf("heartbeat_task"));
    await tellCycle(session, await session.threadOf("main"));
  });

  goldenSession("poll-cycle-branches", async (session) => {
    await launchPressed(session, "wake:watch_task", 1);
    await tellCycle(session, await session.threadOf("watch_task"));
    await session.go("pollscope/endOfPoll");
    await tellCycle(session, await session.threadOf("watch_task"));
  });

  goldenSession("poll-cycle-hand-written", async (session) => {
    await session.launch({ sample: "countdown-release", stopOnEntry: true });
    await tellCycle(session, 1);
    for (const command of ["nextPoll", "nextWake", "endOfPoll", "nextPoll", "endOfPoll"]) {
      await session.go(`pollscope/${command}`);
      await tellCycle(session, 1);
    }
  });

  goldenSession("poll-cycle-lost", async (session) => {
    await session.launch({ sample: "lost-wake-bad" }, async () => {
      await session.breakpoints("setExceptionBreakpoints", { filters: ["lost-wake"] });
    });
    for (const { id, name } of await session.threads()) {
      if (id > 1 && name.includes("suspended")) await tellCycle(session, id);
    }
  });
});
