import { describe } from "vitest";
import type { WhyBody } from "#adapter/protocol/custom-requests";
import { startBoardServer } from "#test/helpers/board-server";
import { goldenSession } from "./golden-session";

const DEV = "samples/prebuilt/blink-dev.elf";
const RELEASE = "samples/prebuilt/blink-release.elf";
const SOURCE = { path: `${process.cwd()}/samples/blink/src/main.rs` };

describe("a board behind a gdb server", () => {
  for (const [profile, program, line] of [
    ["dev", DEV, 32],
    ["release", RELEASE, 45],
  ] as const) {
    goldenSession(`board-gdb-${profile}`, async (session) => {
      const server = await startBoardServer(program);
      try {
        session.heading("launch: the board starts anew, up to main");
        await session.launch({ program, target: "gdb", gdb: server.gdb, stopOnEntry: true }, async () => {
          await session.ask("setExceptionBreakpoints", { filters: ["panic", "hardFault"] });
        });
        await session.threads();
        await session.stack(1);
        session.heading("a breakpoint in a task");
        await session.breakpoints("setBreakpoints", { source: SOURCE, breakpoints: [{ line }] });
        const { threadId } = await session.go("continue");
        await session.threads();
        await session.stack(threadId!);
        await session.scopes((await session.framesOf(threadId!))[0], 2);
        session.heading("two instructions further");
        await session.go("next", { threadId: 1, granularity: "instruction" });
        await session.go("stepIn", { threadId: 1, granularity: "instruction" });
        session.heading("again, with what is suspended meanwhile");
        await session.go("continue");
        for (const { id } of await session.threads()) {
          await session.stack(id);
          const { verdict, steps } = (await session.ask("pollscope/why", { threadId: id })) as WhyBody;
          session.write(`  why: ${verdict}`);
          for (const step of steps) session.write(`    ${step.text}`);
        }
        await session.evaluate("BEATS");
        session.heading("steps over, in and out of an await, and from poll to poll");
        await session.breakpoints("setBreakpoints", { source: SOURCE, breakpoints: [{ line: 46 }] });
        const stop = await session.go("continue");
        await session.breakpoints("setBreakpoints", { source: SOURCE, breakpoints: [] });
        const step = async (command: string): Promise<string> => {
          const { threadId: thread } = await session.go(command, { threadId: stop.threadId });
          const [frame] = await session.framesOf(thread!);
          session.write(`  ${command} to ${frame?.name} ${frame?.source?.name}:${frame?.line}`);
          return frame?.name ?? "";
        };
        // A task that never ends has nobody to step out to.
        if ((await step("stepIn")).endsWith("::nap")) await step("stepOut");
        for (const command of ["next", "next", "next"]) await step(command);
        for (const command of ["endOfPoll", "nextPoll", "endOfPoll"]) await step(`pollscope/${command}`);
        session.heading("more places than the core can watch");
        await session.breakpoints("setFunctionBreakpoints", {
          breakpoints: [{ name: "blink::nap" }, { name: "heartbeat_task" }, { name: "wake:blink_task" }],
        });
        await session.breakpoints("setBreakpoints", {
          source: SOURCE,
          breakpoints: [{ line }, { line: 45 }, { line: 46 }, { line: 47 }, { line: 56 }],
        });
        session.heading("what only an emulated board tells");
        for (const command of ["pollscope/stateMachines", "pollscope/board"]) await session.ask(command);
        await session.ask("pollscope/nextWake", { threadId: 1 });
        session.heading("restart");
        await session.ask("restart");
        await session.stopped();
        await session.threads();
      } finally {
        await session.client.request("disconnect");
        await server.close();
      }
    });
  }
});
