import type { Body, CallSite } from "../flow/body";
import type { LintFix } from "../finding";
import type { Report, Rule } from "../rule";
import type { SyntaxNode } from "../syntax/node";

/** From this version on the token is a `Result`, and `spawn` returns nothing (embassy-executor's change log). */
const CHANGED = [0, 10] as const;

export const spawnApi: Rule = {
  code: "spawn-api",
  severity: "error",
  summary: "how tasks were spawned before embassy-executor 0.10",
  alsoAllowedBy: [],
  concerns: ({ text }) => text.includes("spawn"),
  check(item, report) {
    if (!isAtLeast(item.crate.dependencies.get("embassy-executor"))) return;
    for (const body of item.bodies) {
      for (const site of body.calls) {
        const found = isSpawner(site) ? finding(body, site) : undefined;
        if (found !== undefined) report(found);
      }
    }
  },
};

function isAtLeast(version: string | undefined): boolean {
  const found = /^(\d+)\.(\d+)/.exec(version ?? "");
  if (found === null) return false;
  const [major, minor] = [Number(found[1]), Number(found[2])];
  return major > CHANGED[0] || (major === CHANGED[0] && minor >= CHANGED[1]);
}

function isSpawner({ receiver }: CallSite): boolean {
  return receiver?.kind === "path" && /^embassy_executor::(?:Send)?Spawner$/.test(receiver.path);
}

function finding(body: Body, { node, method, nameNode, args }: CallSite): Report | undefined {
  const [token] = args;
  if (token === undefined || args.length !== 1) return undefined;
  const facts = { function: body.name, awaits: [] };
  if (method === "must_spawn") {
    return {
      at: nameNode,
      message:
        "`must_spawn` is gone since embassy-executor 0.10: the task's own call says whether there is room for it",
      fixes: [fix([{ start: nameNode.start, end: nameNode.end, text: "spawn" }, after(token, ".unwrap()")])],
      facts,
    };
  }
  if (method !== "spawn") return undefined;
  const around = resultUse(node);
  if (around === undefined) return undefined;
  return {
    at: around.at,
    message:
      "`spawn` returns nothing since embassy-executor 0.10: the error is in what the task's own call returns",
    fixes: [fix([{ start: node.end, end: around.end, text: "" }, after(token, around.text)])],
    facts,
  };
}

interface ResultUse {
  readonly at: SyntaxNode;
  readonly end: number;
  /** What is done with the result, as written: `.unwrap()`. */
  readonly text: string;
}

/** `spawner.spawn(…).unwrap()`, `.expect("…")` or `?` */
function resultUse(call: SyntaxNode): ResultUse | undefined {
  const { parent, source } = call;
  if (parent?.kind === "try_expression") {
    return { at: parent.children.at(-1)!, end: parent.end, text: "?" };
  }
  const outer = parent?.kind === "field_expression" ? parent.parent : undefined;
  const name = parent?.child("field");
  if (outer?.kind !== "call_expression" || name === undefined || !/^(?:unwrap|expect)$/.test(name.text))
    return undefined;
  return { at: name, end: outer.end, text: source.text.slice(call.end, outer.end).trim() };
}

function after(token: SyntaxNode, text: string) {
  return { start: token.end, end: token.end, text };
}

function fix(
  edits: readonly { readonly start: number; readonly end: number; readonly text: string }[],
): LintFix {
  return {
    title: "Spawn as since embassy-executor 0.10",
    isSafe: true,
    edits: edits.map(({ start, end, text }) => ({ start, end, text })),
  };
}
