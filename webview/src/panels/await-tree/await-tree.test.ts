import { describe, expect, it } from "vitest";
import type { AwaitTreeBody, AwaitTreeTask } from "#adapter/protocol/await-tree";
import type { ProtocolFuture, WhyBody } from "#adapter/protocol/custom-requests";
import { treeMove } from "./tree-keys";
import { awaitNodes, reasonNodes } from "./tree-node";
import { treeRows, type TreeRow } from "./tree-rows";
import { parseTreeState, savedTreeState } from "./tree-state";

function future(name: string, more: Partial<ProtocolFuture> = {}): ProtocolFuture {
  return {
    name,
    label: null,
    state: "suspended",
    place: null,
    wait: null,
    dueAt: null,
    heldBy: [],
    isOwn: true,
    note: null,
    children: [],
    kept: [],
    ...more,
  };
}

function task(threadId: number, name: string, more: Partial<AwaitTreeTask> = {}): AwaitTreeTask {
  return {
    threadId,
    name,
    state: "suspended",
    since: 0,
    description: "suspended for 1.000 s",
    place: null,
    polls: 1,
    wakes: 1,
    lastWake: null,
    timeRun: 10,
    bytes: 64,
    future: null,
    why: null,
    ...more,
  };
}

const timer = future("Timer", { state: "pending", wait: "timer due in 2.000 s", dueAt: 5e9, label: "2" });
const done = future("app::soon", { state: "done", label: "1" });
const lock = future("Mutex::lock", { state: "pending", wait: "mutex LOG held by log_task", heldBy: [3] });

const BODY: AwaitTreeBody = {
  time: 4e9,
  tasks: [
    task(2, "blink_task", {
      description: "suspended 1.000 s more, main.rs:18",
      place: { path: "/app/src/main.rs", line: 18 },
      future: future("app::blink_task", {
        place: { path: "/app/src/main.rs", line: 18 },
        children: [future("Join<…>", { state: "pending", children: [done, timer] })],
        kept: [future("app::rest", { label: "rest", state: "dropped" })],
      }),
    }),
    task(3, "log_task", { state: "running", description: "running" }),
    task(4, "net_task", { future: future("app::net_task", { children: [lock] }) }),
  ],
};

/** Rows as text: two spaces a level, `+` before a closed row. */
function drawn(rows: readonly TreeRow[]): string[] {
  return rows.map(({ node, level, hasChildren, isExpanded }) => {
    const sign = hasChildren && !isExpanded ? "+" : "";
    const place = node.place === null ? "" : ` @${node.place.line}`;
    const words = [node.label, node.name, node.state, node.detail].filter((each) => each !== null);
    return `${"  ".repeat(level - 1)}${sign}${words.join(" | ")}${place}`;
  });
}

const OPEN = { filter: "", toggled: new Map<string, boolean>() };

describe("the await tree", () => {
  it("tells branches, what has become of them, and how long timers still are", () => {
    expect(drawn(treeRows(awaitNodes(BODY), OPEN))).toEqual([
      "blink_task | suspended | 1.000 s more @18",
      "  app::blink_task @18",
      "    Join<…>",
      "      branch 1 | app::soon | done",
      "      branch 2 | Timer | due in 1.000 s",
      "    rest: dropped or moved away | app::rest | dropped",
      "log_task | running",
      "net_task | suspended | for 1.000 s",
      "  app::net_task",
      "    Mutex::lock | mutex LOG held by log_task",
    ]);
  });

  it("leads from a lock to the task that holds it", () => {
    const [leaf] = awaitNodes(BODY)[2]!.children[0]!.children;
    expect(leaf?.leadsTo).toBe(3);
  });

  it("says since when a timer is due that nobody has polled", () => {
    const late: AwaitTreeBody = { ...BODY, time: 5_000_038_000 };
    const [, leaf] = awaitNodes(late)[0]!.children[0]!.children[0]!.children;
    expect(leaf?.detail).toBe("due for 38.00 us");
  });

  it("keeps a row's key from one instant to the next, and gives each its own", () => {
    const keys = (body: AwaitTreeBody) => treeRows(awaitNodes(body), OPEN).map(({ node }) => node.key);
    expect(keys({ ...BODY, time: 4.5e9 })).toEqual(keys(BODY));
    expect(new Set(keys(BODY)).size).toBe(keys(BODY).length);
  });

  it("closes what was closed", () => {
    const toggled = new Map([["task blink_task", false]]);
    expect(drawn(treeRows(awaitNodes(BODY), { filter: "", toggled }))[0]).toBe(
      "+blink_task | suspended | 1.000 s more @18",
    );
  });

  it("begins closed where there are many tasks", () => {
    const many = {
      time: 0,
      tasks: Array.from({ length: 30 }, (_, i) => ({ ...BODY.tasks[0]!, name: `t${i}` })),
    };
    expect(treeRows(awaitNodes(many), OPEN)).toHaveLength(30);
  });

  it("filters rows, and keeps what leads to them and what is below them", () => {
    const rows = drawn(treeRows(awaitNodes(BODY), { filter: "timer", toggled: new Map() }));
    expect(rows).toEqual([
      "blink_task | suspended | 1.000 s more @18",
      "  app::blink_task @18",
      "    Join<…>",
      "      branch 2 | Timer | due in 1.000 s",
    ]);
    expect(treeRows(awaitNodes(BODY), { filter: "net_task", toggled: new Map() })).toHaveLength(3);
    expect(treeRows(awaitNodes(BODY), { filter: "nowhere", toggled: new Map() })).toEqual([]);
  });
});

