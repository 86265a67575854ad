import { describe, expect, it } from "vitest";
import type { LocalRole, SavedLocal } from "../../symbols/types/coroutine";
import { largestState, savingsOf } from "./savings";
import type { StateLayout } from "./state-layout";

/** `x@8+4`: 4 bytes at 8, aligned as its size says; `led?@24+1` is a drop flag, `!` an awaited future. */
function state(name: string, ...values: readonly string[]): StateLayout {
  const saved = values.map((text) => {
    const [, variable, mark, offset, bytes] = /^(\w+)([?!]?)@(\d+)\+(\d+)$/.exec(text)!;
    const role: LocalRole = mark === "?" ? "drop-flag" : mark === "!" ? "awaitee" : "variable";
    const byteSize = Number(bytes);
    const alignment = byteSize % 8 === 0 ? 8 : byteSize % 4 === 0 ? 4 : 1;
    const value = {
      name: variable,
      role,
      offset: Number(offset),
      byteSize,
      type: { alignment },
    } as SavedLocal;
    return { value, shortType: "", mayBeDropped: false, isLeftBehind: false };
  });
  const bytes = saved.reduce((sum, { value }) => sum + value.byteSize, 0);
  const kind = name === "Unresumed" ? "unresumed" : "suspended";
  return { state: { kind, name } as StateLayout["state"], saved, bytes };
}

function savings(byteSize: number, states: readonly StateLayout[]) {
  const found = savingsOf({ byteSize, discriminant: { offset: 0, byteSize: 1 } }, states);
  return found.map(
    ({ name, atMost, largestThen }) => `${name} ${atMost}, then ${states[largestThen]!.state.name}`,
  );
}

describe("savingsOf", () => {
  it("goes no further than the state that needs most then", () => {
    const states = [state("Unresumed"), state("Suspend0", "big@8+40", "n@4+4"), state("Suspend1", "m@8+24")];
    expect(largestState(states)).toBe(1);
    expect(savings(48, states)).toEqual(["big 16, then Suspend1", "n 0, then Suspend0"]);
  });

  it("counts a variable in all states that keep it", () => {
    const states = [state("Suspend0", "kept@8+40"), state("Suspend1", "kept@8+40", "n@4+4")];
    expect(savings(48, states)).toEqual(["kept 40, then Suspend1", "n 0, then Suspend0"]);
  });

  // rustc shares bytes only between values that live in one state each: `a` and `z` lie beside each other here.
  it("says at most, where places that cannot be shared take more than any state needs", () => {
    const states = [state("Suspend0", "a@8+40"), state("Suspend1", "a@8+40"), state("Suspend2", "z@48+40")];
    expect(savings(88, states)).toEqual(["a 40, then Suspend2"]);
  });

  it("takes drop flags and alignment off with the variable, for they may go with it", () => {
    const states = [state("Suspend0", "guard@8+8", "flag?@4+1", "b@5+1")];
    expect(savings(16, states)).toEqual(["guard 14, then Suspend0", "b 0, then Suspend0"]);
  });

  it("tells nothing of what is awaited: that is another function's size", () => {
    expect(savings(40, [state("Suspend0", "inner!@8+32")])).toEqual([]);
  });
});
