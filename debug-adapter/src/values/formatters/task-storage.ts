import type { Formatter } from "../shape";

/**
 * The memory of one Embassy task: shown as its future, which says where the task is suspended. Before the first spawn
 * it is whatever was there.
 */
export const taskStorageFormatter: Formatter = {
  types: ["embassy_executor::raw::TaskStorage"],
  shape(value, reader) {
    const future = reader.member(value, "future");
    const content = future && reader.unwrapped(future);
    return content?.type.kind === "enum"
      ? { kind: "wrapped", name: "Task", inner: content, notes: [] }
      : undefined;
  },
};
