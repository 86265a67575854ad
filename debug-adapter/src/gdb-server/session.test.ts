import { describe, expect, it } from "vitest";
import { address, nanoseconds } from "../base/brand";
import { UserError } from "../base/errors";
import type { RegisterNumber } from "../target/architecture";
import type { Removable, StopReason, Target } from "../target/target";
import { textToHex } from "../gdb-protocol/hex";
import { framePacket, PacketReader } from "../gdb-protocol/packet";
import { GdbSession } from "./session";

/** A target of 32 bytes at 0x20000000 that stops for the reasons given. It notes what it is asked to do. */
function fakeTarget(stops: StopReason[] = []) {
  const memory = Uint8Array.from({ length: 32 }, (_, i) => i);
  const registers = Uint32Array.from({ length: 21 }, (_, i) => 0x100 + i);
  const log: string[] = [];
  let now = 1e9;
  let finish: ((reason: StopReason) => void) | undefined;
  const note =
    (text: string) =>
    (removed: string): Removable => {
      log.push(text);
      return { remove: () => void log.push(removed) };
    };
  const stop = (): Promise<StopReason> => {
    const next = stops.shift();
    return next === undefined ? new Promise((resolve) => (finish = resolve)) : Promise.resolve(next);
  };
  const target: Pick<
    Target,
    | "capabilities"
    | "state"
    | "now"
    | "resume"
    | "step"
    | "interrupt"
    | "readMemory"
    | "writeMemory"
    | "readRegisters"
    | "writeRegister"
    | "addBreakpoint"
    | "takeSnapshot"
    | "restoreSnapshot"
  > = {
    capabilities: { tracepoints: "none", snapshots: true, virtualTime: true, pins: false },
    state: { kind: "stopped", reason: { kind: "entry" } },
    get now() {
      return nanoseconds(now);
    },
    resume: ({ until, signal } = {}) => {
      log.push(until === undefined ? "resume" : `resume until ${until}`);
      if (signal?.aborted === true) return Promise.resolve({ kind: "pause" });
      if (until !== undefined) now = until;
      return stop();
    },
    step: () => {
      log.push("step");
      return stop();
    },
    interrupt: () => finish?.({ kind: "pause" }),
    readMemory: (at, length) => {
      const offset = at - 0x2000_0000;
      return Promise.resolve(offset < 0 ? new Uint8Array(0) : memory.slice(offset, offset + length));
    },
    writeMemory: (at, bytes) => {
      if (at < 0x2000_0000) return Promise.reject(new UserError("There is no memory", "write to RAM"));
      memory.set(bytes, at - 0x2000_0000);
      return Promise.resolve();
    },
    readRegisters: () => Promise.resolve(registers.slice()),
    writeRegister: (register: RegisterNumber, value) => {
      log.push(`register ${register} = ${value.toString(16)}`);
      registers[register] = value;
      return Promise.resolve();
    },
    addBreakpoint: (at) => note(`break ${at.toString(16)}`)(`remove ${at.toString(16)}`),
    takeSnapshot: () => ({ time: nanoseconds(now) }),
    restoreSnapshot: ({ time }) => {
      log.push("restore");
      now = time;
    },
  };
  return { target: target as Target, log, memory, registers };
}

