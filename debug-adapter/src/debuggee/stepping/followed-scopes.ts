import type { Address } from "../../base/brand";
import type { Removable, Target } from "../../target/target";
import type { Firmware } from "../firmware";
import type { CodeScope } from "./code-rows";
import { type ProgramCode, programCode } from "./program-code";
import { ScopeRuns } from "./scope-runs";
import type { StepFrame } from "./step-stack";

interface Followed {
  readonly runs: ScopeRuns;
  users: number;
  /** When the last user left; of nobody's interest while there are users. */
  leftAt: number | undefined;
}

const known = new WeakMap<Target, FollowedScopes>();

/** What is followed in a target. */
export function followedScopes(target: Target, firmware: Firmware): FollowedScopes {
  let followed = known.get(target);
  if (followed === undefined)
    known.set(target, (followed = new FollowedScopes(target, programCode(firmware))));
  return followed;
}

/** The scopes that breakpoints and steps follow: each is followed once, for as long as somebody needs it. */
export class FollowedScopes {
  private readonly all = new Map<CodeScope, Followed>();

  constructor(
    private readonly target: Target,
    private readonly code: ProgramCode,
  ) {}

  follow(scope: CodeScope): Removable & { readonly runs: ScopeRuns } {
    let followed = this.all.get(scope);
    if (followed === undefined) {
      followed = { runs: new ScopeRuns(scope, this.code, this.target), users: 0, leftAt: undefined };
      this.all.set(scope, followed);
    }
    const { runs } = followed;
    if (followed.users === 0) runs.watch({ goesOn: this.isKnown(followed) });
    followed.users++;
    return { runs, remove: () => this.leave(followed) };
  }

  /** Goes on to follow what is known where the debuggee stands. */
  followKnown(): Removable {
    const known = [...this.all].filter(([, followed]) => this.isKnown(followed));
    const kept = known.map(([scope]) => this.follow(scope));
    return { remove: () => kept.forEach((each) => each.remove()) };
  }

  /** Follows the copies of async bodies around some code, one in the other. */
  followBodiesAround(scope: CodeScope | undefined): Removable[] {
    const followed: Removable[] = [];
    for (let around = scope; around?.parent !== undefined; around = around.parent) {
      if (this.code.bodies.bodyOf(around) !== undefined) followed.push(this.follow(around));
    }
    return followed;
  }

  /** The future that is polled in a frame where the debuggee stands, as far as that was seen on the way there. */
  futureIn(frame: StepFrame): Address | undefined {
    const followed = this.all.get(frame.scope);
    return followed !== undefined && this.isKnown(followed) ? followed.runs.futureIn(frame) : undefined;
  }

  /** What was seen counts for as long as all that is executed is watched. */
  private isKnown({ users, leftAt }: Followed): boolean {
    return users > 0 || leftAt === this.target.now;
  }

  private leave(followed: Followed): void {
    followed.users--;
    if (followed.users > 0) return;
    followed.runs.unwatch();
    followed.leftAt = this.target.now;
  }
}
