import type { DebugProtocol } from "@vscode/debugprotocol";
import { hexAddress } from "../../base/hex-address";
import { UserError } from "../../base/errors";
import type { BreakpointFilter, BreakpointStatus } from "../../debuggee/breakpoints/breakpoint";
import { evaluated } from "../../debuggee/scopes/evaluated";
import { addressOf } from "../from-dap";
import type { Launched } from "../launched";
import { toSource } from "../to-dap";
import { named } from "./set-variable";
import { listOf } from "./variables";

type Breakpoints = DebugProtocol.SetBreakpointsResponse["body"];

/** Sets the breakpoints of a source file. */
export function setBreakpoints(
  { debuggee, sources }: Launched,
  { source, breakpoints, lines }: DebugProtocol.SetBreakpointsArguments,
): Breakpoints {
  const wanted: readonly DebugProtocol.SourceBreakpoint[] =
    breakpoints ?? (lines ?? []).map((line) => ({ line }));
  if (source.path === undefined) {
    const message = "Only files of this machine can have breakpoints";
    return { breakpoints: wanted.map(() => ({ verified: false, message })) };
  }
  const asked = wanted.map((each) => ({ line: each.line, ...filterOf(each) }));
  const statuses = debuggee.breakpoints.setInSource(source.path, asked);
  return { breakpoints: statuses.map((each) => toBreakpoint(each, sources)) };
}

export function setFunctionBreakpoints(
  { debuggee, sources }: Launched,
  { breakpoints }: DebugProtocol.SetFunctionBreakpointsArguments,
): Breakpoints {
  const asked = breakpoints.map((each) => ({ name: each.name, ...filterOf(each) }));
  return { breakpoints: debuggee.breakpoints.setFunctions(asked).map((each) => toBreakpoint(each, sources)) };
}

export function setInstructionBreakpoints(
  { debuggee, sources }: Launched,
  { breakpoints }: DebugProtocol.SetInstructionBreakpointsArguments,
): Breakpoints {
  const asked = breakpoints.map((each) => ({
    address: addressOf(each.instructionReference, each.offset),
    ...filterOf(each),
  }));
  const statuses = debuggee.breakpoints.setInstructions(asked);
  return { breakpoints: statuses.map((each) => toBreakpoint(each, sources)) };
}

export function setDataBreakpoints(
  { debuggee, sources }: Launched,
  { breakpoints }: DebugProtocol.SetDataBreakpointsArguments,
): Breakpoints {
  const asked = breakpoints.map((each) => ({
    ...parseDataId(each.dataId),
    access: each.accessType ?? ("write" as const),
    ...filterOf(each),
  }));
  return { breakpoints: debuggee.breakpoints.setData(asked).map((each) => toBreakpoint(each, sources)) };
}

/** Where the bytes of a variable or expression are, as a name for breakpoints on them. */
export async function dataBreakpointInfo(
  launched: Launched,
  { variablesReference, name, frameId, bytes, asAddress }: DebugProtocol.DataBreakpointInfoArguments,
): Promise<DebugProtocol.DataBreakpointInfoResponse["body"]> {
  if (asAddress === true) return dataInfo(undefined, addressOf(name), bytes ?? 1);
  if (variablesReference !== undefined && variablesReference > 0) {
    const { list } = await listOf(launched, variablesReference);
    const shown = await named(list, name);
    return shown?.bytes === undefined
      ? noDataInfo(name)
      : dataInfo(name, shown.bytes.address, bytes ?? shown.bytes.count);
  }
  const frame = await launched.frame(frameId);
  const found = evaluated(await launched.inspection(), name, frame.names);
  if (typeof found === "string" || found.bytes === undefined) return noDataInfo(name);
  return dataInfo(name, found.bytes.address, bytes ?? found.bytes.count);
}

/** The lines of a range that can have a breakpoint. */
export function breakpointLocations(
  { debuggee }: Launched,
  { source, line, endLine }: DebugProtocol.BreakpointLocationsArguments,
): DebugProtocol.BreakpointLocationsResponse["body"] {
  const lines = source.path === undefined ? [] : debuggee.breakpoints.linesWithCode(source.path);
  const wanted = lines.filter((each) => each >= line && each <= (endLine ?? line));
  return { breakpoints: wanted.map((each) => ({ line: each })) };
}

type DapBreakpoint = DebugProtocol.Breakpoint;

export function toBreakpoint(
  { id, refusal, place, addresses }: BreakpointStatus,
  sources: Launched["sources"],
): DapBreakpoint {
  const [first] = addresses;
  return {
    id,
    verified: refusal === undefined,
    ...(refusal !== undefined && { message: refusal, reason: "failed" as const }),
    ...(place !== undefined && { line: place.line }),
    ...(place !== undefined && sources.isHere(place.file.path) && { source: toSource(place.file) }),
    ...(first !== undefined && { instructionReference: hexAddress(first) }),
  };
}

function filterOf({
  condition,
  hitCondition,
  logMessage,
}: {
  readonly condition?: string;
  readonly hitCondition?: string;
  readonly logMessage?: string;
}): BreakpointFilter {
  return {
    ...(given(condition) && { condition }),
    ...(given(hitCondition) && { hitCondition }),
    ...(given(logMessage) && { logMessage }),
  };
}

function given(text: string | undefined): text is string {
  return text !== undefined && text.trim() !== "";
}

/** @param name what lies there, if it has a name */
function dataInfo(
  name: string | undefined,
  at: number,
  count: number,
): DebugProtocol.DataBreakpointInfoResponse["body"] {
  const bytes = `${count === 1 ? "1 byte" : `${count} bytes`} at ${hexAddress(at)}`;
  return {
    dataId: `${hexAddress(at)}+${count}`,
    description: name === undefined ? bytes : `${name} (${bytes})`,
    accessTypes: ["write"],
    canPersist: false,
  };
}

function noDataInfo(name: string): DebugProtocol.DataBreakpointInfoResponse["body"] {
  return { dataId: null, description: `${name} has no bytes in memory that could be watched` };
}

function parseDataId(dataId: string): { readonly address: number; readonly byteSize: number } {
  const found = /^(0x[0-9a-f]+)\+(\d+)$/.exec(dataId);
  if (found === null) {
    throw new UserError(`${JSON.stringify(dataId)} names no data`, "ask for it with dataBreakpointInfo");
  }
  return { address: Number(found[1]), byteSize: Number(found[2]) };
}
