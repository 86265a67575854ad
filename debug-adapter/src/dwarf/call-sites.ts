import { DW_AT, DW_OP, DW_TAG } from "./constants";
import type { DebugInfo } from "./debug-info";
import type { Entry } from "./entry";
import { readOperation } from "./expression-operation";
import { ByteReader, OutOfBounds } from "../base/byte-reader";

/** What is known of a call. */
export interface CallSite {
  /** The entry of the function called; undefined for a call through a pointer. */
  readonly originOffset: number | undefined;
  /** Expressions, to be evaluated in the caller, for what registers hold when the function called is entered. */
  readonly registers: ReadonlyMap<number, Uint8Array>;
}

/** Finds what is known of the arguments at the calls that a function makes (DWARF 5 section 3.4). */
export class CallSites {
  /** Offsets of call site entries by return address, for each function asked for. */
  private readonly known = new Map<number, ReadonlyMap<number, number>>();

  constructor(private readonly info: DebugInfo) {}

  /**
   * The call that returns to `returnAddress`, if the debug info describes it.
   * @param functionOffset the entry of the calling function (not one inlined into it)
   */
  at(functionOffset: number, returnAddress: number): CallSite | undefined {
    let sites = this.known.get(functionOffset);
    if (sites === undefined) {
      sites = this.readSites(functionOffset);
      this.known.set(functionOffset, sites);
    }
    const offset = sites.get(returnAddress);
    const site = offset === undefined ? undefined : this.info.entryAt(offset);
    if (site === undefined) return undefined;
    // GNU's extension of DWARF 4 calls it the abstract origin.
    const originOffset = site.reference(DW_AT.call_origin) ?? site.reference(DW_AT.abstract_origin);
    return { originOffset, registers: readParameters(site) };
  }

  private readSites(functionOffset: number): ReadonlyMap<number, number> {
    const sites = new Map<number, number>();
    const entry = this.info.entryAt(functionOffset);
    while (entry?.next() === true) {
      // GNU's extension of DWARF 4 puts the return address into DW_AT_low_pc.
      const attribute =
        entry.tag === DW_TAG.call_site
          ? DW_AT.call_return_pc
          : entry.tag === DW_TAG.GNU_call_site
            ? DW_AT.low_pc
            : undefined;
      const returnAddress = attribute === undefined ? undefined : entry.address(attribute);
      if (returnAddress !== undefined) sites.set(returnAddress, entry.offset);
    }
    return sites;
  }
}

function readParameters(site: Entry): ReadonlyMap<number, Uint8Array> {
  const parameters = new Map<number, Uint8Array>();
  for (let more = site.firstChild(); more; more = site.nextSibling()) {
    if (site.tag !== DW_TAG.call_site_parameter && site.tag !== DW_TAG.GNU_call_site_parameter) continue;
    const register = registerOf(site.block(DW_AT.location));
    const value = site.block(DW_AT.call_value) ?? site.block(DW_AT.GNU_call_site_value);
    if (register !== undefined && value !== undefined) parameters.set(register, value);
  }
  return parameters;
}

/** The register that an expression names, if it does nothing else. */
function registerOf(expression: Uint8Array | undefined): number | undefined {
  if (expression === undefined || expression.length === 0) return undefined;
  const reader = new ByteReader(expression);
  try {
    const operation = readOperation(reader);
    const isRegister = operation?.operator === DW_OP.reg0 || operation?.operator === DW_OP.regx;
    return isRegister && reader.isAtEnd ? Number(operation.first) : undefined;
  } catch (error) {
    if (error instanceof OutOfBounds) return undefined;
    throw error;
  }
}
