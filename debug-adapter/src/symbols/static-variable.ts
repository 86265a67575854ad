import { type Address, address } from "../base/brand";
import { IntervalMap } from "../base/interval-map";
import { DW_AT } from "../dwarf/constants";
import type { Entry } from "../dwarf/entry";
import type { FunctionSource } from "./function";
import type { SourcePlace } from "./source-files";
import type { Type } from "./types/type";

/** A variable that lies at one address as long as the program runs. */
export class StaticVariable {
  /** @param row the variable's row in the entry index */
  constructor(
    private readonly row: number,
    readonly address: Address,
    private readonly source: FunctionSource,
  ) {}

  /** Offset of its entry in `.debug_info`. */
  get entryOffset(): number {
    return this.source.info.index.offset(this.row);
  }

  /** Full name: `blink::blink_task::POOL`. */
  get name(): string {
    return this.source.names.of(this.row);
  }

  get linkageName(): string | undefined {
    return this.attribute((entry) => entry.string(DW_AT.linkage_name));
  }

  get type(): Type {
    return this.source.types.at(this.attribute((entry) => entry.reference(DW_AT.type)));
  }

  get byteSize(): number {
    return this.type.byteSize;
  }

  get declaration(): SourcePlace | undefined {
    return this.attribute((entry) => this.source.places.declarationOf(entry));
  }

  /** Reads from the entry, or else from the declaration that it completes. */
  private attribute<Value>(read: (entry: Entry) => Value | undefined): Value | undefined {
    const { info, names } = this.source;
    const entry = info.entryAt(this.entryOffset);
    const declared = info.entryAt(info.index.offset(names.namedRow(this.row)));
    return (entry && read(entry)) ?? (declared && read(declared));
  }
}

/** The statics that the linker kept, vtables included. */
export class Statics {
  readonly all: readonly StaticVariable[];
  private byAddress: IntervalMap | undefined;
  private byName: ReadonlyMap<string, StaticVariable> | undefined;

  constructor(source: FunctionSource) {
    const { rows, addresses } = source.info.index.statics;
    this.all = Array.from(rows, (row, i) => new StaticVariable(row, address(addresses[i]!), source));
  }

  /** The static of a full name, as in `blink::blink_task::POOL`. */
  named(name: string): StaticVariable | undefined {
    this.byName ??= new Map(this.all.toReversed().map((each) => [each.name, each]));
    return this.byName.get(name);
  }

  /** The static that an address lies in. */
  at(at: Address): StaticVariable | undefined {
    this.byAddress ??= new IntervalMap(
      this.all.map(({ address }) => address),
      this.all.map(({ address, byteSize }) => address + byteSize),
    );
    return this.all[this.byAddress.find(at)];
  }

  matching(isWanted: (each: StaticVariable) => boolean): StaticVariable[] {
    return this.all.filter(isWanted);
  }
}
