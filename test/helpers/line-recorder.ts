import { address } from "#adapter/base/brand";
import type { Debuggee } from "#adapter/debuggee/debuggee";
import type { ProgramFunction } from "#adapter/symbols/function";
import { Register } from "#adapter/target/architecture";
import type { Removable } from "#adapter/target/target";

/** A row of the line table that a function has executed. */
export interface ExecutedRow {
  readonly address: number;
  readonly line: number;
  /** What the function was called with: of a coroutine's body the future. */
  readonly self: number;
}

/**
 * Writes down every beginning of a statement that a function executes, and for which future: the first argument of the
 * call, as the calling convention has it, so that nothing is owed to the debug info of parameters.
 */
export class LineRecorder {
  readonly executed: ExecutedRow[] = [];
  private readonly removables: Removable[] = [];
  private self = 0;

  constructor({ target, firmware }: Debuggee, body: ProgramFunction) {
    const { file } = body.declaration!;
    const resultBytes = body.result?.byteSize ?? 0;
    // A result of more than two words is returned through a pointer, which comes before the arguments.
    const selfRegister = resultBytes > 8 ? Register.r1 : Register.r0;
    const watch = (at: number, onHit: (self: number) => void) =>
      this.removables.push(
        target.addTracepoint({
          where: { kind: "code", address: address(at) },
          collect: [{ kind: "registers" }],
          onHit: (hit) => (onHit(hit.register(selfRegister)), false),
        }),
      );
    watch(body.address, (self) => (this.self = self));
    const known = new Set<number>();
    for (const { start, end } of body.ranges) {
      for (const row of firmware.program.lines.rowsBetween(address(start), address(end))) {
        const isBeginning = row.isStatement && row.line !== 0 && row.file === file;
        if (!isBeginning || known.has(row.address) || row.address === body.address) continue;
        known.add(row.address);
        watch(row.address, () =>
          this.executed.push({ address: row.address, line: row.line, self: this.self }),
        );
      }
    }
  }

  remove(): void {
    for (const removable of this.removables) removable.remove();
  }
}
