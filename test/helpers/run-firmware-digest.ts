import { createHash } from "node:crypto";

/** Stands for bytes whose difference nobody wants to see printed. */
export function digest(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
