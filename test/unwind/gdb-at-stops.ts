import { Debuggee } from "#adapter/debuggee/debuggee";
import { parsePress, parseTyping } from "#adapter/debuggee/stimulus";
import { startGdbServer } from "#adapter/gdb-server/tcp-server";
import { expect } from "vitest";
import { GDB_SETTINGS, runGdb } from "#test/helpers/gdb";
import { firmwareAt } from "#test/helpers/run-firmware";
import type { Stop } from "./stops";

export interface StopsOptions<Sight> {
  readonly gdb: string;
  readonly path: string;
  readonly stops: readonly Stop[];
  /** What gdb is told at each stop. */
  readonly look: readonly string[];
  /** What gdb is told before. */
  readonly prepare?: readonly string[];
  /** What we see there. */
  readonly see: (debuggee: Debuggee) => Promise<Sight>;
}

/** What we see at each stop, and all that gdb prints: it is attached to the same chip by our own gdb server. */
export async function gdbAtStops<Sight>(
  options: StopsOptions<Sight>,
): Promise<{ ours: { title: string; sight: Sight }[]; output: string }> {
  const { gdb, path, stops, look, see, prepare = [] } = options;
  const debuggee = new Debuggee(await firmwareAt(path), {
    isObserved: false,
    inputs: [parsePress("15@5ms"), parsePress("15@900ms"), parseTyping("hello\\r@3ms")],
  });
  const { target } = debuggee;
  const waiting = [...stops];
  const ours: { title: string; sight: Sight }[] = [];
  const next = {
    name: "next",
    description: "goes to the next stop",
    run: async () => {
      const stop = waiting.shift()!;
      await stop.go(debuggee);
      ours.push({ title: stop.title, sight: await see(debuggee) });
      return stop.title;
    },
  };
  const faults: unknown[] = [];
  const onFault = (fault: unknown) => faults.push(fault);
  const server = await startGdbServer({ target, port: 0, commands: [next], onFault });
  const arrive = ["monitor next", "maintenance flush register-cache", "maintenance flush dcache"];
  const connect = [`file ${path}`, `target remote 127.0.0.1:${server.port}`];
  const commands = [...prepare, ...GDB_SETTINGS, ...connect, ...stops.flatMap(() => [...arrive, ...look])];
  const output = await runGdb(gdb, commands);
  await server.close();
  debuggee.dispose();
  expect(faults).toEqual([]);
  return { ours, output };
}
