import { type Address, address } from "../../base/brand";
import type { Program } from "../../symbols/program";
import type { StaticVariable } from "../../symbols/static-variable";
import { nearestPart } from "../../symbols/types/nearest-part";
import type { Type } from "../../symbols/types/type";
import { pathComponents, withoutGenerics } from "../../symbols/types/type-name";

/** A mutex of embassy-sync that lies in a static. */
export interface MutexPlace {
  /** `LOG`, or `SHARED.bus` where a static holds several. */
  readonly name: string;
  /** The byte that says whether it is locked. */
  readonly locked: Address;
  /** Where it keeps the waker of who waits for it. */
  readonly waker: { readonly address: Address; readonly length: number } | undefined;
}

const MUTEX = "embassy_sync::mutex::Mutex";

/** Statics hold mutexes in cells and structs; deeper nesting than this has no program. */
const DEEPEST = 10;

/** Elements of an array that are looked at. */
const MOST_ELEMENTS = 16;

/** Addresses from here on can be written: constants lie below (RP2040 datasheet, 2.2). */
const RAM = 0x2000_0000;

interface Found {
  readonly path: string;
  readonly offset: number;
  readonly type: Type;
}

/**
 * The async mutexes in a program's statics. Those inside of futures are not found: where they are changes with the
 * future's state.
 */
export function findMutexes({ statics }: Program): MutexPlace[] {
  const known = new Map<Type, readonly Found[]>();
  return statics.all
    .filter((each) => each.address >= RAM)
    .flatMap((each) => {
      const found = mutexesIn(each.type, known, 0);
      return found.flatMap((mutex) => placeOf(each, mutex, found.length > 1) ?? []);
    });
}

function placeOf(variable: StaticVariable, { path, offset, type }: Found, isOneOfSeveral: boolean) {
  const locked = nearestPart(type, ({ name: member }) => member === "locked");
  if (locked?.type.byteSize !== 1) return undefined;
  const at = variable.address + offset;
  const waker = nearestPart(type, ({ name: member }) => member === "waker");
  const name = pathComponents(variable.name).at(-1) ?? variable.name;
  return {
    name: isOneOfSeveral ? name + path : name,
    locked: address(at + locked.offset),
    waker: waker && { address: address(at + waker.offset), length: waker.type.byteSize },
  };
}

function mutexesIn(type: Type, known: Map<Type, readonly Found[]>, depth: number): readonly Found[] {
  if (depth > DEEPEST || type.kind === "unknown") return [];
  const before = known.get(type);
  if (before !== undefined) return before;
  known.set(type, []);
  const found = search(type, known, depth);
  known.set(type, found);
  return found;
}

function search(type: Type, known: Map<Type, readonly Found[]>, depth: number): Found[] {
  switch (type.kind) {
    case "alias":
      return [...mutexesIn(type.target, known, depth + 1)];
    case "array": {
      const inner = mutexesIn(type.element, known, depth + 1);
      const length = inner.length === 0 ? 0 : Math.min(type.length, MOST_ELEMENTS);
      return Array.from({ length }, (_, i) =>
        inner.map(({ path, offset, ...rest }) => ({
          path: `[${i}]${path}`,
          offset: i * type.element.byteSize + offset,
          ...rest,
        })),
      ).flat();
    }
    case "struct":
    case "union": {
      if (withoutGenerics(type.name) === MUTEX) return [{ path: "", offset: 0, type }];
      const members = type.members.filter((member) => member.type.byteSize > 0);
      // What wraps one thing goes without saying.
      const name = (member: string) => (members.length === 1 ? "" : `.${member}`);
      return members.flatMap((member) =>
        mutexesIn(member.type, known, depth + 1).map(({ path, offset, ...rest }) => ({
          path: name(member.name) + path,
          offset: member.offset + offset,
          ...rest,
        })),
      );
    }
    default:
      return [];
  }
}
