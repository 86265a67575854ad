import type { Nanoseconds } from "../../../base/brand";
import { formatInstant } from "../../../base/duration";
import { hexAddress } from "../../../base/hex-address";
import type { FindingList } from "../../../analysis/finding";
import { placeKey } from "../../../analysis/task-places";
import { placeOf } from "../../../futures/suspension";
import type { TaskIndex } from "../../../trace/event";
import type { Debuggee } from "../../debuggee";
import type { TrackedFuture } from "./dropped-futures";
import type { RestingFuture } from "../at-rest/resting-futures";

/** Tells of a future that is polled at another place than before. */
export function reportMoved(
  task: TaskIndex,
  { future, since, movedFrom }: TrackedFuture,
  time: Nanoseconds,
  { trace }: Debuggee,
  findings: FindingList,
): void {
  const { node, owner, keeper, address, body } = future;
  const place = owner?.place ?? keeper?.place ?? node.place;
  const begunAt = placeOf(body.declaration);
  findings.add({
    key: `moved-after-poll:${task}:${placeKey(place)}:${node.name}`,
    weight: 0,
    kind: "moved-after-poll",
    severity: "error",
    title: `${node.name} is polled after it was moved`,
    tasks: [task],
    span: { from: since, to: time },
    place,
    related: begunAt === null ? [] : [{ place: begunAt, text: `${node.name} begins here` }],
    evidence: [
      `it was suspended at ${hexAddress(movedFrom ?? 0)}; in the poll of ${trace.tasks[task]!.name} that ended at ${formatInstant(since)} s code that is not its own has put it, suspended as it was, at ${hexAddress(address)}`,
      `in the poll that ended at ${formatInstant(time)} s it was polled there: what it keeps may refer to where it was`,
    ],
    remedy:
      "a future must stay where it is from its first poll on: `pin!` it or box it before that, and look through `unsafe` code that makes a Pin for a value that it moves later",
  });
}

/** Tells of a future that is gone without a poll. */
export function reportNeverPolled(
  task: TaskIndex,
  {
    future,
    since,
    time,
  }: { readonly future: RestingFuture; readonly since: Nanoseconds; readonly time: Nanoseconds },
  { trace }: Debuggee,
  findings: FindingList,
): void {
  const { node, owner, keeper, body } = future;
  const place = (keeper ?? owner)?.place ?? placeOf(body.declaration);
  const begunAt = placeOf(body.declaration);
  const name = trace.tasks[task]!.name;
  findings.add({
    key: `never-polled:${task}:${node.name}:${placeKey(place)}`,
    weight: 0,
    kind: "never-polled",
    severity: "note",
    title: `${node.name} is made in ${name} and never polled: nothing of it is done`,
    tasks: [task],
    span: { from: since, to: time },
    place,
    related: begunAt === null ? [] : [{ place: begunAt, text: `${node.name} begins here` }],
    evidence: [
      `it was kept at this await from ${formatInstant(since)} s on, in its first state, and is gone after the poll that ended at ${formatInstant(time)} s`,
      `the program has no code that polls it`,
    ],
    remedy: "calling an async fn does nothing yet: await what it returns, or do not call it",
  });
}
