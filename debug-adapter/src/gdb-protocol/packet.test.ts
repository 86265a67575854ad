import fc from "fast-check";
import { describe, expect, it } from "vitest";
import "#test/helpers/fixed-seed";
import { framePacket, PacketReader } from "./packet";

function received(...portions: string[]): string[] {
  const reader = new PacketReader();
  return portions
    .flatMap((portion) => reader.receive(portion))
    .map((each) => (each.kind === "packet" ? `packet ${each.data}` : each.kind));
}

describe("PacketReader", () => {
  it("reads packets, acknowledgements and interrupts", () => {
    expect(received("+$g#67-\u0003$?#3f")).toEqual([
      "acknowledged",
      "packet g",
      "rejected",
      "interrupt",
      "packet ?",
    ]);
  });

  it("reads packets in portions", () => {
    expect(received("$m2000", "0000,4#", "4", "f")).toEqual(["packet m20000000,4"]);
  });

  it("notices damage and passes over noise", () => {
    expect(received("noise$g#00", "$g#67")).toEqual(["damaged", "packet g"]);
    expect(received("$g#zz")).toEqual(["damaged"]);
  });

  it("repeats what a server says is repeated, and an escaped star repeats nothing", () => {
    const fromServer = (data: string) => {
      let sum = 0;
      for (let i = 0; i < data.length; i++) sum = (sum + data.charCodeAt(i)) & 0xff;
      return new PacketReader("server").receive(`$${data}#${sum.toString(16).padStart(2, "0")}`);
    };
    expect(fromServer('0*"1')).toEqual([{ kind: "packet", data: "0000001" }]);
    expect(fromServer("x* y*!")).toEqual([{ kind: "packet", data: "xxxxyyyyy" }]);
    expect(fromServer("a}\nb")).toEqual([{ kind: "packet", data: "a*b" }]);
    expect(received('$0*"#7c')).toEqual(['packet 0*"']);
  });

  it("does not keep a packet that never ends", () => {
    expect(received(`$${"x".repeat(2 ** 20 + 1)}`, "$g#67")).toEqual(["damaged", "packet g"]);
  });
});

describe("framePacket", () => {
  it("adds a checksum and escapes", () => {
    expect(framePacket("OK")).toBe("$OK#9a");
    expect(framePacket("")).toBe("$#00");
    expect(framePacket("a#$}*b")).toBe("$a}\u0003}\u0004}]}\nb#25");
  });

  it("is undone by the reader, whatever the bytes and portions", () => {
    const bytes = fc.uint8Array({ maxLength: 50 }).map((each) => String.fromCharCode(...each));
    fc.assert(
      fc.property(bytes, fc.nat(60), (data, cut) => {
        const framed = framePacket(data);
        expect(received(framed.slice(0, cut), framed.slice(cut))).toEqual([`packet ${data}`]);
      }),
    );
  });
});
