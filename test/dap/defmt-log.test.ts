import { describe } from "vitest";
import { goldenSession } from "./golden-session";

describe("a session with a firmware that logs", () => {
  for (const profile of ["dev", "release"]) {
    goldenSession(`defmt-log-${profile}`, async (session) => {
      const program = `test/firmware/defmt-log/prebuilt/defmt-log-${profile}.elf`;
      await session.launch({ program, stopOnEntry: true }, async () => {
        await session.ask("setExceptionBreakpoints", { filters: ["panic"] });
      });
      await session.go("continue");
    });
  }
});
