import { describe } from "vitest";
import { goldenSession } from "./golden-session";

describe("a session with a sample", () => {
  goldenSession("sample-blink", async (session) => {
    await session.launch({ sample: "blink-dev", stopOnEntry: true });
    await session.threads();
    await session.stack(1);
    await session.client.request("continue");
    await session.client.request("pause");
    await session.stopped();
    for (const { id } of await session.threads()) {
      session.heading(`thread ${id}`);
      const frames = await session.stack(id);
      for (const frame of frames.filter(({ presentationHint }) => presentationHint === undefined)) {
        session.write(`${frame.name}:`);
        await session.scopes(frame, 1);
      }
    }
  });
});
