import type { AsyncFunction } from "../../symbols/async-functions";
import type { CodeRow } from "../stepping/code-rows";
import type { ProgramCode } from "../stepping/program-code";
import type { CodeSite } from "./code-site";

/**
 * Where the body of an async function begins. Every poll comes by behind the prologue, where the body is a function of
 * its own; in copies that are inlined, whatever comes first may be the beginning.
 */
export function bodyBeginnings(body: AsyncFunction, code: ProgramCode): CodeSite[] {
  const { entries, statements } = code.lines.ofBody(body);
  const copies = new Set(statements.map(({ scope }) => scope).filter(({ parent }) => parent !== undefined));
  const inCopies = [...copies].flatMap((copy) => {
    return code.rows.of(copy.owner).filter((row) => row.scope === copy && row.isStatement && row.line !== 0);
  });
  return [...entries, ...inCopies].map((row) => ({ ...siteOf(row), isBeginning: true }));
}

export function siteOf({ address, line, scope }: CodeRow): CodeSite {
  return { address, line, scope };
}
