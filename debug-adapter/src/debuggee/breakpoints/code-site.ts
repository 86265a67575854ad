import type { Address } from "../../base/brand";
import type { CodeScope } from "../stepping/code-rows";

/** An instruction at which a breakpoint may stop. */
export interface CodeSite {
  readonly address: Address;
  /** The line that counts there; undefined where it is the instruction alone that counts. */
  readonly line: number | undefined;
  readonly scope: CodeScope | undefined;
  /** Only where the body of an async function begins: at the first of its sites that is reached when it is polled first. */
  readonly isBeginning?: true;
}
