import { describe, expect, it } from "vitest";
import { copyState, restoreState } from "./plain-state";

function exampleState() {
  return {
    enabled: true,
    name: "UART0",
    level: 3,
    pending: null as number | null,
    registers: Uint32Array.of(1, 2, 3),
    queue: [10, 20],
    divider: { quotient: 7, signs: [-1, 1] },
  };
}

describe("copyState", () => {
  it("copies everything and shares nothing", () => {
    const state = exampleState();
    const copy = copyState(state);
    expect(copy).toEqual(state);
    state.registers[0] = 99;
    state.queue.push(30);
    state.divider.signs[0] = 0;
    expect(copy).toEqual(exampleState());
  });
});

describe("restoreState", () => {
  it("puts a copy back, whatever has changed meanwhile", () => {
    const state = exampleState();
    const copy = copyState(state);
    Object.assign(state, { enabled: false, name: "", level: 0, pending: 5 });
    state.registers.fill(0);
    state.queue.splice(0, 2, 1, 2, 3, 4);
    state.divider.quotient = 0;
    state.divider.signs.length = 0;
    restoreState(state, copy);
    expect(state).toEqual(exampleState());
  });

  it("keeps arrays and objects that others hold, and takes none of the copy's", () => {
    const state = exampleState();
    const { registers, queue, divider } = state;
    const copy = copyState(state);
    restoreState(state, copy);
    expect(state.registers).toBe(registers);
    expect(state.queue).toBe(queue);
    expect(state.divider).toBe(divider);
    queue.push(30);
    divider.quotient = 0;
    expect(copy).toEqual(exampleState());
  });

  it("refills a queue of any length", () => {
    const state = { queue: Array.from({ length: 300_000 }, (_, i) => i) };
    const copy = copyState(state);
    state.queue.length = 0;
    restoreState(state, copy);
    expect(state.queue.length).toBe(300_000);
  });
});
