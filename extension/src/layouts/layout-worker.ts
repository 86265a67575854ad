import { parentPort } from "node:worker_threads";
import { UserError } from "#adapter/base/errors";
import type { LayoutAnswer, LayoutQuestion } from "./layout-reader";
import { readLayouts } from "./read-layouts";

// A thread of its own: reading the debug info of a firmware file takes longer than an editor may be held up.

const port = parentPort;
port?.on("message", (question: LayoutQuestion) => {
  void answer(question).then((each) => port.postMessage(each));
});

async function answer({ id, request }: LayoutQuestion): Promise<LayoutAnswer> {
  try {
    return { id, kind: "read", facts: await readLayouts(request) };
  } catch (error) {
    if (error instanceof UserError) {
      const { what, remedy } = error;
      return { id, kind: "refused", what, remedy };
    }
    return {
      id,
      kind: "failed",
      stack: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}