describe("why tasks are not running", () => {
  const why: WhyBody = {
    kind: "lock",
    verdict: "mutex LOG held by log_task, which is running",
    steps: [
      {
        text: "app::net_task is parked",
        depth: 0,
        place: { path: "/app/src/net.rs", line: 7 },
        threadId: null,
      },
      { text: "Mutex::lock: mutex LOG held by log_task", depth: 1, place: null, threadId: null },
      { text: "held by log_task as log", depth: 2, place: null, threadId: 3 },
      { text: "its waker is in LOG", depth: 0, place: null, threadId: null },
    ],
  };
  const body: AwaitTreeBody = {
    time: 4e9,
    tasks: BODY.tasks.map((each) => (each.threadId === 4 ? { ...each, why } : each)),
  };

  it("is a chain from the task to who has to act, and a verdict; only for those that wait", () => {
    expect(drawn(treeRows(reasonNodes(body), OPEN))).toEqual([
      "net_task | suspended",
      "  app::net_task is parked @7",
      "    Mutex::lock: mutex LOG held by log_task",
      "      held by log_task as log",
      "  its waker is in LOG",
      "  mutex LOG held by log_task, which is running",
    ]);
    const [node] = reasonNodes(body);
    expect(node!.children.at(-1)?.verdict).toBe("lock");
    expect(node!.children[0]!.children[0]!.children[0]!.leadsTo).toBe(3);
  });
});

describe("keys in the tree", () => {
  const rows = treeRows(awaitNodes(BODY), { filter: "", toggled: new Map([["task net_task", false]]) });
  const key = (name: string) => rows.find(({ node }) => node.name === name)!.node.key;
  const press = (at: string, pressed: string, typed = pressed) =>
    treeMove(rows, key(at), { key: pressed, typed });

  it("go up and down, to the first and the last, and no further", () => {
    expect(press("blink_task", "ArrowDown")).toEqual({ kind: "go", key: key("app::blink_task") });
    expect(press("blink_task", "ArrowUp")).toEqual({ kind: "go", key: key("blink_task") });
    expect(press("net_task", "ArrowDown")).toEqual({ kind: "go", key: key("net_task") });
    expect(press("Timer", "Home")).toEqual({ kind: "go", key: key("blink_task") });
    expect(press("Timer", "End")).toEqual({ kind: "go", key: key("net_task") });
  });

  it("open and close, and go in and out", () => {
    expect(press("net_task", "ArrowRight")).toEqual({
      kind: "toggle",
      keys: ["task net_task"],
      isOpen: true,
    });
    expect(press("blink_task", "ArrowRight")).toEqual({ kind: "go", key: key("app::blink_task") });
    expect(press("blink_task", "ArrowLeft")).toEqual({
      kind: "toggle",
      keys: ["task blink_task"],
      isOpen: false,
    });
    expect(press("Timer", "ArrowLeft")).toEqual({ kind: "go", key: key("Join<…>") });
    expect(press("net_task", "ArrowLeft")).toBeUndefined();
    expect(press("Timer", "ArrowRight")).toBeUndefined();
    expect(press("net_task", "*")).toEqual({
      kind: "toggle",
      keys: ["task blink_task", "task net_task"],
      isOpen: true,
    });
  });

  it("find a row by how its name begins, after its path", () => {
    expect(press("blink_task", "s")).toEqual({ kind: "go", key: key("app::soon") });
    expect(press("blink_task", "t", "t")).toEqual({ kind: "go", key: key("Timer") });
    expect(press("blink_task", "e", "ne")).toEqual({ kind: "go", key: key("net_task") });
    expect(press("blink_task", "b", "bb")).toEqual({ kind: "go", key: key("app::blink_task") });
    expect(press("blink_task", "z")).toBeUndefined();
  });

  it("open the source", () => {
    expect(press("blink_task", "Enter")).toEqual({ kind: "open", key: "task blink_task" });
    expect(press("blink_task", "Tab")).toBeUndefined();
    expect(treeMove([], null, { key: "ArrowDown", typed: "" })).toBeUndefined();
  });
});

describe("what is kept of the tree", () => {
  it("comes back as it was", () => {
    const state = { filter: "net", tellsWhy: true, toggled: new Map([["task a", false]]) };
    expect(parseTreeState(structuredClone(savedTreeState(state)))).toEqual(state);
  });

  it("is as at first where it is of another form", () => {
    const first = { filter: "", tellsWhy: false, toggled: new Map() };
    for (const saved of [undefined, null, 3, "x", { filter: 1, tellsWhy: "yes", toggled: [["a"], 4] }])
      expect(parseTreeState(saved)).toEqual(first);
  });
});
