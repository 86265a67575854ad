import { connect } from "node:net";
import { describe, expect, it } from "vitest";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { startGdbServer } from "#adapter/gdb-server/tcp-server";
import { GDB_SETTINGS, runGdb } from "#test/helpers/gdb";
import { firmwareAt } from "#test/helpers/run-firmware";
import { describeWithTool } from "#test/helpers/tool";

const FIRMWARE = "samples/prebuilt/blink-release.elf";

async function serve() {
  const debuggee = new Debuggee(await firmwareAt(FIRMWARE), { isObserved: false });
  const faults: unknown[] = [];
  const server = await startGdbServer({
    target: debuggee.target,
    port: 0,
    onFault: (fault) => faults.push(fault),
  });
  const close = async () => {
    await server.close();
    debuggee.dispose();
    expect(faults).toEqual([]);
  };
  return { debuggee, server, close };
}

describeWithTool("gdb-multiarch", "a session of gdb", (gdb) => {
  /** What gdb prints after it has connected. */
  async function session(...commands: string[]): Promise<string> {
    const { server, close } = await serve();
    const remote = `target remote 127.0.0.1:${server.port}`;
    const output = await runGdb(gdb, [...GDB_SETTINGS, `file ${FIRMWARE}`, remote, ...commands]);
    await close();
    return output;
  }

  it("sets breakpoints, runs to them, steps and shows where it is", async () => {
    const output = await session(
      "break TIMER_IRQ_0",
      "continue",
      "continue",
      "delete",
      'printf "xpsr %d\\n", $xpsr & 0x3f',
      "set $first = $pc",
      "stepi",
      'printf "went on %d\\n", $pc != $first',
      "finish",
      "monitor time",
      "detach",
    );
    expect(output.match(/Breakpoint 1, /g)).toHaveLength(2);
    expect(output).toContain("xpsr 16");
    expect(output).toContain("went on 1");
    expect(output).toMatch(/Run till exit|Value returned/);
    expect(output).toMatch(/^0\.\d.* s$/m);
  });

  it("reads and writes memory and registers", async () => {
    const output = await session(
      "x/2xw 0x10000100",
      "set var *(unsigned int *)0x20030000 = 0x12345678",
      "x/xw 0x20030000",
      "set $r4 = 0xabcd",
      'printf "r4 %x msp %x\\n", $r4, $msp',
      "x/xw 0xf0000000",
      "info registers psp primask control",
    );
    expect(output).toMatch(/0x10000100.*:\s+0x2004\w+\s+0x100001c1/);
    expect(output).toMatch(/0x20030000:\s+0x12345678/);
    expect(output).toContain("r4 abcd msp 20042000");
    expect(output).toMatch(/Cannot access memory at address 0xf0000000/);
    expect(output).toMatch(/control\s+0x0/);
  });

  it("runs to a virtual time and starts again", async () => {
    const output = await session(
      "monitor run-until 1.25s",
      "maintenance flush register-cache",
      "backtrace",
      "monitor restart",
      "maintenance flush register-cache",
      "backtrace",
    );
    expect(output).toContain("Stopped (time): 1.25");
    expect(output).toContain("embassy_executor::platform::thread::Executor::run");
    // What `monitor` prints goes to standard error, after the rest.
    expect(output.match(/^#0 .*/gm)!.at(-1)).toMatch(/in Reset \(\)/);
  });
});

describe("the server", () => {
  it("takes one client at a time, and the next when it has gone", async () => {
    const { server, close } = await serve();
    const open = () =>
      new Promise<string>((resolve) => {
        const socket = connect(server.port, "127.0.0.1");
        socket.once("data", (bytes) => {
          resolve(String(bytes));
          socket.destroy();
        });
        socket.once("close", () => resolve("closed"));
        socket.once("connect", () => socket.write("$qC#b4"));
      });
    const first = connect(server.port, "127.0.0.1");
    await new Promise((resolve) => first.once("connect", resolve));
    first.write("$qC#b4");
    await new Promise((resolve) => first.once("data", resolve));
    expect(await open()).toBe("closed");
    const gone = new Promise((resolve) => first.once("close", resolve));
    first.destroy();
    await gone;
    let answer = "closed";
    while (answer === "closed") answer = await open();
    expect(answer).toMatch(/^\+/);
    await close();
  });

  it("names a port that is in use", async () => {
    const { server, close, debuggee } = await serve();
    const again = startGdbServer({ target: debuggee.target, port: server.port, onFault: () => undefined });
    await expect(again).rejects.toThrow(
      `Port ${server.port} is in use; choose another with --port, or stop the other gdb server`,
    );
    await close();
  });
});
