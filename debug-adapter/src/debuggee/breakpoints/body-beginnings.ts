import type { AsyncFunction } from "../../symbols/async-functions";
import type { CodeRow, CodeScope } from "../stepping/code-rows";
import type { ProgramCode } from "../stepping/program-code";
import type { CodeSite } from "./code-site";

/**
 * Where the body of an async function begins. The first poll comes by behind the prologue, where the body is a function
 * of its own; copies that are inlined have no such place, and begin at their first line behind the head.
 */
export function bodyBeginnings(body: AsyncFunction, code: ProgramCode): CodeSite[] {
  const { entries, statements } = code.lines.ofBody(body);
  const firstLines = new Map<CodeScope, number>();
  for (const { scope, line } of statements) {
    if (scope.parent === undefined) continue;
    firstLines.set(scope, Math.min(line, firstLines.get(scope) ?? Infinity));
  }
  const inCopies = statements.filter(({ scope, line }) => firstLines.get(scope) === line);
  return [...entries, ...inCopies].map(siteOf);
}

export function siteOf({ address, line, scope }: CodeRow): CodeSite {
  return { address, line, scope };
}
