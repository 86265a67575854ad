import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import "#test/helpers/fixed-seed";
import { address, nanoseconds } from "#adapter/base/brand";
import { startGdbServer } from "#adapter/gdb-server/tcp-server";
import { Register } from "#adapter/target/architecture";
import { UserError } from "#adapter/base/errors";
import { framePacket, PacketReader } from "#adapter/gdb-protocol/packet";
import { EmulatedTarget } from "#adapter/target/emulated-target";
import { GdbTarget, type GdbTargetOptions } from "#adapter/target/gdb/gdb-target";
import { addsImmediate, b, movs, NOP } from "#test/helpers/thumb";
import { describeWithTool } from "#test/helpers/tool";
import { describeTargetContract, type MakeTarget } from "./target-contract";
import { RAM, RAM_SIZE } from "./thumb-image";

const opened: { close(): unknown }[] = [];
afterEach(async () => {
  for (const each of opened.splice(0)) await each.close();
});

const OPTIONS: Omit<GdbTargetOptions, "port"> = {
  host: "127.0.0.1",
  program: [],
  ram: { start: RAM, byteSize: RAM_SIZE },
  usedRam: () => [{ start: RAM, byteSize: 0x1000 }],
  codePlaces: 4,
  now: () => nanoseconds(performance.now() * 1e6),
};

/** The emulated Pico behind our own gdb server, which gdb itself checks in its tests. */
const overTcp: MakeTarget = async (segments) => {
  const emulated = new EmulatedTarget({ image: segments });
  const server = await startGdbServer({
    target: emulated,
    port: 0,
    onFault: (error) => {
      throw error;
    },
  });
  const target = await GdbTarget.connect({ ...OPTIONS, port: server.port });
  opened.push({ close: () => server.close() }, { close: () => target.dispose() });
  return target;
};

describeTargetContract("A core behind a gdb server", overTcp);

