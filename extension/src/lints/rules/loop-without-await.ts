import type { SyntaxNode } from "../syntax/node";
import type { Rule } from "../rule";
import { inAsyncCode } from "../rule-words";
import { awaitsIn, hasHiddenAwait, hasNobodyElse, isEndless, isTest, mayLeave } from "./bodies";

export const loopWithoutAwait: Rule = {
  code: "loop-without-await",
  severity: "warning",
  summary: "an endless loop without an await: no other task of the executor ever runs again",
  alsoAllowedBy: [],
  concerns: inAsyncCode,
  check(item, report) {
    for (const body of item.bodies) {
      if (!body.isAsync || !body.isComplete || isTest(body) || hasNobodyElse(body)) continue;
      for (const { node } of body.loops) {
        if (awaitsIn(body, node).length > 0 || hasHiddenAwait(node)) continue;
        const keyword = node.children.find(({ kind }) => kind === "loop" || kind === "while");
        if (keyword === undefined) continue;
        if (isEndless(node) && !isHalt(node) && !mayLeave(node, body)) {
          report({
            at: keyword,
            message:
              "This loop never ends and never awaits: once it runs, no other task of the executor does",
            facts: { function: body.name, awaits: [] },
          });
        } else if (isSpinWait(node)) {
          report({
            at: keyword,
            message:
              "This loop waits by spinning: no other task of the executor runs until the value changes",
            facts: { function: body.name, awaits: [] },
          });
        }
      }
    }
  },
};

/** `loop {}`, `loop { wfi() }`: the end of the program, or of what cannot be reached, and meant as such. */
function isHalt(loop: SyntaxNode): boolean {
  const statements = loop.child("body")?.parts ?? [];
  return statements.every((each) =>
    /^(?:[\w:]*::)?(?:wfi|wfe|nop|bkpt|spin_loop|udf)\(\);?$/.test(each.text),
  );
}

/** `while !READY.load(Ordering::Acquire) {}`, with at most a hint in the body. */
function isSpinWait(loop: SyntaxNode): boolean {
  if (loop.kind !== "while_expression") return false;
  const condition = loop.child("condition");
  if (
    condition === undefined ||
    !/^!?\s*[\w.:]+\.load\(\s*[\w:]+\s*\)(?:\s*[=!<>]=?\s*\w+)?$/.test(condition.text)
  )
    return false;
  const statements = loop.child("body")?.parts ?? [];
  return statements.every((each) => /^(?:[\w:]*::)?(?:spin_loop|nop|yield_now)\(\);?$/.test(each.text));
}
