import { UserError } from "../../base/errors";
import type { TimelineArguments, TimelineBody } from "../../protocol/timeline";
import { pack } from "../../trace/timeline/packed";
import { questionFault } from "../../trace/timeline/question-check";
import { answer, isQuestion } from "../../trace/timeline/questions";
import { Timeline } from "../../trace/timeline/timeline";
import type { Launched } from "../launched";

/** Made when the first question comes: a session without a timeline pays nothing for it. */
const timelines = new WeakMap<Launched, Timeline>();

/** Answers a question about the tracks of the run so far. What is under way is read up to the last event. */
export function timeline(launched: Launched, { question, args }: TimelineArguments): Promise<TimelineBody> {
  const fault = isQuestion(question)
    ? questionFault(question, args as Readonly<Record<string, unknown>>)
    : "there is no such question";
  if (fault !== undefined) {
    const what = `The client sent a "pollscope/timeline" request with a question that cannot be answered`;
    throw new UserError(`${what} (${question}: ${fault})`, "update Pollscope in both, client and adapter");
  }
  let known = timelines.get(launched);
  if (known === undefined) {
    known = new Timeline(launched.debuggee.trace);
    timelines.set(launched, known);
  }
  known.catchUp();
  const head = Math.round(launched.debuggee.target.now);
  const answered = pack(answer(known, question, args as never, head));
  return Promise.resolve({ head, tracks: known.tracks.length, answer: answered });
}
