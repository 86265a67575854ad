import { setImmediate as nextTurn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { BoardBody, InputBody } from "#adapter/protocol/board";
import { DapClient } from "#test/helpers/dap-client";
import { goldenSession, type GoldenSession } from "./golden-session";

/** Tells the board, of its pins those that are not as a reset leaves them. */
async function tellBoard(session: GoldenSession, args: object = {}): Promise<void> {
  const body = (await session.ask("pollscope/board", args)) as BoardBody | undefined;
  if (body === undefined) return;
  session.write(`board at ${body.time} ns, ${body.inputs} inputs`);
  body.pins.forEach((pin, number) => {
    if (pin.signal !== "none" || pin.isHigh) session.write(`  GPIO${number} ${JSON.stringify(pin)}`);
  });
  for (const { name, text, pins, display } of body.parts) {
    const wires = pins.map(({ role, pin }) => `${role} ${pin}`).join(", ");
    session.write(`  ${name} (${text}; ${wires}): ${JSON.stringify(display)}`);
  }
  if (body.launch !== null) session.write(`  ${JSON.stringify(body.launch)}`);
}

async function touch(session: GoldenSession, input: object): Promise<void> {
  const body = (await session.ask("pollscope/input", input)) as InputBody | undefined;
  if (body !== undefined) session.write(`${JSON.stringify(input)} happens at ${body.time} ns`);
}

describe("the board", () => {
  goldenSession("board", async (session) => {
    const launch = {
      sample: "button-or-timeout",
      parts: ["tm1637:clk=2,dio=3", "button:pin=15", "led:pin=25"],
    };
    await session.launch({ ...launch, stimuli: ["press:15@400ms"] }, async () => {
      const breakpoints = [{ name: "wake:watch_task" }];
      await session.breakpoints("setFunctionBreakpoints", { breakpoints });
    });
    await tellBoard(session);
    session.heading("inputs while it stands still");
    await touch(session, { kind: "press", pin: 15 });
    await touch(session, { kind: "release", pin: 15 });
    await touch(session, { kind: "wire", part: "tmp102:sda=4,scl=5" });
    await touch(session, { kind: "temperature", part: "tmp102@0x48", millicelsius: -10_500 });
    await touch(session, { kind: "wire", part: "led:pin=25,name=red" });
    await touch(session, { kind: "wire", part: "led:pin=24" });
    await touch(session, { kind: "wire", part: "uart:tx=0,rx=1" });
    await touch(session, { kind: "wire", part: "uart:tx=12,rx=13,name=other" });
    await touch(session, { kind: "type", uart: 0, text: "\u00fc\n" });
    await touch(session, { kind: "unwire", part: "led25" });
    session.heading("inputs that cannot be");
    for (const input of [
      { kind: "press", pin: 3 },
      { kind: "press", pin: 30 },
      { kind: "press" },
      { kind: "shake" },
      { kind: "type", uart: 2, text: "x" },
      { kind: "temperature", part: "oven", millicelsius: 1 },
      { kind: "temperature", part: "tmp102@0x48", millicelsius: 500_000 },
      { kind: "wire", part: "fan:pin=1" },
      { kind: "wire", part: "button:pin=15" },
      { kind: "unwire", part: "led25" },
      { kind: "press", pin: "15" },
    ]) {
      await touch(session, input);
    }
    session.heading("afterwards");
    await tellBoard(session, { terminals: [{ part: "uart0", known: 5 }], withLaunch: true });
  });

  it("wakes a core that was asleep for good, which then goes on without stopping again", async () => {
    const client = new DapClient();
    const shown = async (): Promise<string> => {
      const { parts } = (await client.request("pollscope/board")).body as BoardBody;
      const display = parts[0]?.display;
      return display?.kind === "uart" ? display.text : "";
    };
    await client.request("initialize", { adapterID: "pollscope" });
    await client.request("launch", { sample: "uart-echo", parts: ["uart:tx=0,rx=1"], speed: "max" });
    await client.request("configurationDone");
    expect((await client.event("stopped")).body).toMatchObject({ reason: "pause" });
    expect(await shown()).toBe("Ready. Type a line.\r\n");
    client.takeEvents();

    const woken = await client.request("pollscope/input", { kind: "type", uart: 0, text: "hi\n" });
    expect(woken.body).toMatchObject({ isAsleep: true });
    await client.request("continue", { threadId: 1 });
    while (!(await shown()).endsWith("line.\r\nhi\r\n")) await nextTurn();
    await client.request("pollscope/input", { kind: "type", uart: 0, text: "again\n" });
    while (!(await shown()).endsWith("hi\r\nagain\r\n")) await nextTurn();
    expect(client.takeEvents().map(({ event }) => event)).not.toContain("stopped");
    await client.request("pause");
    await client.event("stopped");
    await client.request("disconnect");
  });
});
