import type { QuestionKind, TimelineQuestions } from "../trace/timeline/questions";

/** A question about the tracks of the run so far; answered while the firmware runs as well. */
export interface TimelineArguments<Kind extends QuestionKind = QuestionKind> {
  readonly question: Kind;
  readonly args: TimelineQuestions[Kind]["arguments"];
}

/** Writes the whole trace so far to a file; answered while the firmware runs as well. */
export interface SaveTraceArguments {
  /** An absolute path; what is there is written over. */
  readonly path: string;
  /** A trace file of Pollscope's, or one for Perfetto. */
  readonly form: "trace" | "perfetto";
}

export interface SaveTraceBody {
  /** The size of the file, in bytes. */
  readonly byteSize: number;
}

export interface TimelineBody {
  /** The instant up to which nothing is missing. */
  readonly head: number;
  /** How many tracks there are; more can only come. */
  readonly tracks: number;
  /** The answer, with its columns packed: `unpack` (trace/timeline/packed) makes a TimelineQuestions answer of it. */
  readonly answer: unknown;
}
