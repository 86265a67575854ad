import type { DebugProtocol } from "@vscode/debugprotocol";
import { address } from "../../base/brand";
import { UserError } from "../../base/errors";
import { hexAddress } from "../../base/hex-address";
import { isRam } from "../../debuggee/scopes/ram";
import type { Launched } from "../launched";
import { addressOf } from "../from-dap";

/** More than the memory of a Pico; a client that asks for more gets it in pieces. */
const MOST_BYTES = 1 << 20;

/** Where the address space ends. */
const ADDRESSES = 2 ** 32;

/** Bytes from a reference on; what lies behind the end of memory is counted, and not there. */
export async function readMemory(
  launched: Launched,
  { memoryReference, offset, count }: DebugProtocol.ReadMemoryArguments,
): Promise<DebugProtocol.ReadMemoryResponse["body"]> {
  launched.requireStopped();
  const at = addressOf(memoryReference, offset);
  const wanted = Math.max(0, Math.min(count, MOST_BYTES));
  if (at < 0 || at >= ADDRESSES) return { address: hexAddress(Math.max(0, at)), unreadableBytes: wanted };
  const bytes = await launched.debuggee.target.readMemory(address(at), Math.min(wanted, ADDRESSES - at));
  return {
    address: hexAddress(at),
    data: Buffer.from(bytes).toString("base64"),
    ...(bytes.length < wanted && { unreadableBytes: wanted - bytes.length }),
  };
}

/** Writes bytes to RAM. */
export async function writeMemory(
  launched: Launched,
  { memoryReference, offset, data }: DebugProtocol.WriteMemoryArguments,
): Promise<DebugProtocol.WriteMemoryResponse["body"]> {
  launched.requireStopped();
  const bytes = new Uint8Array(Buffer.from(data, "base64"));
  const at = addressOf(memoryReference, offset);
  if (!isRam(at, bytes.length)) {
    throw new UserError(`${hexAddress(at)} is not in RAM`, "write to RAM (0x20000000 to 0x20041fff)");
  }
  await launched.debuggee.target.writeMemory(address(at), bytes);
  await launched.wrote();
  return { bytesWritten: bytes.length };
}
