import type { ProtocolPool, ProtocolRam, ProtocolSlot } from "#adapter/protocol/executor";
import { type BarPiece, barPieces } from "./bar-pieces";

/**
 * A slot of a task pool, from its start: the header, what the present state of the future keeps, the rest of the future,
 * what alignment leaves. (How the kept bytes lie among the others is not drawn.) A free slot is a header and room.
 */
export function slotPieces(pool: ProtocolPool, { state, keptBytes }: ProtocolSlot): BarPiece[] {
  const { slotBytes, headerBytes, futureBytes } = pool;
  const isFree = state === "unspawned" || state === "ended";
  const future = futureBytes ?? slotBytes - headerBytes;
  const kept = isFree ? 0 : (keptBytes ?? 0);
  const whole = isFree
    ? { kind: "free", label: "free" }
    : keptBytes === null
      ? { kind: "future", label: "future" }
      : { kind: "spare", label: "for other states of the future" };
  return barPieces(slotBytes, [
    { kind: "header", label: "header", amount: headerBytes },
    { kind: "kept", label: "kept at this await", amount: kept },
    { ...whole, amount: future - kept },
    { kind: "padding", label: "left by alignment", amount: slotBytes - headerBytes - future },
  ]);
}

/** The firmware's RAM: memory of the tasks, other statics, and what is left for stack and heap. */
export function ramPieces({ bytes, staticBytes }: ProtocolRam, pools: readonly ProtocolPool[]): BarPiece[] {
  const tasks = pools.reduce((sum, pool) => sum + poolBytes(pool), 0);
  return barPieces(bytes, [
    { kind: "tasks", label: "tasks", amount: tasks },
    { kind: "statics", label: "other statics", amount: staticBytes - tasks },
    { kind: "free", label: "left for stack and heap", amount: bytes - staticBytes },
  ]);
}

/** All slots of a pool, in bytes. */
export function poolBytes({ slotBytes, slots }: ProtocolPool): number {
  return slotBytes * slots.length;
}

/** How many slots hold a task. */
export function usedSlots({ slots }: ProtocolPool): number {
  return slots.filter(({ state }) => state !== "unspawned" && state !== "ended").length;
}
