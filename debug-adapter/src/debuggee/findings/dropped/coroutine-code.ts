import { address } from "../../../base/brand";
import type { AsyncFunction } from "../../../symbols/async-functions";
import { type FunctionIdentity, ProgramFunction } from "../../../symbols/function";
import type { Program, SourceFrame } from "../../../symbols/program";

/** Which coroutine's code lies at an address; each address is looked up once. */
export class CoroutineCode {
  private readonly known = new Map<number, readonly SourceFrame[]>();
  /** By address: the coroutines that its code is of. */
  private readonly coroutines = new Map<number, readonly (string | undefined)[]>();
  private inlined: Set<number> | undefined;

  constructor(private readonly program: Program) {}

  /** The functions that the code at an address belongs to, those inlined first. */
  framesAt(pc: number): readonly SourceFrame[] {
    let frames = this.known.get(pc);
    if (frames === undefined) {
      frames = this.program.framesAt(address(pc));
      this.known.set(pc, frames);
    }
    return frames;
  }

  /** Whether a program has no code that polls a coroutine: the linker keeps none for one that nobody polls. */
  isNowhere({ body }: AsyncFunction): boolean {
    if (body === undefined) return true;
    return body instanceof ProgramFunction ? false : !this.inlinedRows().has(body.row);
  }

  private inlinedRows(): ReadonlySet<number> {
    if (this.inlined === undefined) {
      this.inlined = new Set();
      for (const each of this.program.functions.all)
        for (const { functionRow } of this.program.inlineTreeOf(each).calls) this.inlined.add(functionRow);
    }
    return this.inlined;
  }

  /** Whether code at an address belongs to the body of a coroutine, inlined or not. */
  isOf(pc: number, coroutineType: string): boolean {
    let types = this.coroutines.get(pc);
    if (types === undefined) {
      types = this.framesAt(pc).map((frame) => coroutineTypeOf(frame.function));
      this.coroutines.set(pc, types);
    }
    return types.includes(coroutineType);
  }
}

/** The full name of the type whose state machine a function polls; undefined for any other function. */
export function coroutineTypeOf(body: FunctionIdentity): string | undefined {
  if (!BODY_NAME.test(body.ownName)) return undefined;
  return body.name.replace(BODY_NAME, "{async_$1_env#$2}$3");
}

/** The last component of a body's name, with the generic arguments after it. */
const BODY_NAME = /\{async_(fn|block|closure)#(\d+)\}(<.*>)?$/;
