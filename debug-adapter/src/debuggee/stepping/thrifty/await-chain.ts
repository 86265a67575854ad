import { address } from "../../../base/brand";
import type { ProgramFunction } from "../../../symbols/function";
import type { AsyncFunction } from "../../../symbols/async-functions";
import { poolOf } from "../../inspect-tasks";
import type { CodeRow } from "../code-rows";
import type { StepContext } from "../step-context";
import type { AwaitLink } from "../step-origin";

/** The code that polls the future of a link. */
export interface LinkCode {
  readonly owner: ProgramFunction;
  /** Behind its prologue, if the body is a function of its own: there it says which future it polls. */
  readonly entry: CodeRow | undefined;
}

/**
 * The stepped future and those that await it, outwards, by number. Between two of them there may be others, as the
 * `select` of which the inner one is a branch.
 */
export class AwaitChain {
  readonly links: readonly AwaitLink[];
  private readonly code: readonly (LinkCode | undefined)[];

  constructor(private readonly context: StepContext) {
    this.links = withRootAddress(context);
    this.code = this.links.map((link) => this.codeOf(link));
  }

  get outermost(): number {
    return this.links.length - 1;
  }

  /** What polls a link; undefined where there are several copies of it and the stack does not tell which one. */
  codeAt(link: number): LinkCode | undefined {
    return this.code[link];
  }

  /** The outermost link whose code is in a function; undefined if none is. */
  lastIn(owner: ProgramFunction): number | undefined {
    const last = this.code.findLastIndex((each) => each?.owner === owner);
    return last < 0 ? undefined : last;
  }

  firstIn(owner: ProgramFunction): number | undefined {
    const first = this.code.findIndex((each) => each?.owner === owner);
    return first < 0 ? undefined : first;
  }

  /**
   * Whether the next link awaits a link itself: then it polls it in each of its polls, is pending whenever that is, and
   * cannot go on without it.
   */
  isDirect(link: number): boolean {
    const inner = this.links[link];
    const outer = this.links[link + 1];
    if (inner === undefined || outer?.place === undefined) return false;
    const { states } = outer.future.body.coroutine;
    const here = states.filter(
      ({ kind, place }) => kind === "suspended" && place?.line === outer.place?.line,
    );
    const { asyncFunctions } = this.context.source.firmware.program;
    return (
      here.length > 0 &&
      here.every(
        ({ awaitee }) => awaitee !== undefined && asyncFunctions.ofType(awaitee.type) === inner.future.body,
      )
    );
  }

  /** The innermost link that is polled whenever a link is. */
  innermostWith(link: number): number {
    let at = link;
    while (at > 0 && this.isDirect(at - 1)) at--;
    return at;
  }

  private codeOf({ future: { body } }: AwaitLink): LinkCode | undefined {
    const { origin, code } = this.context;
    const { entries } = code.lines.ofBody(body);
    const onStack = origin.frames.find(({ future }) => future?.body === body)?.scope.owner;
    const owners = onStack === undefined ? this.ownersOf(body) : [onStack];
    const [owner] = owners;
    if (owner === undefined || owners.length > 1) return undefined;
    return { owner, entry: entries.find(({ scope }) => scope.owner === owner && scope.parent === undefined) };
  }

  private ownersOf(body: AsyncFunction): ProgramFunction[] {
    const { code } = this.context;
    return [...new Set(code.lines.ofBody(body).scopes.map(({ owner }) => owner))];
  }
}

/** The outermost future of a task lies in the task, whatever the code says of it. */
function withRootAddress({
  origin: { awaits: links, task },
  source: { embassy, trace },
}: StepContext): readonly AwaitLink[] {
  const header = task === undefined ? undefined : trace.tasks[task]?.address;
  const pool = embassy && header !== undefined ? poolOf(embassy, header) : undefined;
  const root = links.at(-1);
  if (root === undefined || pool?.body === undefined || root.future.body !== pool.body) return links;
  const future = { ...root.future, address: address(header! + pool.futureOffset) };
  return [...links.slice(0, -1), { ...root, future }];
}