/** A server that answers as it is told; undefined answers nothing. */
async function fakeServer(
  answer: (request: string, socket: Socket) => string | undefined,
): Promise<{ readonly port: number; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((socket) => {
    const reader = new PacketReader();
    socket.setEncoding("latin1");
    socket.on("error", () => undefined);
    socket.on("data", (bytes) => {
      for (const received of reader.receive(String(bytes))) {
        const request = received.kind === "packet" ? received.data : received.kind;
        if (received.kind === "packet" || received.kind === "interrupt") asked.push(request);
        const reply =
          received.kind === "packet" || received.kind === "interrupt" ? answer(request, socket) : undefined;
        if (reply !== undefined) socket.write(framePacket(reply), "latin1");
      }
    });
    opened.push({ close: () => socket.destroy() });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  opened.push({ close: () => server.close() });
  return { port: (server.address() as AddressInfo).port, asked };
}

/** A core that stands at 0x10000200 and knows four breakpoints, as probe-rs's server describes it. */
function probe(request: string): string {
  if (request.startsWith("qSupported")) return "PacketSize=1000;qXfer:features:read+";
  if (request.startsWith("qXfer")) return `l<target><feature>${PROBE_REGISTERS}</feature></target>`;
  if (request === "g") return PROBE_VALUES;
  if (request === "p13") return "00100020";
  if (request === "vCont?") return "vCont;c;C;s;S";
  if (request === "qfThreadInfo") return "m1,2";
  if (request === "?") return "T05thread:1;";
  return request.startsWith("q") ? "" : "OK";
}

// probe-rs gives registers no numbers, and those of the second group only one by one.
const PROBE_REGISTERS =
  Array.from({ length: 13 }, (_, i) => `<reg name='r${i}' bitsize='32' type='uint32'/>`).join("") +
  ["sp", "lr", "pc", "xpsr"].map((name) => `<reg name='${name}' bitsize='32' type='uint32'/>`).join("") +
  `</feature><feature name='org.gnu.gdb.arm.m-system'>` +
  ["msp", "psp", "primask"].map((name) => `<reg name='${name}' bitsize='32' type='uint32'/>`).join("");
const PROBE_VALUES = Array.from({ length: 17 }, (_, i) =>
  i === 15 ? "00020010" : `${i.toString(16).padStart(2, "0")}000000`,
).join("");

const connectTo = (port: number, patience = 200) => GdbTarget.connect({ ...OPTIONS, port, patience });

describe("What a gdb server may do", () => {
  it("numbers registers as it likes", async () => {
    const { port } = await fakeServer((request) =>
      request === "p11" ? "00200020" : request === "p12" ? "00100020" : probe(request),
    );
    const registers = await (await connectTo(port)).readRegisters();
    expect(registers[Register.pc]).toBe(0x1000_0200);
    expect(registers[Register.xpsr]).toBe(16);
    expect(registers[Register.msp]).toBe(0x2000_2000);
    expect(registers[Register.psp]).toBe(0x2000_1000);
    expect(registers[Register.primask]).toBe(0x2000_1000);
    // It has no CONTROL.
    expect(registers[Register.control]).toBe(0);
  });

  it("has no comparator left", async () => {
    const { port } = await fakeServer((request) => (request.startsWith("Z") ? "E01" : probe(request)));
    const target = await connectTo(port);
    target.addBreakpoint(address(0x1000_0300));
    await expect(target.resume()).rejects.toThrow(
      "The gdb server sets no breakpoint, though only 1 of the core's 4 are wanted; check that the board has power and that no other debugger has set breakpoints in it",
    );
    expect(target.state.kind).toBe("stopped");
    for (let at = 0x310; at < 0x350; at += 0x10) target.addBreakpoint(address(0x1000_0000 + at));
    await expect(target.resume()).rejects.toThrow(
      "can watch 4 places at once, and 5 are wanted; take breakpoints away",
    );
  });

  it("does not tell its registers", async () => {
    for (const said of ["E01", "", "how are you?", "OK"]) {
      const { port } = await fakeServer((request) => (request === "g" ? said : probe(request)));
      await expect((await connectTo(port)).readRegisters()).rejects.toThrow(
        'The gdb server does not answer "g" (',
      );
    }
  });

  it("does not reset the board", async () => {
    const { port } = await fakeServer((request) => (request.startsWith("qRcmd") ? "E01" : probe(request)));
    await expect((await connectTo(port)).reset()).rejects.toThrow("it refuses `monitor reset halt`; attach");
  });

  it("describes its registers without an end", async () => {
    const part = `m${"<reg name='r0'/>".repeat(2000)}`;
    const { port } = await fakeServer((request) => (request.startsWith("qXfer") ? part : probe(request)));
    await expect(connectTo(port)).rejects.toThrow("does not say which registers its core has");
  });

  it("does not stop when it is asked to", async () => {
    const { port } = await fakeServer((request) => {
      if (request === "vCont;c") target.interrupt();
      return request === "vCont;c" || request === "interrupt" ? undefined : probe(request);
    });
    const target = await connectTo(port);
    const running = target.resume();
    await expect(running).rejects.toThrow("does not answer any more");
    target.dispose();
    await target.released;
  });

  it("would answer only when the program stops: nothing is asked of it before", async () => {
    let running: (() => void) | undefined;
    const begun = new Promise<void>((resolve) => (running = resolve));
    const { port, asked } = await fakeServer((request) => {
      if (request === "vCont;c") running!();
      if (request === "interrupt") return "T02";
      return request === "vCont;c" ? undefined : probe(request);
    });
    const target = await connectTo(port);
    const stopped = target.resume();
    await begun;
    const refusal = "The firmware is running; pause it first";
    await expect(target.readMemory(RAM, 4)).rejects.toThrow(refusal);
    await expect(target.readRegisters()).rejects.toThrow(refusal);
    await expect(target.memoryAtStop()).rejects.toThrow(refusal);
    await expect(target.writeMemory(RAM, Uint8Array.of(1))).rejects.toThrow(refusal);
    await expect(target.writeRegister(Register.r0, 1)).rejects.toThrow(refusal);
    expect(asked.at(-1)).toBe("vCont;c");
    target.interrupt();
    expect(await stopped).toEqual({ kind: "pause" });
    expect((await target.readRegisters())[Register.pc]).toBe(0x1000_0200);
  });

  it("goes before anybody wants to know", async () => {
    let line: Socket | undefined;
    const { port } = await fakeServer((request, socket) => {
      line = socket;
      return probe(request);
    });
    const target = await connectTo(port);
    line!.destroy();
    await expect(target.readMemory(RAM, 4)).rejects.toThrow("has gone");
    const why = await new Promise<UserError>((resolve) => (target.onLost = resolve));
    expect(why.message).toContain("has gone");
  });

  it("takes no steps any more when it has been let go", async () => {
    const { port, asked } = await fakeServer((request) =>
      request === "vCont;c" ? undefined : request.startsWith("vCont;") ? "T05" : probe(request),
    );
    const target = await connectTo(port);
    target.dispose();
    await expect(target.step()).rejects.toThrow("The board has been let go; start debugging again");
    await target.released;
    expect(asked.at(-1)).toBe("vCont;c");
  });

  it("knows software breakpoints only", async () => {
    const { port, asked } = await fakeServer((request) =>
      request.startsWith("Z1") ? "" : request.startsWith("vCont;") ? "T05" : probe(request),
    );
    const target = await connectTo(port);
    target.addBreakpoint(address(0x1000_0300));
    await target.resume();
    expect(asked).toContain("Z0,10000300,2");
  });

  it("reads all of a range or nothing", async () => {
    const { port } = await fakeServer((request) => {
      const [, start, length] = /^m([0-9a-f]+),([0-9a-f]+)$/.exec(request) ?? [];
      if (start === undefined) return probe(request);
      const end = parseInt(start, 16) + parseInt(length!, 16);
      return end > 0x2004_2000 ? "E0e" : "5a".repeat(parseInt(length!, 16));
    });
    const target = await connectTo(port);
    expect((await target.readMemory(address(0x2004_1ff3), 64)).length).toBe(13);
    expect((await target.readMemory(address(0x2004_2000), 64)).length).toBe(0);
  });

  it("tells of an interrupt that has crossed with a stop", async () => {
    const { port } = await fakeServer((request, socket) => {
      if (request === "vCont;c") return "T05hwbreak:;";
      if (request === "interrupt") socket.write(framePacket("T02"), "latin1");
      return request === "interrupt" ? undefined : probe(request);
    });
    const target = await connectTo(port);
    const running = target.resume();
    target.interrupt();
    await running;
    expect((await target.readRegisters())[Register.pc]).toBe(0x1000_0200);
  });

  it("is not there", async () => {
    const { port } = await fakeServer(probe);
    for (const each of opened.splice(0)) await each.close();
    await expect(connectTo(port)).rejects.toThrow(
      `No gdb server answers at 127.0.0.1:${port} (ECONNREFUSED)`,
    );
  });

  it("may not listen yet when it has just been started", async () => {
    const port = await freePort();
    const connecting = connectTo(port, 5_000);
    // Whoever asks later is refused later.
    await new Promise((resolve) => connect(port, "127.0.0.1").once("error", resolve));
    const server = createServer((socket) => socket.end(framePacket("E01")));
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    opened.push({ close: () => server.close() });
    await expect(connecting).rejects.not.toThrow("ECONNREFUSED");
  });

  it("goes away while the program runs, and every request later says so", async () => {
    const { port } = await fakeServer((request, socket) => {
      if (request !== "vCont;c") return probe(request);
      socket.destroy();
      return undefined;
    });
    const target = await connectTo(port);
    const lost: string[] = [];
    target.onLost = (why) => lost.push(why.message);
    const gone = `The gdb server at 127.0.0.1:${port} has gone`;
    await expect(target.resume()).rejects.toThrow(gone);
    await expect(target.readRegisters()).rejects.toThrow(gone);
    await expect(target.readMemory(RAM, 4)).rejects.toThrow(gone);
    expect(lost).toEqual([expect.stringContaining(gone)]);
    target.dispose();
    await target.released;
  });

  it("says nothing any more", async () => {
    const { port } = await fakeServer((request) => (request === "g" ? undefined : probe(request)));
    const target = await connectTo(port);
    await expect(target.readRegisters()).rejects.toThrow("does not answer any more");
  });

  it("says anything at all: it is refused in a sentence, or taken", async () => {
    const replies = fc.array(
      fc.oneof(fc.string(), fc.constantFrom("OK", "", "E01", "l", "m", "T05", "vCont;c;s")),
      { minLength: 1 },
    );
    await fc.assert(
      fc.asyncProperty(replies, async (said) => {
        let at = 0;
        const { port } = await fakeServer(() => said[at++ % said.length]);
        const outcome = await connectTo(port, 50)
          .then(
            (target) => target.readRegisters(),
            (error: unknown) => Promise.reject(error as Error),
          )
          .catch((error: unknown) => error);
        expect(outcome instanceof UserError || outcome instanceof Uint32Array).toBe(true);
        for (const each of opened.splice(0)) await each.close();
      }),
      { numRuns: 60 },
    );
  });
});

describeWithTool("qemu-system-arm", "QEMU's gdb server", (qemu) => {
  it("debugs a program for a Cortex-M0", async () => {
    // The micro:bit begins at 0: a stack, a reset vector, and code that counts.
    const image = new Uint16Array(64);
    image.set([0x1000, 0x2000, 0x0041, 0x0000]);
    image.set([movs(0, 0), addsImmediate(0, 1), NOP, b(-3)], 0x20);
    const folder = mkdtempSync(join(tmpdir(), "pollscope-qemu-"));
    const path = join(folder, "image.bin");
    writeFileSync(path, new Uint8Array(image.buffer));
    const port = await freePort();
    const machine = [
      "-M",
      "microbit",
      "-nodefaults",
      "-display",
      "none",
      "-S",
      "-gdb",
      `tcp:127.0.0.1:${port}`,
    ];
    const child = spawn(qemu, [...machine, "-device", `loader,file=${path},addr=0`], { stdio: "ignore" });
    opened.push({ close: () => child.kill() }, { close: () => rmSync(folder, { recursive: true }) });
    const target = await whenListening(port);
    opened.push({ close: () => target.dispose() });
    expect((await target.readRegisters())[Register.pc]).toBe(0x40);
    expect((await target.readRegisters())[Register.sp]).toBe(0x2000_1000);
    expect(await target.step()).toEqual({ kind: "step" });
    target.addBreakpoint(address(0x44));
    for (let round = 1; round <= 3; round++) {
      expect(await target.resume()).toEqual({ kind: "breakpoint", address: 0x44 });
      expect((await target.readRegisters())[0]).toBe(round);
    }
    await target.writeRegister(Register.r0, 40);
    expect(await target.resume()).toEqual({ kind: "breakpoint", address: 0x44 });
    expect((await target.readRegisters())[0]).toBe(41);
    await target.writeMemory(RAM, Uint8Array.of(1, 2, 3));
    expect([...(await target.readMemory(RAM, 4))]).toEqual([1, 2, 3, 0]);
    expect([...(await target.readMemory(address(0x42), 2))]).toEqual([
      ...new Uint8Array(Uint16Array.of(addsImmediate(0, 1)).buffer),
    ]);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The program has to start first. */
async function whenListening(port: number): Promise<GdbTarget> {
  for (;;) {
    try {
      return await connectTo(port, 5_000);
    } catch (error) {
      if (!(error instanceof UserError) || !error.message.includes("ECONNREFUSED")) throw error;
    }
  }
}
