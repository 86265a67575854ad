import { UserError } from "../base/errors";

/** What a member of a request's arguments has to be. */
export type Shape =
  | { readonly kind: "text" }
  | { readonly kind: "flag" }
  /** A whole number, no smaller than `least`. */
  | { readonly kind: "number"; readonly least: number }
  | { readonly kind: "list"; readonly of: Shape }
  | { readonly kind: "object"; readonly required: Members; readonly optional: Members };

type Members = Readonly<Record<string, Shape>>;

const TEXT: Shape = { kind: "text" };
const FLAG: Shape = { kind: "flag" };
const COUNT: Shape = { kind: "number", least: 0 };
const INTEGER: Shape = { kind: "number", least: Number.MIN_SAFE_INTEGER };
/** Lines, columns and counts of something that there has to be. */
const FROM_ONE: Shape = { kind: "number", least: 1 };

function object(required: Members, optional: Members = {}): Shape {
  return { kind: "object", required, optional };
}

function list(of: Shape): Shape {
  return { kind: "list", of };
}

const SOURCE = object({}, { path: TEXT, name: TEXT, sourceReference: COUNT });
const FILTER: Members = { condition: TEXT, hitCondition: TEXT, logMessage: TEXT };
const THREAD = object({ threadId: INTEGER });
const STEP = object({ threadId: INTEGER }, { granularity: TEXT, singleThread: FLAG });

/**
 * What the arguments of each request have to be, as far as Pollscope looks at them (DAP's specification, "Requests").
 * The launch request has a check of its own, whose words are about the launch configuration.
 */
const SHAPES: Readonly<Record<string, Shape>> = {
  initialize: object(
    {},
    {
      linesStartAt1: FLAG,
      columnsStartAt1: FLAG,
      pathFormat: TEXT,
      supportsInvalidatedEvent: FLAG,
    },
  ),
  cancel: object({}, { requestId: INTEGER }),
  pause: object({}, { threadId: INTEGER }),
  continue: object({}, { threadId: INTEGER }),
  next: STEP,
  stepIn: STEP,
  stepOut: STEP,
  stackTrace: object({ threadId: INTEGER }, { startFrame: COUNT, levels: COUNT }),
  scopes: object({ frameId: INTEGER }),
  variables: object({ variablesReference: INTEGER }, { filter: TEXT, start: COUNT, count: COUNT }),
  setVariable: object({ variablesReference: INTEGER, name: TEXT, value: TEXT }),
  evaluate: object({ expression: TEXT }, { frameId: INTEGER, context: TEXT }),
  setExpression: object({ expression: TEXT, value: TEXT }, { frameId: INTEGER }),
  completions: object({ text: TEXT, column: FROM_ONE }, { line: FROM_ONE, frameId: INTEGER }),
  disassemble: object(
    { memoryReference: TEXT, instructionCount: COUNT },
    { offset: INTEGER, instructionOffset: INTEGER },
  ),
  readMemory: object({ memoryReference: TEXT, count: COUNT }, { offset: INTEGER }),
  writeMemory: object({ memoryReference: TEXT, data: TEXT }, { offset: INTEGER }),
  source: object({ sourceReference: INTEGER }, { source: SOURCE }),
  setBreakpoints: object(
    { source: SOURCE },
    { breakpoints: list(object({ line: FROM_ONE }, FILTER)), lines: list(FROM_ONE) },
  ),
  setFunctionBreakpoints: object({ breakpoints: list(object({ name: TEXT }, FILTER)) }),
  setDataBreakpoints: object({
    breakpoints: list(object({ dataId: TEXT }, { ...FILTER, accessType: TEXT })),
  }),
  setInstructionBreakpoints: object({
    breakpoints: list(object({ instructionReference: TEXT }, { ...FILTER, offset: INTEGER })),
  }),
  setExceptionBreakpoints: object(
    { filters: list(TEXT) },
    { filterOptions: list(object({ filterId: TEXT }, { condition: TEXT })) },
  ),
  dataBreakpointInfo: object(
    { name: TEXT },
    { variablesReference: INTEGER, frameId: INTEGER, bytes: FROM_ONE, asAddress: FLAG },
  ),
  breakpointLocations: object({ source: SOURCE, line: FROM_ONE }, { endLine: FROM_ONE }),
  "pollscope/nextPoll": THREAD,
  "pollscope/nextWake": THREAD,
  "pollscope/endOfPoll": THREAD,
  "pollscope/nextTaskEvent": THREAD,
  "pollscope/why": THREAD,
  "pollscope/awaitTree": object({ reasons: FLAG }),
  "pollscope/board": object({}, { terminals: list(object({ part: TEXT, known: COUNT })), withLaunch: FLAG }),
  "pollscope/input": object(
    { kind: TEXT },
    { pin: COUNT, uart: COUNT, text: TEXT, part: TEXT, millicelsius: INTEGER },
  ),
  "pollscope/stateMachine": object({}, { machine: COUNT, threadId: INTEGER }),
  "pollscope/pollCycle": THREAD,
  // What a question has to be is told by the timeline itself (trace/timeline/question-check).
  "pollscope/timeline": object({ question: TEXT, args: object({}) }),
  "pollscope/saveTrace": object({ path: TEXT, form: TEXT }),
};

