import { decodeUtf8 } from "../../base/utf8";
import { placeOf } from "../../futures/suspension";
import { memberAt } from "../../symbols/types/member-access";
import { Register } from "../../target/architecture";
import type { MemoryView, TracepointHit } from "../../target/target";
import type { SourcePlace } from "../../trace/trace";
import type { Frame } from "../../unwind/backtrace";
import { unwinderOf } from "../core-backtrace";
import type { StopCause } from "../run-control/stop";
import { registersAt } from "../stepping/hit-frame";
import { argumentsText, type MessageReader } from "./panic-message";
import type { Firmware } from "../firmware";

const LONGEST_PATH = 1024;

/** Every panic goes through one of these. */
export const PANIC_FUNCTIONS = ["core::panicking::panic_fmt", "core::panicking::panic_nounwind_fmt"] as const;

/** What panics, and where; at the entry of one of `PANIC_FUNCTIONS`. */
export function panicCause(hit: TracepointHit, firmware: Firmware, source: MessageReader): StopCause {
  const { frames } = unwinderOf(firmware).unwind(registersAt(hit), hit.memory);
  const unwound = ownPlace(frames);
  const known = panicArguments(hit, source);
  const place = known === undefined ? unwound : withPath(known.location, firmware);
  const what =
    known === undefined ? "panic (its message is not kept in this build)" : `panic: ${known.message}`;
  return { kind: "exception", what, place };
}

/**
 * The innermost place outside of the standard library: its functions that panic name their caller. Null if there is
 * none.
 */
export function ownPlace(frames: readonly Frame[]): SourcePlace | null {
  const own = frames.find(({ place }) => place !== undefined && place.file.origin.kind !== "std");
  return placeOf(own?.place);
}

interface PanicArguments {
  readonly message: string;
  readonly location: SourcePlace;
}

/**
 * The arguments of a function that panics, if they are there: the two words of `fmt::Arguments` in r0 and r1, and last
 * the `&Location` that `#[track_caller]` adds (AAPCS32 6.4). An optimised build drops what its panic handler ignores;
 * then the registers hold something else, so all of it has to make sense.
 */
function panicArguments(hit: TracepointHit, source: MessageReader): PanicArguments | undefined {
  const location = readLocation(hit.register(Register.r2), source);
  if (location === undefined) return undefined;
  const message = argumentsText(hit.register(Register.r0), hit.register(Register.r1), source);
  return message === undefined ? undefined : { message, location };
}

function readLocation(at: number, { reader, program }: MessageReader): SourcePlace | undefined {
  const { memory } = reader;
  const type = program.types.named("core::panic::location::Location");
  const line = type && memberAt(type, ["line"]);
  const file = type && (memberAt(type, ["filename"]) ?? memberAt(type, ["file"]));
  if (line === undefined || file === undefined) return undefined;
  const path = pathAt(memory.readUint(at + file.offset, 4), memory.readUint(at + file.offset + 4, 4), memory);
  const number = memory.readUint(at + line.offset, 4);
  return path === undefined || number === undefined || number === 0
    ? undefined
    : { file: path, line: number };
}

function pathAt(at: number | undefined, length: number | undefined, memory: MemoryView): string | undefined {
  if (at === undefined || length === undefined || length === 0 || length > LONGEST_PATH) return undefined;
  const bytes = memory.read(at, length);
  const path = bytes && decodeUtf8(bytes);
  return path?.endsWith(".rs") === true && !path.includes("\ufffd") ? path : undefined;
}

/** The compiler may have written a path that is relative to the package: the debug info knows all of it. */
function withPath({ file, line }: SourcePlace, { program }: Firmware): SourcePlace {
  const [known, other] = program.files.matching(file);
  return { file: known !== undefined && other === undefined ? known.path : file, line };
}