function startSession(stops: StopReason[] = []) {
  const fake = fakeTarget(stops);
  const reader = new PacketReader();
  const sent: string[] = [];
  const waiting: (() => void)[] = [];
  const state = { isEnded: false };
  const session = new GdbSession({
    target: fake.target,
    send: (bytes) => {
      for (const received of reader.receive(bytes)) {
        sent.push(received.kind === "packet" ? received.data : received.kind);
      }
      for (const resolve of waiting.splice(0)) resolve();
    },
    onEnd: () => (state.isEnded = true),
    onFault: (error) => {
      throw error;
    },
  });
  /** Sends a request and gives the packets that answer it: the last one and output before it. */
  const ask = async (request: string): Promise<string> => {
    sent.length = 0;
    session.receive(framePacket(request));
    const answers = () => sent.filter((each) => each !== "acknowledged");
    while (answers().every((each) => each.startsWith("O") && each !== "OK")) {
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
    return answers().join(" ");
  };
  return { ...fake, session, sent, ask, state };
}

async function check(requests: Readonly<Record<string, string>>, stops: StopReason[] = []) {
  const started = startSession(stops);
  for (const [request, answer] of Object.entries(requests)) {
    expect(await started.ask(request), request).toBe(answer);
  }
  return started;
}

const word = (value: number) => Buffer.from(Uint32Array.of(value).buffer).toString("hex");

describe("registers", () => {
  it("are read, together and one by one", async () => {
    const all = Array.from({ length: 21 }, (_, i) => word(0x100 + i)).join("");
    await check({ g: all, p0: word(0x100), pf: word(0x10f), p14: word(0x114), p15: "E01", px: "E01" });
  });

  it("are written, together and one by one", async () => {
    const all = Array.from({ length: 21 }, (_, i) => word(i === 3 ? 7 : 0x100 + i)).join("");
    const { log } = await check({
      [`P1=${word(0xdeadbeef)}`]: "OK",
      [`P1=${word(0x101)}`]: "OK",
      [`G${all}`]: "OK",
      G00: "E01",
      "P99=00000000": "E01",
      "P1=00": "E01",
    });
    // Of all registers only the one that differs.
    expect(log).toEqual(["register 1 = deadbeef", "register 1 = 101", "register 3 = 7"]);
  });
});

describe("memory", () => {
  it("is read as far as it goes", async () => {
    await check({
      "m20000000,4": "00010203",
      "m2000001e,8": "1e1f",
      "m10,4": "E0e",
      "m20000000,0": "",
      m: "E01",
      "mx,4": "E01",
    });
  });

  it("is written in digits and in bytes", async () => {
    const { memory } = await check({
      "M20000000,2:aabb": "OK",
      "X20000004,3:#}$": "OK",
      "X20000000,0:": "OK",
      "M20000000,3:aabb": "E01",
      "M10,1:00": "E0d",
      Mnonsense: "E01",
    });
    expect([...memory.slice(0, 8)]).toEqual([0xaa, 0xbb, 2, 3, 0x23, 0x7d, 0x24, 7]);
  });
});

describe("run control", () => {
  it("tells why the target stands", async () => {
    await check({ "?": "T05thread:1;" });
    await check({ s: "T05thread:1;", "?": "T05thread:1;" }, [{ kind: "step" }]);
    await check({ "vCont;c": "T05swbreak:;thread:1;" }, [{ kind: "breakpoint", address: address(4) }]);
    const note = `O${textToHex("The core sleeps, and nothing is to come that could wake it.\n")}`;
    await check({ c: `${note} T05thread:1;` }, [{ kind: "stuck" }]);
    const lockup = `O${textToHex("The core has locked up: a fault happened inside the HardFault handler.\n")}`;
    await check({ c: `${lockup} T0bthread:1;` }, [{ kind: "lockup" }]);
  });

  it("steps and continues, also from another place", async () => {
    const step: StopReason = { kind: "step" };
    const { log } = await check(
      {
        "vCont?": "vCont;c;C;s;S",
        "vCont;s:1;c": "T05thread:1;",
        "vCont;S05": "T05thread:1;",
        c20000010: "T05thread:1;",
        "vCont;t": "E01",
        cx: "E01",
      },
      [step, step, step],
    );
    expect(log).toEqual(["step", "step", "register 15 = 20000010", "resume"]);
  });

  it("is interrupted while it runs, and when it is about to", async () => {
    const { session, ask, sent } = startSession();
    const answer = ask("vCont;c");
    await Promise.resolve();
    session.receive("\u0003");
    expect(await answer).toBe("T02thread:1;");
    sent.length = 0;
    const again = ask("vCont;c");
    session.receive("\u0003");
    expect(await again).toBe("T02thread:1;");
  });

  it("sets breakpoints once, and takes them away with the client", async () => {
    const { log, session, state } = await check({
      "Z0,10000200,2": "OK",
      "Z0,10000200,4": "OK",
      "Z1,10000204,2": "OK",
      "z1,10000204,2": "OK",
      "z1,10000208,2": "OK",
      "Z2,20000000,4": "",
      "Z0,x,2": "E01",
    });
    await session.end();
    await session.end();
    expect(log).toEqual(["break 10000200", "break 10000204", "remove 10000204", "remove 10000200"]);
    expect(state.isEnded).toBe(true);
  });
});

describe("queries", () => {
  it("describe server and target", async () => {
    const { ask } = startSession();
    expect(await ask("qSupported:multiprocess+;swbreak+")).toContain("qXfer:features:read+");
    const description = await ask("qXfer:features:read:target.xml:0,4000");
    expect(description).toMatch(
      /^l<\?xml[^]*name="pc" bitsize="32" regnum="15"[^]*name="psp"[^]*<\/target>\n$/,
    );
    expect(await ask("qXfer:features:read:target.xml:0,5")).toBe("m<?xml");
    expect(await ask("qXfer:features:read:target.xml:fff,10")).toBe("l");
    expect(await ask("qXfer:memory-map:read::0,10")).toBe("");
  });

  it("know one thread, and nothing of what they do not know", async () => {
    await check({
      qC: "QC1",
      qfThreadInfo: "m1",
      qsThreadInfo: "l",
      qAttached: "1",
      Hg0: "OK",
      T1: "OK",
      "qSymbol::": "OK",
      qUnknown: "",
      vMustReplyEmpty: "",
      "!": "",
    });
  });

  it("end acknowledgements when the client wants none", async () => {
    const { ask, sent } = startSession();
    await ask("QStartNoAckMode");
    expect(sent).toEqual(["acknowledged", "OK"]);
    await ask("qC");
    expect(sent).toEqual(["QC1"]);
  });
});

describe("the line", () => {
  it("repeats what the client did not understand, and rejects what it does not understand itself", async () => {
    const { session, ask, sent } = startSession();
    await ask("qC");
    session.receive("-");
    session.receive("$qC#00");
    expect(sent).toEqual(["acknowledged", "QC1", "QC1", "rejected"]);
  });
});

describe("monitor", () => {
  const monitor = async (line: string, stops: StopReason[] = []) => {
    const { ask, log } = startSession(stops);
    const answer = await ask(`qRcmd,${textToHex(line)}`);
    return { text: Buffer.from(answer, "hex").toString(), log };
  };

  it("helps", async () => {
    const { text } = await monitor("help");
    expect(text).toContain("monitor run-until TIME");
    expect((await monitor("nonsense")).text).toMatch(/^There is no command nonsense\.\nCommands:/);
    expect((await monitor("")).text).toBe(text);
  });

  it("tells and moves virtual time", async () => {
    expect((await monitor("time")).text).toBe("1.000 000 000 s\n");
    const { text, log } = await monitor("run-until 1.5s", [{ kind: "time" }]);
    expect(text).toMatch(/^Stopped \(time\): 1\.5/);
    expect(log).toEqual(["resume until 1500000000"]);
    expect((await monitor("run-until 1s")).text).toContain("time runs forward");
    expect((await monitor("run-until soon")).text).toBe("Write the time as 1.5s, 250ms or 10us.\n");
  });

  it("goes back", async () => {
    expect((await monitor("restart")).log).toEqual(["restore"]);
  });
});

describe("the end", () => {
  it.each(["D", "D;1", "vKill;1"])("comes with %s", async (request) => {
    const { ask, state } = startSession();
    expect(await ask(request)).toBe("OK");
    expect(state.isEnded).toBe(true);
  });

  it("comes with k, which has no answer", async () => {
    const { session, sent, state } = startSession();
    session.receive(framePacket("k"));
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual(["acknowledged"]);
    expect(state.isEnded).toBe(true);
  });
});
