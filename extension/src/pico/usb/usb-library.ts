import { createRequire } from "node:module";
import { join } from "node:path";
import {
  type InterfaceRequest,
  type OpenInterface,
  type UsbAccess,
  type UsbConnection,
  type UsbDirection,
  UsbFault,
  type UsbFaultKind,
  type UsbPeer,
  type UsbTransport,
} from "./usb-transport";

/**
 * What we use of the npm package `usb`, version 3: WebUSB with a timeout behind each transfer. Written down here because
 * the package is optional, its types included.
 */
interface LibraryDevice {
  readonly vendorId: number;
  readonly productId: number;
  readonly serialNumber: string | null;
  readonly bus: string;
  readonly address: number;
  /** Throws if the device does not answer. */
  readonly configuration: { readonly interfaces: readonly LibraryInterface[] } | null;
  open(): Promise<void>;
  close(): Promise<void>;
  claimInterface(number: number): Promise<void>;
  releaseInterface(number: number): Promise<void>;
  transferIn(endpoint: number, length: number, timeout: number): Promise<LibraryAnswer>;
  transferOut(
    endpoint: number,
    bytes: Uint8Array,
    timeout: number,
  ): Promise<{ readonly bytesWritten: number }>;
  controlTransferIn(setup: LibrarySetup, length: number, timeout: number): Promise<LibraryAnswer>;
  controlTransferOut(setup: LibrarySetup, bytes: Uint8Array, timeout: number): Promise<unknown>;
  clearHalt(direction: UsbDirection, endpoint: number): Promise<void>;
}

interface LibraryAnswer {
  readonly data?: DataView | undefined;
}

interface LibraryInterface {
  readonly interfaceNumber: number;
  readonly alternate: {
    readonly interfaceClass: number;
    readonly interfaceSubclass: number;
    readonly interfaceProtocol: number;
    readonly endpoints: readonly {
      readonly endpointNumber: number;
      readonly direction: UsbDirection;
      readonly type: string;
    }[];
  };
}

interface LibrarySetup {
  readonly requestType: InterfaceRequest["type"];
  readonly recipient: "interface";
  readonly request: number;
  readonly value: number;
  readonly index: number;
}

interface Library {
  readonly usb: { getDevices(): Promise<readonly LibraryDevice[]> };
}

/**
 * Loads the npm package `usb`, which has a part for each system: what is missing, or cannot be loaded there, is no fault.
 * @param folders where it may be installed: in each, its parents included, as Node.js looks for packages
 */
export function loadUsbLibrary(folders: readonly string[]): UsbAccess {
  let reason = "the npm package `usb` is not installed";
  for (const folder of folders) {
    const load = createRequire(join(folder, "any.js"));
    let library: unknown;
    try {
      library = load("usb");
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      const isAbsent = code === "MODULE_NOT_FOUND" && message.includes("'usb'");
      if (!isAbsent) reason = `the npm package \`usb\` cannot be loaded: ${message.split("\n")[0]!}`;
      continue;
    }
    if (isLibrary(library)) return { kind: "ready", transport: usbTransport(library) };
    reason = "the npm package `usb` that is installed is not version 3";
  }
  return { kind: "missing", reason };
}

function isLibrary(library: unknown): library is Library {
  const { usb } = library as { readonly usb?: { readonly getDevices?: unknown } };
  return typeof usb?.getDevices === "function";
}

/** USB by way of the library. */
export function usbTransport(library: Library): UsbTransport {
  return {
    devices: async () => (await told(library.usb.getDevices())).map(peerOf),
  };
}

function peerOf(device: LibraryDevice): UsbPeer {
  return {
    vendor: device.vendorId,
    product: device.productId,
    serial: device.serialNumber ?? undefined,
    bus: device.bus,
    address: device.address,
    open: async () => {
      await told(device.open());
      return connectionOf(device);
    },
  };
}

function connectionOf(device: LibraryDevice): UsbConnection {
  const claimed = new Set<number>();
  return {
    interfaces: interfacesOf(device),
    claim: async (number) => {
      await told(device.claimInterface(number));
      claimed.add(number);
    },
    send: async (endpoint, bytes, timeout) => {
      const { bytesWritten } = await told(device.transferOut(endpoint, bytes, timeout));
      if (bytesWritten === bytes.length) return;
      throw new UsbFault("other", `${bytesWritten} of ${bytes.length} bytes were sent`);
    },
    receive: async (endpoint, length, timeout) =>
      bytesOf(await told(device.transferIn(endpoint, length, timeout))),
    control: async (request, timeout) => {
      await told(device.controlTransferOut(setupOf(request), new Uint8Array(), timeout));
    },
    ask: async (request, length, timeout) =>
      bytesOf(await told(device.controlTransferIn(setupOf(request), length, timeout))),
    clearHalt: (direction, endpoint) => told(device.clearHalt(direction, endpoint)),
    close: async () => {
      // Closing alone leaves claimed interfaces with the library, and the device open, until the object is collected.
      for (const number of claimed) await device.releaseInterface(number).catch(() => undefined);
      await told(device.close());
    },
  };
}

function interfacesOf(device: LibraryDevice): OpenInterface[] {
  let found: readonly LibraryInterface[];
  try {
    found = device.configuration?.interfaces ?? [];
  } catch (error) {
    throw faultOf(error);
  }
  return found.map(({ interfaceNumber, alternate }) => ({
    number: interfaceNumber,
    class: alternate.interfaceClass,
    subclass: alternate.interfaceSubclass,
    protocol: alternate.interfaceProtocol,
    endpoints: alternate.endpoints.map(({ endpointNumber, direction, type }) => ({
      number: endpointNumber,
      direction,
      isBulk: type === "bulk",
    })),
  }));
}

function setupOf({ type, request, value, interface: index }: InterfaceRequest): LibrarySetup {
  return { requestType: type, recipient: "interface", request, value, index };
}

function bytesOf({ data }: LibraryAnswer): Uint8Array {
  if (data === undefined) throw new UsbFault("stalled", "endpoint stalled");
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

async function told<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise;
  } catch (error) {
    throw faultOf(error);
  }
}

/**
 * The library tells faults apart by their texts only. They are those of the Rust library below it, nusb 0.2, as `open
 * error: permission denied (errno 13)` and `transferIn error: Stall`.
 */
const FAULTS: readonly (readonly [RegExp, UsbFaultKind])[] = [
  [/permission denied|not permitted/i, "forbidden"],
  [/incompatible driver|NOT_SUPPORTED/i, "no driver"],
  // Windows: the device is open elsewhere (ERROR_ACCESS_DENIED when WinUSB's file is opened).
  [/\bbusy\b|already in use|already claimed|exclusive access|claimInterface.*failed to open device/i, "busy"],
  [/disconnected|device not found/i, "gone"],
  [/\bstall(ed)?\b/i, "stalled"],
  [/cancelled/i, "timeout"],
];

function faultOf(error: unknown): UsbFault {
  const message = error instanceof Error ? error.message : String(error);
  const kind = FAULTS.find(([pattern]) => pattern.test(message))?.[1] ?? "other";
  return new UsbFault(kind, message);
}
