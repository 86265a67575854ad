import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadUsbLibrary, usbTransport } from "#extension/pico/usb/usb-library";
import type { UsbFaultKind } from "#extension/pico/usb/usb-transport";

type Library = Parameters<typeof usbTransport>[0];
type LibraryDevice = Awaited<ReturnType<Library["usb"]["getDevices"]>>[number];

let folder: string;
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), "pollscope-usb-"))));
afterAll(() => rmSync(folder, { recursive: true }));

/** A folder in which a package `usb` is installed. */
function installed(name: string, source: string): string {
  const place = join(folder, name, "node_modules", "usb");
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "index.js"), source);
  return join(folder, name);
}

describe("the library for USB", () => {
  it("that is not installed is missing", () => {
    expect(loadUsbLibrary([folder])).toEqual({
      kind: "missing",
      reason: "the npm package `usb` is not installed",
    });
  });

  it("whose native part cannot be loaded is missing, with the reason", () => {
    const broken = installed("broken", "throw new Error('Cannot find native binding.\\nTry again');");
    expect(loadUsbLibrary([broken])).toEqual({
      kind: "missing",
      reason: "the npm package `usb` cannot be loaded: Cannot find native binding.",
    });
  });

  it("of another version is missing", () => {
    const old = installed("old", "exports.usb = { getDeviceList: () => [] };");
    expect(loadUsbLibrary([old])).toEqual({
      kind: "missing",
      reason: "the npm package `usb` that is installed is not version 3",
    });
  });

  it("is taken from the first folder that has a good one", async () => {
    const broken = installed("broken", "throw new Error('Cannot find native binding.');");
    const good = installed("good", "exports.usb = { getDevices: async () => [] };");
    const access = loadUsbLibrary([folder, broken, good]);
    expect(access.kind === "ready" && (await access.transport.devices())).toEqual([]);
  });

  it("is loaded as npm has installed it here, where there is one for this system", () => {
    const isHere = existsSync("node_modules/usb");
    expect(loadUsbLibrary([resolve("extension/src")]).kind).toBe(isHere ? "ready" : "missing");
  });
});

/** A device whose every step is recorded, and may fail with a text of nusb's. */
function device(fault?: { readonly step: string; readonly text: string }) {
  const steps: unknown[] = [];
  const step = <T>(name: string, result: T, ...args: unknown[]): Promise<T> => {
    steps.push([name, ...args]);
    return fault?.step === name ? Promise.reject(new Error(fault.text)) : Promise.resolve(result);
  };
  const answer = (bytes: number[]) => ({ data: new DataView(Uint8Array.from(bytes).buffer) });
  const library: LibraryDevice = {
    vendorId: 0x2e8a,
    productId: 3,
    serialNumber: null,
    bus: "001",
    address: 14,
    configuration: {
      interfaces: [
        {
          interfaceNumber: 1,
          alternate: {
            interfaceClass: 255,
            interfaceSubclass: 0,
            interfaceProtocol: 0,
            endpoints: [{ endpointNumber: 3, direction: "out", type: "bulk" }],
          },
        },
      ],
    },
    open: () => step("open", undefined),
    close: () => step("close", undefined),
    claimInterface: (number) => step("claim", undefined, number),
    releaseInterface: (number) => step("release", undefined, number),
    transferIn: (...args) => step("in", answer([]), ...args),
    transferOut: (endpoint, bytes, timeout) =>
      step("out", { bytesWritten: bytes.length }, endpoint, [...bytes], timeout),
    controlTransferIn: (...args) => step("ask", answer([1, 2]), ...args),
    controlTransferOut: (setup, bytes, timeout) => step("control", undefined, setup, [...bytes], timeout),
    clearHalt: (...args) => step("clear", undefined, ...args),
  };
  return { steps, transport: usbTransport({ usb: { getDevices: () => Promise.resolve([library]) } }) };
}

describe("a device of the library", () => {
  it("is asked as the library wants it, and given back before it is closed", async () => {
    const { steps, transport } = device();
    const [peer] = await transport.devices();
    expect(peer).toMatchObject({ vendor: 0x2e8a, product: 3, serial: undefined, bus: "001", address: 14 });
    const connection = await peer!.open();
    expect(connection.interfaces).toEqual([
      {
        number: 1,
        class: 255,
        subclass: 0,
        protocol: 0,
        endpoints: [{ number: 3, direction: "out", isBulk: true }],
      },
    ]);
    await connection.claim(1);
    await connection.send(3, new Uint8Array(), 50);
    expect(await connection.receive(4, 64, 60)).toEqual(new Uint8Array());
    const request = { type: "vendor", request: 0x41, value: 0, interface: 1 } as const;
    await connection.control(request, 70);
    expect(await connection.ask({ ...request, request: 0x42 }, 16, 80)).toEqual(Uint8Array.of(1, 2));
    await connection.clearHalt("in", 4);
    await connection.close();
    const setup = { requestType: "vendor", recipient: "interface", request: 0x41, value: 0, index: 1 };
    expect(steps).toEqual([
      ["open"],
      ["claim", 1],
      ["out", 3, [], 50],
      ["in", 4, 64, 60],
      ["control", setup, [], 70],
      ["ask", { ...setup, request: 0x42 }, 16, 80],
      ["clear", "in", 4],
      ["release", 1],
      ["close"],
    ]);
  });

  // The texts of nusb 0.2 behind what node-usb 3 puts before them.
  it.each<{ step: string; text: string; kind: UsbFaultKind }>([
    { step: "open", text: "open error: permission denied (errno 13)", kind: "forbidden" },
    { step: "open", text: "open error: device not found (errno 19)", kind: "gone" },
    { step: "claim", text: "claimInterface error: interface is busy (errno 16)", kind: "busy" },
    { step: "claim", text: "claimInterface error: failed to open device (error 5)", kind: "busy" },
    {
      step: "claim",
      text: "claimInterface error: incompatible driver is installed for this interface",
      kind: "no driver",
    },
    { step: "in", text: "transferIn error: Stall", kind: "stalled" },
    { step: "in", text: "transferIn error: Disconnected", kind: "gone" },
    { step: "in", text: "transferIn error: Cancelled", kind: "timeout" },
    { step: "in", text: "transferIn error: Fault", kind: "other" },
    { step: "control", text: "controlTransferOut error: endpoint stalled", kind: "stalled" },
    { step: "control", text: "controlTransferOut error: transfer was cancelled", kind: "timeout" },
  ])("that fails is known by its text: $text", async ({ step, text, kind }) => {
    const { transport } = device({ step, text });
    const [peer] = await transport.devices();
    const run = async () => {
      const connection = await peer!.open();
      await connection.claim(1);
      await connection.receive(4, 64, 60);
      await connection.control({ type: "vendor", request: 0x41, value: 0, interface: 1 }, 70);
    };
    await expect(run()).rejects.toMatchObject({ name: "UsbFault", kind, message: text });
  });
});
