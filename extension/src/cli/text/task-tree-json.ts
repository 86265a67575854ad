import { hexAddress } from "#adapter/base/hex-address";
import type { CoreBacktrace } from "#adapter/debuggee/core-backtrace";
import type { InspectedTask } from "#adapter/debuggee/inspect-tasks";
import type { FutureNode } from "#adapter/futures/await-tree";
import { namesakeNote, type SavedValue } from "#adapter/futures/saved-values";
import { frameJson } from "./core-frame-json";
import { placeText, type ShowPath } from "./event-json";

/** What the core is in, for the task that is being polled. */
export type TaskStack = Pick<CoreBacktrace, "frames" | "reader">;

/** A task as `pollscope tasks --json` prints it. Fields are never left out; what is not known is null. */
export function taskTreeJson(
  { name, state, future }: InspectedTask,
  stack: TaskStack | undefined,
  showPath: ShowPath,
): Record<string, unknown> {
  return {
    task: name,
    state: state.kind,
    since_ns: state.kind === "unspawned" ? null : state.since,
    future: future === undefined ? null : futureJson(future, showPath),
    stack: stack === undefined ? [] : stack.frames.map((frame) => frameJson(frame, stack.reader, showPath)),
  };
}

function futureJson(future: FutureNode, showPath: ShowPath): Record<string, unknown> {
  const { name, type, address, label, state, place, isOwn, locals, wait, fields, note, children } = future;
  return {
    name,
    type,
    address: address === null ? null : hexAddress(address),
    label,
    state,
    at: place === null ? null : placeText(place, showPath),
    own: isOwn,
    locals: locals.map(localJson),
    waits_for:
      wait === null
        ? null
        : {
            kind: wait.kind,
            text: wait.text,
            due_in_ns: wait.dueIn,
            object: wait.object && { address: hexAddress(wait.object.address), name: wait.object.name },
            held_by: wait.heldBy,
          },
    fields,
    note,
    children: children.map((child) => futureJson(child, showPath)),
  };
}

function localJson(saved: SavedValue): Record<string, unknown> {
  const { name, type, address, byteSize, text, liveness } = saved;
  const note = namesakeNote(saved);
  return {
    name,
    type,
    address: hexAddress(address),
    bytes: byteSize,
    value: text,
    liveness,
    ...(note !== null && { note }),
  };
}
