import { describe, expect, it } from "vitest";
import type { MachineName, StateMachineBody } from "#adapter/protocol/state-machine";
import { askedMachine, machineGroups, parseMachineChoice, shownState } from "./machine-choice";

function machine(number: number, name: string, more: Partial<MachineName> = {}): MachineName {
  const rest = { generics: "", isOwn: false, task: null, place: null, bytes: 8, suspendPoints: 1 };
  return { machine: number, kind: "fn", name, ...rest, ...more };
}

const MACHINES = [
  machine(0, "embassy_rp::gpio::Input::wait_for_low"),
  machine(1, "app::nap", { isOwn: true, generics: "<u8>" }),
  machine(2, "app::blink_task", { isOwn: true, task: "blink_task", bytes: 40 }),
  machine(3, "app::nap", { isOwn: true, generics: "<u32>" }),
];

const STOP = { time: 0, threadId: 4, text: "" };

describe("askedMachine", () => {
  const asked = (name: string | null, generics = "", selected: number | null = null) =>
    askedMachine(
      { machine: name === null ? null : { name, generics } },
      { focus: null, stop: STOP },
      { machines: MACHINES, selected },
    );

  it("is what was chosen; of instances that nobody tells apart the first", () => {
    expect(asked("app::nap", "<u32>")).toEqual({ machine: 3 });
    expect(asked("app::nap")).toEqual({ machine: 1 });
  });

  it("is the task of CALL STACK, also where the program has not what was chosen in another", () => {
    expect(asked(null)).toEqual({ threadId: 4 });
    expect(asked("other::task")).toEqual({ threadId: 4 });
    expect(asked(null, "", 7)).toEqual({ threadId: 7 });
  });
});

describe("machineGroups", () => {
  it("lists tasks, then the user's own, then libraries'", () => {
    expect(
      machineGroups(MACHINES).map(({ label, options }) => [label, options.map(({ text }) => text)]),
    ).toEqual([
      ["Tasks", ["blink_task · 40 B"]],
      ["Your async functions", ["nap<u32> · 8 B", "nap<u8> · 8 B"]],
      ["Of libraries", ["Input::wait_for_low · 8 B"]],
    ]);
    expect(machineGroups([])).toEqual([]);
  });
});

describe("shownState", () => {
  const body = (standing: readonly { threadId: number; row: number }[]) =>
    ({
      states: ["unresumed", "suspended", "suspended", "returned"].map((kind, i) => ({ kind, name: `S${i}` })),
      instances: standing,
      largest: 2,
    }) as unknown as StateMachineBody;

  it("is the chosen one, else where the task stands, else the largest", () => {
    expect(shownState({ state: "S0" }, body([]), null)).toBe(0);
    expect(shownState({ state: null }, body([{ threadId: 2, row: 1 }]), null)).toBe(1);
    const two = [
      { threadId: 2, row: 1 },
      { threadId: 3, row: 2 },
    ];
    expect(shownState({ state: null }, body(two), 3)).toBe(2);
    expect(shownState({ state: "gone" }, body([]), null)).toBe(2);
    expect(shownState({ state: null }, body([{ threadId: 2, row: 3 }]), 2)).toBe(2);
  });
});

describe("parseMachineChoice", () => {
  it("takes whatever was saved", () => {
    const choice = { machine: { name: "app::nap", generics: "" }, state: "Suspend0" };
    expect(parseMachineChoice(choice)).toEqual(choice);
    for (const saved of [undefined, null, 1, { machine: 3, state: 4 }, { machine: { name: "x" } }])
      expect(parseMachineChoice(saved)).toEqual({ machine: null, state: null });
  });
});
