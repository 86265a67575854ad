import { type Address, address } from "../../base/brand";
import type { FunctionIdentity, ProgramFunction } from "../../symbols/function";
import type { LineRow } from "../../symbols/line-table";
import type { Program } from "../../symbols/program";

/**
 * A function that was written down once, where its code lies: with code of its own, or inlined into `owner`. Offsets
 * of the entries in `.debug_info` tell them apart: `entryOffset` is that of the subprogram or of the inlined call.
 */
export interface CodeScope {
  readonly entryOffset: number;
  readonly function: FunctionIdentity;
  readonly owner: ProgramFunction;
  /** What it is inlined into; undefined for a function with code of its own. */
  readonly parent: CodeScope | undefined;
}

/** A row of the line table with the innermost function that its code was written in. */
export interface CodeRow extends LineRow {
  readonly scope: CodeScope;
}

/** The rows of functions; of each they are worked out once. */
export class CodeRows {
  private readonly byOwner = new Map<number, readonly CodeRow[]>();
  private readonly scopes = new Map<number, CodeScope>();

  constructor(private readonly program: Program) {}

  /** All rows of a function, those of what is inlined there included, by address. */
  of(owner: ProgramFunction): readonly CodeRow[] {
    let rows = this.byOwner.get(owner.row);
    if (rows === undefined) {
      rows = this.read(owner);
      this.byOwner.set(owner.row, rows);
    }
    return rows;
  }

  /** The innermost scope that the code at an address belongs to. */
  scopeAt(at: Address): CodeScope | undefined {
    const owner = this.program.functions.at(at);
    return owner && this.scopeIn(owner, at);
  }

  /** The row that the code at an address belongs to. */
  rowAt(at: Address): CodeRow | undefined {
    const owner = this.program.functions.at(at);
    return owner && this.of(owner).find((row) => row.address <= at && at < row.end);
  }

  private read(owner: ProgramFunction): CodeRow[] {
    const rows: CodeRow[] = [];
    for (const { start, end } of owner.ranges) {
      for (const row of this.program.lines.rowsBetween(address(start), address(end))) {
        rows.push({ ...row, scope: this.scopeIn(owner, row.address) });
      }
    }
    return rows.sort((a, b) => a.address - b.address);
  }

  private scopeIn(owner: ProgramFunction, at: number): CodeScope {
    let scope = this.scope(owner.entryOffset, owner, owner, undefined);
    for (const call of this.program.inlineTreeOf(owner).at(at)) {
      scope = this.scope(call.entryOffset, this.program.functions.ofRow(call.functionRow), owner, scope);
    }
    return scope;
  }

  private scope(
    entryOffset: number,
    written: FunctionIdentity,
    owner: ProgramFunction,
    parent: CodeScope | undefined,
  ): CodeScope {
    let scope = this.scopes.get(entryOffset);
    if (scope === undefined) {
      scope = { entryOffset, function: written, owner, parent };
      this.scopes.set(entryOffset, scope);
    }
    return scope;
  }
}

/** Whether a scope is another one or inlined, at whatever depth, into it. */
export function isWithin(scope: CodeScope | undefined, outer: CodeScope): boolean {
  for (let at = scope; at !== undefined; at = at.parent) if (at === outer) return true;
  return false;
}
