import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe } from "vitest";
import { goldenSession, type GoldenSession } from "./golden-session";

// Firmware that fails in a way that the session chooses; what its own panic handler writes down, and the markers in
// its source, are compared in `debuggee/exceptions`.

const CASES = {
  formatted: 0,
  "borrowed-twice": 4,
  "read-nowhere": 7,
} as const;

async function fail(
  session: GoldenSession,
  { profile, failure }: { readonly profile: "dev" | "release"; readonly failure: keyof typeof CASES },
): Promise<void> {
  const program = `test/firmware/panics/prebuilt/panics-${profile}.elf`;
  await session.launch({ program, stopOnEntry: true }, async () => {
    const body = await session.ask<DebugProtocol.SetExceptionBreakpointsResponse>("setExceptionBreakpoints", {
      filters: ["panic", "hardFault", "typo"],
    });
    for (const { verified, message } of body?.breakpoints ?? []) {
      session.write(`filter ${verified ? "is set" : `is refused: ${message}`}`);
    }
  });
  await session.evaluate(`POLLSCOPE_CASE = ${CASES[failure]}`, undefined, "repl");
  const { threadId } = await session.go("continue");
  const info = await session.ask<DebugProtocol.ExceptionInfoResponse>("exceptionInfo", { threadId });
  session.write(`${info?.exceptionId} (${info?.breakMode})`);
  session.write(info?.description ?? "");
  await session.threads();
  await session.stack(threadId!);
}

describe("a session with a firmware that fails", () => {
  for (const profile of ["dev", "release"] as const) {
    for (const failure of ["formatted", "borrowed-twice", "read-nowhere"] as const) {
      goldenSession(`fails-${failure}-${profile}`, (session) => fail(session, { profile, failure }));
    }
  }
});
