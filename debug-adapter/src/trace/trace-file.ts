import { nanoseconds, type Nanoseconds } from "../base/brand";
import { ByteReader } from "../base/byte-reader";
import { type Problem, UserError } from "../base/errors";
import { decodeUtf8, encodeUtf8 } from "../base/utf8";
import { BYTES_PER_EVENT, type SealedChunk } from "./event-columns";
import { parseHeader, type TraceHeader } from "./trace-header";
import { Trace } from "./trace";

/** The version this code writes; README.md has the history and what a reader does with older ones. */
export const TRACE_FILE_VERSION = 2;

const MAGIC = "PSTRACE\0";
const PREAMBLE_BYTES = 16;
const CHUNK_PREAMBLE_BYTES = 16;

/** The trace as the bytes of a `.pollscope` file (README.md). Seals the open chunk. */
export function encodeTrace(trace: Trace): Uint8Array {
  trace.events.seal();
  const header: TraceHeader = {
    endTime: trace.endTime,
    tasks: trace.tasks,
    suspensions: trace.suspensions,
    strings: trace.strings,
    exceptions: trace.exceptions,
    rows: trace.events.length,
  };
  const json = encodeUtf8(JSON.stringify(header));
  const chunks = trace.events.sealedChunks;
  const chunkBytes = chunks.reduce((sum, chunk) => sum + CHUNK_PREAMBLE_BYTES + paddedColumns(chunk.rows), 0);
  const bytes = new Uint8Array(PREAMBLE_BYTES + pad8(json.length) + chunkBytes);
  const view = new DataView(bytes.buffer);
  bytes.set(encodeUtf8(MAGIC), 0);
  view.setUint32(8, TRACE_FILE_VERSION, true);
  view.setUint32(12, json.length, true);
  bytes.set(json, PREAMBLE_BYTES);
  let at = PREAMBLE_BYTES + pad8(json.length);
  for (const chunk of chunks) {
    view.setFloat64(at, chunk.baseTime, true);
    view.setUint32(at + 8, chunk.rows, true);
    writeColumns(bytes, view, at + CHUNK_PREAMBLE_BYTES, chunk);
    at += CHUNK_PREAMBLE_BYTES + paddedColumns(chunk.rows);
  }
  return bytes;
}

/**
 * Reads a `.pollscope` file. A file that ends early gives the events before its end and a problem.
 * @throws UserError if it is no trace, was written by a newer version, or its header cannot be read
 */
export function decodeTrace(bytes: Uint8Array): { trace: Trace; problems: Problem[] } {
  const reader = openTrace(bytes);
  const header = readHeader(reader);
  const trace = new Trace();
  for (const task of header.tasks) trace.addTask(task);
  for (const suspension of header.suspensions) if (suspension) trace.addSuspension(suspension);
  for (const string of header.strings) trace.addString(string);
  Object.assign(trace.exceptions, header.exceptions);
  const problems: Problem[] = [];
  readChunks(reader, trace, problems);
  if (trace.events.length < header.rows) {
    const what = `the file holds ${trace.events.length} of ${header.rows} events`;
    problems.push({ where: "trace file", what });
  }
  const lastTime = trace.events.length > 0 ? trace.events.time(trace.events.length - 1) : nanoseconds(0);
  trace.endTime = problems.length > 0 ? lastTime : header.endTime;
  return { trace, problems };
}

function openTrace(bytes: Uint8Array): ByteReader {
  if (bytes.length < PREAMBLE_BYTES || decodeUtf8(bytes, 0, MAGIC.length) !== MAGIC) {
    throw new UserError("This is not a Pollscope trace", "open a file that Pollscope has saved (.pollscope)");
  }
  const reader = new ByteReader(bytes, MAGIC.length);
  const version = reader.u32();
  if (version > TRACE_FILE_VERSION || version === 0) {
    throw new UserError(
      `This trace has format version ${version}, and this Pollscope reads up to ${TRACE_FILE_VERSION}`,
      "update Pollscope",
    );
  }
  return reader;
}

function readHeader(reader: ByteReader): TraceHeader {
  const length = reader.u32();
  const damaged = new UserError("The header of this trace is damaged", "record the trace again");
  if (length > reader.remaining) throw damaged;
  const json = decodeUtf8(reader.take(length));
  reader.skip(Math.min(pad8(length) - length, reader.remaining));
  const header = parseHeader(json);
  if (header === undefined) throw damaged;
  return header;
}

/** Adds chunks until the file ends; a chunk that is cut off or out of order ends the reading with a problem. */
function readChunks(reader: ByteReader, trace: Trace, problems: Problem[]): void {
  let lastTime = 0;
  while (reader.remaining >= CHUNK_PREAMBLE_BYTES) {
    const where = `trace file, offset ${reader.offset}`;
    const baseTime = readFloat64(reader);
    const rows = reader.u32();
    reader.skip(4);
    const length = rows * BYTES_PER_EVENT;
    if (!Number.isSafeInteger(baseTime) || baseTime < lastTime || rows === 0) {
      problems.push({ where, what: "a block of events is damaged; it and what follows is left out" });
      return;
    }
    if (length > reader.remaining) {
      problems.push({ where, what: "the file ends inside a block of events" });
      return;
    }
    const buffer = new ArrayBuffer(length);
    const source = reader.take(length);
    new Uint8Array(buffer).set(source);
    swapToHostOrder(buffer, rows);
    trace.events.addSealedChunk(nanoseconds(baseTime), buffer, rows);
    lastTime = trace.events.time(trace.events.length - 1);
    reader.skip(Math.min(paddedColumns(rows) - length, reader.remaining));
  }
}

function readFloat64(reader: ByteReader): Nanoseconds {
  const bytes = reader.take(8);
  return nanoseconds(new DataView(bytes.buffer, bytes.byteOffset, 8).getFloat64(0, true));
}

function writeColumns(bytes: Uint8Array, view: DataView, at: number, chunk: SealedChunk): void {
  const { rows } = chunk;
  for (let row = 0; row < rows; row++) {
    view.setUint32(at + row * 4, chunk.times[row]!, true);
    view.setUint32(at + rows * 4 + row * 4, chunk.payloads[row]!, true);
    view.setUint16(at + rows * 8 + row * 2, chunk.tasks[row]!, true);
  }
  bytes.set(chunk.kinds, at + rows * 10);
}

/** Files are little-endian, typed arrays have the host's order. */
function swapToHostOrder(buffer: ArrayBuffer, rows: number): void {
  const view = new DataView(buffer);
  const wide = new Uint32Array(buffer, 0, rows * 2);
  for (let i = 0; i < wide.length; i++) wide[i] = view.getUint32(i * 4, true);
  const narrow = new Uint16Array(buffer, rows * 8, rows);
  for (let i = 0; i < rows; i++) narrow[i] = view.getUint16(rows * 8 + i * 2, true);
}

function paddedColumns(rows: number): number {
  return pad8(rows * BYTES_PER_EVENT);
}

function pad8(length: number): number {
  return Math.ceil(length / 8) * 8;
}