/**
 * Checks the arguments of a request, which may be anything that JSON can say.
 * @returns the arguments; of a request without any, and of one that needs none, an object
 * @throws UserError that names the member that is wrong
 */
export function checkArguments(command: string, given: unknown): object {
  const args = given ?? {};
  const shape = shapeOf(command);
  if (shape === undefined) return isObject(args) ? args : {};
  const fault = faultOf(args, shape, "arguments");
  if (fault === undefined) return args;
  throw new UserError(
    `The client sent a "${command}" request whose ${fault.where} ${fault.what}`,
    fault.remedy,
  );
}

/** Undefined for a request that looks at none of its arguments, and for one that there is not. */
export function shapeOf(command: string): Shape | undefined {
  return Object.hasOwn(SHAPES, command) ? SHAPES[command] : undefined;
}

interface ShapeFault {
  readonly where: string;
  readonly what: string;
  readonly remedy: string;
}

/** What is wrong first; undefined if nothing is. */
function faultOf(value: unknown, shape: Shape, where: string): ShapeFault | undefined {
  switch (shape.kind) {
    case "text":
      return typeof value === "string" ? undefined : mismatch(value, where, "a text");
    case "flag":
      return typeof value === "boolean" ? undefined : mismatch(value, where, "true or false");
    case "number":
      return Number.isSafeInteger(value) && (value as number) >= shape.least
        ? undefined
        : mismatch(value, where, numberWords(shape.least));
    case "list":
      return Array.isArray(value)
        ? firstOf(value.entries(), ([index, each]) => faultOf(each, shape.of, `${where}[${index}]`))
        : mismatch(value, where, "a list");
    case "object":
      return isObject(value) ? memberFault(value, shape, where) : mismatch(value, where, "an object");
  }
}

function memberFault(
  value: Readonly<Record<string, unknown>>,
  { required, optional }: Extract<Shape, { kind: "object" }>,
  where: string,
): ShapeFault | undefined {
  const pathOf = (name: string) => (where === "arguments" ? name : `${where}.${name}`);
  const isRequired = firstOf(Object.entries(required), ([name, shape]) =>
    faultOf(value[name], shape, pathOf(name)),
  );
  // A client that has nothing to say of a member may send null for it.
  return (
    isRequired ??
    firstOf(Object.entries(optional), ([name, shape]) => {
      const member = value[name];
      return member === undefined || member === null ? undefined : faultOf(member, shape, pathOf(name));
    })
  );
}

function mismatch(value: unknown, where: string, wanted: string): ShapeFault {
  const what = value === undefined || value === null ? "is missing" : `is ${wordsOf(value)}`;
  return { where, what, remedy: `it has to be ${wanted}` };
}

function numberWords(least: number): string {
  return least === Number.MIN_SAFE_INTEGER ? "a whole number" : `a whole number from ${least} on`;
}

function wordsOf(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  switch (typeof value) {
    case "string":
      return "a text";
    case "number":
    case "boolean":
      return String(value);
    default:
      return "an object";
  }
}

function firstOf<Item>(
  items: Iterable<Item>,
  find: (item: Item) => ShapeFault | undefined,
): ShapeFault | undefined {
  for (const item of items) {
    const found = find(item);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
