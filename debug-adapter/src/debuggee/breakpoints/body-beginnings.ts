import type { AsyncFunction } from "../../symbols/async-functions";
import type { CodeRow, CodeScope } from "../stepping/code-rows";
import type { ProgramCode } from "../stepping/program-code";
import type { CodeSite } from "./code-site";

/**
 * Where the body of an async function begins. Every poll comes by behind the prologue, where the body is a function of
 * its own; in copies that are inlined, whatever comes first may be the beginning.
 * @param scopes copies that are known besides those with a statement behind the head
 */
export function bodyBeginnings(
  body: AsyncFunction,
  scopes: Iterable<CodeScope>,
  code: ProgramCode,
): CodeSite[] {
  const { entries, statements } = code.lines.ofBody(body);
  const known = [...statements.map(({ scope }) => scope), ...scopes];
  const copies = new Set(
    known.filter((each) => each.parent !== undefined && code.bodies.bodyOf(each) === body),
  );
  const inCopies = [...copies].flatMap((copy) => {
    return code.rows.of(copy.owner).filter((row) => row.scope === copy && row.isStatement && row.line !== 0);
  });
  return [...entries, ...inCopies].map((row) => ({ ...siteOf(row), isBeginning: true }));
}

export function siteOf({ address, line, scope }: CodeRow): CodeSite {
  return { address, line, scope };
}
