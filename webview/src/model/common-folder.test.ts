import { expect, it } from "vitest";
import { Trace } from "#adapter/trace/trace";
import { commonFolder } from "./common-folder";

/** The common folder of a trace whose tasks wait in these files. */
function folderOf(...files: readonly (string | null)[]): string {
  const trace = new Trace();
  for (const file of files) {
    const place = file === null ? null : { file, line: 1 };
    trace.addSuspension({ place, awaiting: null, frames: [] });
  }
  return commonFolder(trace);
}

it.each([
  [[], ""],
  [[null], ""],
  [["/app/src/main.rs"], "/app/src/"],
  [["/app/src/main.rs", null, "/app/src/net/tcp.rs"], "/app/src/"],
  [["/app/src/main.rs", "/app/srv/lib.rs"], "/app/"],
  [["src/main.rs", "lib.rs"], ""],
  [["/a/main.rs", "/b/main.rs"], "/"],
  [[String.raw`C:\app\src\main.rs`, String.raw`C:\app\lib.rs`], String.raw`C:\app` + "\\"],
])("of %j is %j", (files, folder) => {
  expect(folderOf(...files)).toBe(folder);
});
