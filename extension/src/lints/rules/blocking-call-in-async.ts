import type { Body, CallSite } from "../flow/body";
import type { ItemRelated } from "../finding";
import type { Report, Rule, RuleItem } from "../rule";
import { inAsyncCode } from "../rule-words";
import { Names } from "../semantics/names";
import type { FoundFunction } from "../semantics/workspace";
import { whyBlocking, whyPathBlocks } from "./blocking-functions";
import { calledFunction, hasNobodyElse, isEntry, isTest, loopAround } from "./bodies";

/** Functions call functions: no further than this is followed. */
const DEEPEST = 4;

export const blockingCallInAsync: Rule = {
  code: "blocking-call-in-async",
  severity: "warning",
  summary: "a call that blocks the thread or the core, and with it every task of the executor",
  alsoAllowedBy: [],
  concerns: inAsyncCode,
  check(item, report) {
    for (const body of item.bodies) {
      if (!body.isAsync || item.isTest || isTest(body) || hasNobodyElse(body)) continue;
      for (const site of body.calls) {
        if (site.node.parent?.kind === "await_expression" || isBeforeOthers(body, site)) continue;
        const found = finding(item, body, site);
        if (found !== undefined) report(found);
      }
    }
  },
};

/** At the beginning of a program there is nobody to block yet. */
function isBeforeOthers(body: Body, { node }: CallSite): boolean {
  if (body.node.kind !== "function_item" || !isEntry(body) || loopAround(node) !== undefined) return false;
  const isEarlier = (each: { readonly start: number }) => each.start < node.start;
  const spawns = body.calls.filter(
    ({ method, path }) => method?.includes("spawn") ?? path?.includes("spawn") ?? false,
  );
  return !body.awaits.some((each) => isEarlier(each.node)) && !spawns.some((each) => isEarlier(each.node));
}

function finding(item: RuleItem, body: Body, site: CallSite): Report | undefined {
  const own = item.options.blockingFunctions;
  const why = whyBlocking(site, own);
  const name = site.nameNode.text;
  const facts = { function: body.name, awaits: [] };
  if (why !== undefined) {
    return { at: site.nameNode, message: `\`${name}\` blocks in async code: ${why}`, facts };
  }
  const called = calledFunction(site, body);
  const chain = called === undefined ? undefined : blockingChain(called, body.names, own, 0);
  if (chain === undefined) return undefined;
  return {
    at: site.nameNode,
    message: `\`${name}\` blocks in async code, since it calls \`${chain.callee}\`: ${chain.why}`,
    related: chain.related,
    facts,
  };
}

interface Chain {
  /** What blocks in the end. */
  readonly callee: string;
  readonly why: string;
  readonly related: readonly ItemRelated[];
}

/** How a function of the workspace comes to block; undefined if it is not known to. */
function blockingChain(
  found: FoundFunction,
  from: Names,
  own: readonly string[],
  depth: number,
): Chain | undefined {
  const { declaration, owner } = found;
  if (declaration.isAsync || depth >= DEEPEST) return undefined;
  const around = owner?.kind === "impl" ? [`impl ${owner.type} {}`] : [];
  const names = new Names(from.workspace, found.file, around);
  for (const { callee, start, end } of declaration.calls()) {
    const here: ItemRelated = { start, end, within: found, message: `\`${declaration.name}\` calls this` };
    const method = /^self\.(\w+)$/.exec(callee)?.[1];
    const path = method === undefined ? names.resolve(callee.replace(/::<.*$/, "")) : undefined;
    const why = path === undefined ? undefined : whyPathBlocks(path, own);
    if (why !== undefined) return { callee, why, related: [here] };
    const next = method === undefined ? names.freeFunction(path ?? "") : names.method(names.self, method);
    const chain =
      next === undefined || next === found ? undefined : blockingChain(next, names, own, depth + 1);
    if (chain !== undefined) return { ...chain, related: [here, ...chain.related] };
  }
  return undefined;
}
