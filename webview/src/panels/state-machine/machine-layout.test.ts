import { describe, expect, it } from "vitest";
import type { ProtocolSaved, ProtocolState, ProtocolTransition } from "#adapter/protocol/state-machine";
import { barPieces, fitted, layoutMachine, type MachineLayout, textWidth } from "./machine-layout";

function saved(offset: number, bytes: number): ProtocolSaved {
  return { name: "x", role: "variable", type: "u8", offset, bytes, ownBytes: bytes, mayBeDropped: false };
}

function state(kind: ProtocolState["kind"], ...kept: readonly ProtocolSaved[]): ProtocolState {
  return { kind, name: kind, place: null, awaiting: null, awaited: null, bytes: 0, saved: kept };
}

const STATES = [
  state("unresumed"),
  state("suspended", saved(0, 8)),
  state("suspended", saved(0, 8)),
  state("suspended", saved(0, 8)),
  state("returned"),
  state("panicked"),
];

function transition(from: number | null, to: number | null, isCertain = true): ProtocolTransition {
  return { from, to, count: 1, pollTime: 1, lastAt: 1, isCertain };
}

function layout(
  transitions: readonly ProtocolTransition[],
  width = 400,
  chips: string[][] = [],
): MachineLayout {
  return layoutMachine({ width, chips, machine: { states: STATES, bytes: 16, history: { transitions } } });
}

/** All numbers of a path that are x or y coordinates in turn of absolute commands M, H, V and Q. */
function xsOf(path: string): number[] {
  return [...path.matchAll(/([MHVQ])([-\d., ]+)/g)].flatMap(([, command, text]) => {
    const numbers = text!.split(/[ ,]+/).filter(Boolean).map(Number);
    if (command === "V") return [];
    return command === "H" ? numbers : numbers.filter((_, i) => i % 2 === 0);
  });
}

describe("layoutMachine", () => {
  it("puts states below each other in the order of the source, none over another", () => {
    const { boxes, height } = layout([]);
    boxes.slice(1).forEach((box, i) => expect(box.y).toBeGreaterThan(boxes[i]!.y + boxes[i]!.height));
    expect(height).toBeGreaterThan(boxes.at(-1)!.y + boxes.at(-1)!.height);
  });

  it("joins states that follow each other with a spine where no poll went, and never with a panic", () => {
    expect(layout([]).spine).toHaveLength(4);
    expect(layout([transition(0, 1), transition(1, 2)]).spine).toHaveLength(2);
  });

  it.each([260, 400, 1200])("stays within %i px, whatever arrows there are", (width) => {
    const all = [0, 1, 2, 3].flatMap((from) => [0, 1, 2, 3, 4].map((to) => transition(from, to)));
    const drawn = layout(all, width);
    for (const box of drawn.boxes) {
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.width).toBeGreaterThanOrEqual(80);
    }
    const few = layout([transition(3, 1), transition(1, 3), transition(2, 2)], width);
    for (const { path } of few.edges) {
      for (const x of xsOf(path)) {
        expect(x).toBeGreaterThanOrEqual(0);
        expect(x).toBeLessThanOrEqual(width);
      }
    }
  });

  it("goes back on the left, over others on the right, to the next between them", () => {
    const { boxes, edges } = layout([transition(1, 2), transition(3, 1), transition(1, 3), transition(2, 2)]);
    const [box] = boxes;
    const sideOf = (from: number, to: number) => {
      const { path } = edges.find((edge) => edge.from === from && edge.to === to)!;
      const xs = xsOf(path);
      if (Math.min(...xs) < box!.x) return "left";
      return Math.max(...xs) > box!.x + box!.width ? "right" : "between";
    };
    expect([sideOf(1, 2), sideOf(3, 1), sideOf(1, 3), sideOf(2, 2)]).toEqual([
      "between",
      "left",
      "right",
      "right",
    ]);
  });

  it("gives arrows that would meet lanes of their own", () => {
    const { edges } = layout([transition(3, 1), transition(2, 1), transition(4, 3)]);
    const lanes = edges.map(({ label }) => label.x);
    expect(new Set(lanes).size).toBe(2);
  });

  it("draws all transitions between two states as one arrow, dashed only if none is certain", () => {
    const { edges } = layout([transition(1, 2), transition(1, 2, false), transition(2, 3, false)]);
    expect(edges.map(({ transitions, isCertain }) => [transitions.length, isCertain])).toEqual([
      [2, true],
      [1, false],
    ]);
  });

  it("draws nothing where it is not known from where or to where", () => {
    expect(layout([transition(null, 1), transition(1, null)]).edges).toEqual([]);
  });

  it("breaks live futures into lines within the box, and counts those that are too many", () => {
    const chips = [[], Array.from({ length: 12 }, (_, i) => `● worker[${i}]`)];
    const box = layout([], 260, chips).boxes[1]!;
    expect(box.chips.map(({ instance }) => instance)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, -1]);
    for (const chip of box.chips) {
      expect(chip.x + chip.width).toBeLessThanOrEqual(box.x + box.width);
      expect(chip.y).toBeLessThan(box.y + box.height);
    }
  });
});

describe("fitted", () => {
  it("cuts what is too long", () => {
    expect(fitted("short", 100)).toBe("short");
    expect(textWidth(fitted("a name that is far too long", 80))).toBeLessThanOrEqual(80);
    expect(fitted("anything", 3)).toBe("");
  });
});

describe("barPieces", () => {
  it("lie where the values lie in the future", () => {
    const pieces = barPieces([saved(0, 8), saved(8, 0), saved(12, 4)], 16, 160);
    expect(pieces.map(({ x, width }) => [x, width])).toEqual([
      [0, 80],
      [120, 40],
    ]);
    expect(barPieces([saved(0, 1)], 0, 160)).toEqual([]);
  });

  it("stay to be seen where they are small", () => {
    expect(barPieces([saved(5000, 1)], 10_000, 200)[0]?.width).toBe(1);
  });
});
