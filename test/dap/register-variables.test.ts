import type { DebugProtocol } from "@vscode/debugprotocol";
import { describe } from "vitest";
import { goldenSession } from "./golden-session";

/** `out_of_bounds`: what the panic says then is what the register held. */
const CASE = 2;

describe("a variable that a register holds", () => {
  goldenSession("set-register-variable", async (session) => {
    const program = "test/firmware/panics/prebuilt/panics-release.elf";
    await session.launch({ program, stopOnEntry: true }, async () => {
      await session.ask("setExceptionBreakpoints", { filters: ["panic"] });
      await session.breakpoints("setFunctionBreakpoints", {
        breakpoints: [{ name: "cases::out_of_bounds" }],
      });
    });
    await session.evaluate(`POLLSCOPE_CASE = ${CASE}`, undefined, "repl");
    const { threadId } = await session.go("continue");
    const [frame, ...callers] = await session.framesOf(threadId!);
    await session.scopes(frame, 1, ["Arguments", "Locals"]);
    const body = await session.ask<DebugProtocol.ScopesResponse>("scopes", { frameId: frame!.id });
    const { variablesReference } = body!.scopes.find(({ name }) => name === "Arguments")!;
    const set = await session.ask<DebugProtocol.SetVariableResponse>("setVariable", {
      variablesReference,
      name: "index",
      value: "17",
    });
    session.write(JSON.stringify(set));
    await session.ask("setVariable", { variablesReference, name: "index", value: "-1" });
    await session.evaluate("index", frame!.id);
    for (const caller of callers.filter(({ name }) => name.startsWith("panics::"))) {
      session.write(caller.name);
      await session.scopes(caller, 1, ["Arguments"]);
      await session.ask("setExpression", { expression: "case", value: "3", frameId: caller.id });
    }
    await session.go("continue");
  });
});
