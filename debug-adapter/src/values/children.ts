import type { ValueReader } from "./reader";
import { formattedShape, resolvedShape } from "./shape-of";
import type { ResolvedShape } from "./shape";
import type { NamedValue, Value } from "./value";

/** The parts of a value, read when asked for. */
export interface Children {
  /** How many elements there are, to be asked for page by page. */
  readonly indexed: number;
  /** Parts with a name: fields, `*` for what a pointer points to, `(raw)` for the members as they are in memory. */
  readonly named: readonly NamedValue[];
  /** Elements from `start` on, at most `count`; named `[0]`, `[1]`. */
  elements(start: number, count: number): NamedValue[];
}

/** The most elements that are made at once. */
const LARGEST_PAGE = 1000;

/** References to references are followed to this depth to find fields. */
const MOST_REFERENCES = 8;

/**
 * What a value consists of. A reference has the children of what it refers to; a value that a formatter shows has its
 * plain members under `(raw)`.
 */
export function childrenOf(value: Value, reader: ValueReader): Children {
  const children = childrenOfShape(resolvedShape(value, reader), reader, 0);
  if (formattedShape(value, reader) === undefined) return children;
  const raw: NamedValue = { name: "(raw)", value: { ...value, isRaw: true } };
  return { ...children, named: [...children.named, raw] };
}

function childrenOfShape(shape: ResolvedShape, reader: ValueReader, depth: number): Children {
  switch (shape.kind) {
    case "text":
    case "unavailable":
      return NONE;
    case "record":
      return { ...NONE, named: shape.fields };
    case "wrapped":
      return shape.inner === undefined ? NONE : { ...NONE, named: [{ name: "value", value: shape.inner }] };
    case "list":
      return {
        indexed: shape.count,
        named: [],
        elements: (start, count) => page(shape.count, start, count, (i) => shape.element(i)),
      };
    case "pointer":
      return pointerChildren(shape.target, shape.isFollowed, { reader, depth });
  }
}

function pointerChildren(
  target: Value | undefined,
  isFollowed: boolean,
  { reader, depth }: { readonly reader: ValueReader; readonly depth: number },
): Children {
  if (target === undefined) return NONE;
  const itself: Children = { ...NONE, named: [{ name: "*", value: target }] };
  if (!isFollowed || depth >= MOST_REFERENCES) return itself;
  const inside = childrenOfShape(resolvedShape(target, reader), reader, depth + 1);
  return inside.indexed > 0 || inside.named.length > 0 ? inside : itself;
}

function page(total: number, start: number, count: number, element: (index: number) => Value): NamedValue[] {
  const first = Math.max(0, Math.floor(start));
  const last = Math.min(total, first + Math.min(count, LARGEST_PAGE));
  const found: NamedValue[] = [];
  for (let i = first; i < last; i++) found.push({ name: `[${i}]`, value: element(i) });
  return found;
}

const NONE: Children = { indexed: 0, named: [], elements: () => [] };
