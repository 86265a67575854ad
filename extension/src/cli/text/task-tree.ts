import type { Nanoseconds } from "#adapter/base/brand";
import type { TaskState } from "#adapter/trace/task-state";
import type { SourcePlace } from "#adapter/trace/trace";

/** A task at one instant, as `pollscope tasks` shows it. */
export interface ShownTask {
  readonly name: string;
  readonly state: TaskState;
  /** What it awaits; undefined while it is being polled, before it is spawned, and after it has ended. */
  readonly future: ShownFuture | undefined;
}

/** A future with what it polls in turn. */
export interface ShownFuture {
  readonly name: string;
  readonly type: string;
  readonly address: number | null;
  /** Which part of the future around it: `2`, `[3]`; null where there is only one. */
  readonly label: string | null;
  readonly state: string;
  readonly place: SourcePlace | null;
  /** Whether it is of the user's own packages. */
  readonly isOwn: boolean;
  readonly locals: readonly ShownLocal[];
  readonly wait: ShownWait | null;
  readonly fields: string | null;
  readonly children: readonly ShownFuture[];
  readonly note: string | null;
}

export interface ShownLocal {
  readonly name: string | null;
  readonly type: string;
  readonly address: number;
  readonly byteSize: number;
  readonly text: string | null;
  readonly liveness: "live" | "dropped" | "maybe-dropped";
}

export interface ShownWait {
  readonly kind: string;
  readonly text: string;
  readonly object: { readonly address: number; readonly name: string | null } | null;
  readonly dueIn: Nanoseconds | null;
  readonly heldBy: readonly string[];
}
