import { type Address, address } from "../../base/brand";
import { DW_AT, DW_TAG } from "../../dwarf/constants";
import type { Entry } from "../../dwarf/entry";
import type { ExpressionContext } from "../../dwarf/expression-context";
import { readLocation } from "../../dwarf/location";
import { VariableLocations } from "../../dwarf/variable-location";
import type { AsyncFunction } from "../../symbols/async-functions";
import type { Program } from "../../symbols/program";
import type { Type } from "../../symbols/types/type";
import type { CodeScope } from "./code-rows";

/** The parameter of a body that says which future it polls: rustc gives it a place and no name. */
interface SelfParameter {
  readonly entry: Entry;
  readonly body: AsyncFunction;
}

/** Which functions are bodies of async functions, blocks and closures, and which future they are polling. */
export class CoroutineBodies {
  private readonly locations: VariableLocations;
  private readonly selves = new Map<number, SelfParameter | null>();

  constructor(private readonly program: Program) {
    this.locations = new VariableLocations(program.debugInfo);
  }

  /** The async function whose body a scope is; undefined for any other function. */
  bodyOf({ entryOffset, function: written }: CodeScope): AsyncFunction | undefined {
    // A copy whose parameter was not kept is described by the function that it is a copy of.
    return (this.selfOf(entryOffset) ?? this.selfOf(written.entryOffset))?.body;
  }

  /**
   * The address of the future that the body is polling, or undefined if the compiler has not kept it there.
   * @param pc within the instruction that is being executed, behind the function's prologue
   */
  futureAt({ entryOffset }: CodeScope, pc: number, context: ExpressionContext): Address | undefined {
    const self = this.selfOf(entryOffset);
    if (self === undefined) return undefined;
    const { bytes, missing } = readLocation(this.locations.locate(self.entry, pc, context), 4, context);
    if (missing.length > 0) return undefined;
    const at = address(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true));
    return at === 0 ? undefined : at;
  }

  private selfOf(entryOffset: number): SelfParameter | undefined {
    let self = this.selves.get(entryOffset);
    if (self === undefined) {
      self = this.readSelf(entryOffset) ?? null;
      this.selves.set(entryOffset, self);
    }
    return self ?? undefined;
  }

  private readSelf(entryOffset: number): SelfParameter | undefined {
    const { debugInfo } = this.program;
    const owner = debugInfo.entryAt(entryOffset);
    for (let more = owner?.firstChild() ?? false; more; more = owner!.nextSibling()) {
      if (owner!.tag !== DW_TAG.formal_parameter) continue;
      const origin = owner!.reference(DW_AT.abstract_origin);
      const declared = origin === undefined ? owner : debugInfo.entryAt(origin);
      const body = this.pinned(
        this.program.types.at(owner!.reference(DW_AT.type) ?? declared?.reference(DW_AT.type)),
      );
      return body && { entry: owner!.copy(), body };
    }
    return undefined;
  }

  /** The async function of a `Pin<&mut {async_fn_env#0}>`. */
  private pinned(type: Type): AsyncFunction | undefined {
    if (type.kind !== "struct" || !type.name.startsWith("core::pin::Pin<")) return undefined;
    const pointer = type.members[0]?.type;
    return pointer?.kind === "pointer" ? this.program.asyncFunctions.ofType(pointer.target) : undefined;
  }
}
