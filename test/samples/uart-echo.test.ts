import { describe, expect, it } from "vitest";
import { runFirmware } from "#test/helpers/run-firmware";
import { buildsOf } from "#test/helpers/run-firmware-builds";
import { chains, eventsOfTask, sent, suspensions, wakeSources } from "#test/helpers/run-firmware-facts";

const GREETING = "Ready. Type a line.\r\n";

describe.each(buildsOf("uart-echo"))("uart-echo, $profile, $origin", ({ path }) => {
  it("greets, then sleeps until somebody types", async () => {
    const result = await runFirmware(path, { for: "1s" });
    expect(sent(result)).toBe(GREETING);
    expect(eventsOfTask(result, "echo_task", "poll-begin").length).toBe(1);
    expect(suspensions(result, "echo_task")).toEqual(["read-byte"]);
    expect(chains(result, "echo_task")).toEqual(["echo-read-line > read-byte"]);
    expect(result.stop).toEqual({ kind: "stuck" });
  });

  it("sends back what is typed, woken by the UART, in fewer polls than bytes", async () => {
    const result = await runFirmware(path, {
      for: "1.2s",
      types: ["hello\\r\\n@1s", "a longer line, ü\\n@1.1s"],
    });
    // One character a byte, as on the line.
    const echoed = Buffer.from("hello\r\na longer line, ü\r\n", "utf8").toString("latin1");
    expect(sent(result)).toBe(GREETING + echoed);
    expect(Object.keys(wakeSources(result))).toEqual(["echo_task: irq UART0_IRQ"]);
    const polls = eventsOfTask(result, "echo_task", "poll-begin").length;
    expect(polls).toBeLessThan(10);
    const received = result.events.filter(({ direction }) => direction === "receive");
    expect(received.length).toBe("hello\r\na longer line, u.\n".length);
  });

  it("takes 86.8 us for a byte: ten bits at 115,200 baud", async () => {
    const result = await runFirmware(path, { for: "300ms" });
    const times = result.events.flatMap(({ event, time }) => (event === "uart" ? [time] : []));
    const average = (times.at(-1)! - times[0]!) / (times.length - 1);
    expect(Math.abs(average - 10e9 / 115_200)).toBeLessThan(100);
  });
});
