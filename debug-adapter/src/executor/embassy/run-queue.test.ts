import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildDwarf, type EntryDescription } from "#test/helpers/dwarf-builder";
import { firmwareFiles } from "#test/helpers/firmware";
import { DW_AT, DW_FORM, DW_TAG } from "../../dwarf/constants";
import { parseElf } from "../../elf/elf-file";
import { loadProgram } from "../../symbols/program";
import type { MemoryView } from "../../target/target";
import { findRunQueue, type QueueScene, readRunQueues, type RunQueueLayout } from "./run-queue";

const LAYOUT: RunQueueLayout = { kind: "linked", headOffset: 0, nextOffset: 4, penderOffset: undefined };
const EXECUTOR = 0x2000_0100;
const [A, B, C, D] = [0x2000_1000, 0x2000_1100, 0x2000_1200, 0x2000_1300];

/** A task header: its flags, the link to the next, the executor. */
interface Header {
  readonly isQueued?: boolean;
  readonly next?: number;
  readonly executor?: number;
}

/** What is read of an executor whose queue begins at `head`. */
function read(head: number, headers: Readonly<Record<number, Header>>, seen: Partial<QueueScene> = {}) {
  const words = new Map<number, number>([[EXECUTOR, head]]);
  for (const [at, { isQueued = true, next = 0, executor = EXECUTOR }] of Object.entries(headers)) {
    words.set(Number(at), isQueued ? 3 : 1);
    words.set(Number(at) + 4, next);
    words.set(Number(at) + 8, executor);
  }
  const memory: MemoryView = { read: () => undefined, readUint: (at) => words.get(at) };
  const scene: QueueScene = {
    memory,
    header: {
      bytes: 40,
      alignment: 8,
      spawned: { offset: 0, mask: 1 },
      runQueued: { offset: 0, mask: 2 },
      executorOffset: 8,
    },
    headers: Object.keys(headers).map(Number),
    isAlive: () => true,
    wokenLast: undefined,
    isTakingOut: false,
    ...seen,
  };
  return readRunQueues(LAYOUT, scene).map(({ tasks, doubt }) => ({
    tasks: tasks.map(
      ({ header, round, isArriving }) => `${names.get(header)} ${isArriving ? "arrives" : round}`,
    ),
    doubt,
  }));
}

const names = new Map([
  [A, "a"],
  [B, "b"],
  [C, "c"],
  [D, "d"],
]);

describe("readRunQueues", () => {
  it("goes along the links", () => {
    const queue = read(B, { [A]: {}, [B]: { next: A }, [C]: { isQueued: false } });
    expect(queue).toEqual([{ tasks: ["b next", "a next"], doubt: null }]);
  });

  it("finds what the executor has taken already by its own links, before what was woken since", () => {
    const queue = read(D, { [A]: {}, [B]: { next: A }, [C]: { isQueued: false }, [D]: {} });
    expect(queue).toEqual([{ tasks: ["b this", "a this", "d next"], doubt: null }]);
  });

  it("puts a task first that is just being woken, but not one that is just being taken out", () => {
    const headers = { [A]: {}, [B]: { next: A }, [C]: {} };
    const arriving = read(B, headers, { wokenLast: C });
    expect(arriving).toEqual([{ tasks: ["c arrives", "b next", "a next"], doubt: null }]);
    const takenOut = read(B, headers, { wokenLast: C, isTakingOut: true });
    expect(takenOut).toEqual([{ tasks: ["c this", "b next", "a next"], doubt: null }]);
  });

  it("has doubts where several lists could be the one that the executor has taken", () => {
    const [queue] = read(0, { [A]: {}, [B]: { next: A }, [C]: {} });
    expect(queue?.doubt).toBe("the executor is changing its queue at this instant");
    expect(queue?.tasks).toHaveLength(3);
  });

  it("leaves out what has ended, and follows the links over it", () => {
    const headers = { [A]: {}, [B]: { next: A }, [C]: { next: B } };
    const queue = read(C, headers, { isAlive: (at) => at !== B });
    expect(queue).toEqual([{ tasks: ["c next", "a next"], doubt: null }]);
  });

  it("tells executors apart", () => {
    const other = 0x2000_0200;
    const queues = read(A, { [A]: {}, [B]: { executor: other }, [C]: { isQueued: false, executor: 0 } });
    expect(queues.map(({ tasks }) => tasks)).toEqual([["a next"], ["b this"]]);
  });

  it("ends where memory is damaged, and says so", () => {
    expect(read(A, { [A]: { next: B }, [B]: { next: A } })).toEqual([
      { tasks: ["a next", "b next"], doubt: "its links lead in a circle" },
    ]);
    expect(read(A, { [A]: { next: 0x1234 } })).toEqual([
      { tasks: ["a next"], doubt: "its links lead to what is no task" },
    ]);
  });
});

describe("findRunQueue", () => {
  it.each(firmwareFiles())("knows where the queue of %s is, if it has Embassy's", (path) => {
    const program = loadProgram(parseElf(readFileSync(path), path));
    const found = findRunQueue(program);
    const hasEmbassy = program.asyncFunctions.tasks.length > 0;
    expect(found.kind).toBe(hasEmbassy ? "linked" : "unknown");
  });

  it("knows no order where tasks have priorities", () => {
    const found = findRunQueue(programWith("priority"));
    expect(found).toEqual({
      kind: "unknown",
      reason: "this executor polls by priority, and not in the order of its queue",
    });
  });

  it("says so where the links are of another kind", () => {
    expect(findRunQueue(programWith("name"))).toMatchObject({ kind: "unknown" });
  });
});

/** A program of an executor and a task header, whose metadata has one member. */
function programWith(metadata: string) {
  const struct = (id: string, name: string, bytes: number, members: readonly [string, string, number][]) =>
    ({
      id,
      tag: DW_TAG.structure_type,
      attributes: [
        [DW_AT.name, DW_FORM.string, name],
        [DW_AT.byte_size, DW_FORM.data1, bytes],
      ],
      children: members.map(([member, type, offset]) => ({
        tag: DW_TAG.member,
        attributes: [
          [DW_AT.name, DW_FORM.string, member],
          [DW_AT.type, DW_FORM.ref4, { ref: type }],
          [DW_AT.data_member_location, DW_FORM.data1, offset],
        ],
      })),
    }) satisfies EntryDescription;
  const namespace = (name: string, children: EntryDescription[]): EntryDescription => ({
    tag: DW_TAG.namespace,
    attributes: [[DW_AT.name, DW_FORM.string, name]],
    children,
  });
  const u8: EntryDescription = {
    id: "u8",
    tag: DW_TAG.base_type,
    attributes: [
      [DW_AT.name, DW_FORM.string, "u8"],
      [DW_AT.byte_size, DW_FORM.data1, 1],
      [DW_AT.encoding, DW_FORM.data1, 7],
    ],
  };
  const raw = [
    struct("executor", "SyncExecutor", 8, [["run_queue", "u8", 0]]),
    struct("metadata", "Metadata", 4, [[metadata, "u8", 0]]),
    struct("header", "TaskHeader", 40, [
      ["metadata", "metadata", 36],
      ["state", "u8", 0],
    ]),
  ];
  const root = {
    tag: DW_TAG.compile_unit,
    children: [u8, namespace("embassy_executor", [namespace("raw", raw)])],
  };
  return loadProgram(buildDwarf([{ root }]));
}
