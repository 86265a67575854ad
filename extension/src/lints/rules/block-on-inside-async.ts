import type { Rule } from "../rule";
import { inAsyncCode } from "../rule-words";
import { isTest } from "./bodies";

const FUNCTIONS = new Set([
  "futures::executor::block_on",
  "futures::block_on",
  "embassy_futures::block_on",
  "pollster::block_on",
  "async_std::task::block_on",
  "smol::block_on",
  "futures_lite::future::block_on",
  "futures::future::block_on",
  "async_io::block_on",
  "tokio_test::block_on",
]);

const RUNTIMES = new Set(["tokio::runtime::Runtime", "tokio::runtime::Handle"]);

export const blockOnInsideAsync: Rule = {
  code: "block-on-inside-async",
  severity: "error",
  summary: "`block_on` in async code waits for what its own executor would have to run",
  alsoAllowedBy: [],
  concerns: inAsyncCode,
  check(item, report) {
    for (const body of item.bodies) {
      if (!body.isAsync || isTest(body)) continue;
      for (const { path, method, receiver, nameNode, args } of body.calls) {
        const isFunction = path !== undefined && FUNCTIONS.has(path);
        const isMethod = method === "block_on" && receiver?.kind === "path" && RUNTIMES.has(receiver.path);
        if (!isFunction && !isMethod) continue;
        const call = nameNode.parent?.kind === "field_expression" ? nameNode.parent.parent : nameNode.parent;
        const [future] = args;
        const fix =
          isFunction && call !== undefined && future !== undefined && args.length === 1
            ? [
                {
                  title: "Await it",
                  isSafe: false,
                  edits: [{ start: call.start, end: call.end, text: awaited(future.text, future.kind) }],
                },
              ]
            : [];
        report({
          at: nameNode,
          message: isMethod
            ? "`block_on` in async code panics: the thread runs an executor already"
            : "`block_on` in async code keeps the executor from running: what the future waits for may never come",
          fixes: fix,
          facts: { function: body.name, awaits: [] },
        });
      }
    }
  },
};

/** `.await` binds tighter than operators and references. */
function awaited(text: string, kind: string): string {
  const isTight = [
    "call_expression",
    "identifier",
    "field_expression",
    "async_block",
    "macro_invocation",
  ].includes(kind);
  return isTight ? `${text}.await` : `(${text}).await`;
}
