import { asyncName } from "../../symbols/async-names";
import type { FunctionIdentity } from "../../symbols/function";
import type { Program } from "../../symbols/program";
import { implMethodName, isInImplBlock } from "./impl-names";

/** The names of frames' functions, as a programmer would say them. */
export class FrameNames {
  private bodies: ReadonlyMap<string, string> | undefined;

  constructor(private readonly program: Program) {}

  /** `blink::nap` for the function that polls its coroutine; generic arguments are left out of any name. */
  of(identity: FunctionIdentity): string {
    const { name, path } = identity;
    const known = this.ofBodies().get(name) ?? asyncName(name)?.name;
    if (known !== undefined || !isInImplBlock(path)) return known ?? path;
    const { demangledName } = identity;
    return demangledName === undefined ? path : implMethodName(demangledName, path);
  }

  /** Whether a function polls the coroutine of an `async fn`, block or closure. */
  isBody({ name }: FunctionIdentity): boolean {
    return asyncName(name) !== undefined;
  }

  private ofBodies(): ReadonlyMap<string, string> {
    this.bodies ??= new Map(
      this.program.asyncFunctions.all.flatMap(({ name, body }) =>
        body === undefined ? [] : [[body.name, name] as const],
      ),
    );
    return this.bodies;
  }
}
