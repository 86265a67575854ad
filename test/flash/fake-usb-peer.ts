import {
  type UsbConnection,
  UsbFault,
  type UsbFaultKind,
  type UsbPeer,
} from "#extension/pico/usb/usb-transport";

/** Something that may go wrong on USB, once: at which step, counted from 0 with opening and closing. */
export interface UsbTrouble {
  readonly at: number;
  /** `hang`: not even the library answers. `late`: what was asked for is done, and the answer is lost. */
  readonly kind: UsbFaultKind | "hang" | "late";
}

/** What a device on the bus does. */
export interface UsbSide extends Omit<UsbConnection, "claim" | "close"> {
  readonly isAttached: boolean;
  unplug(): void;
}

export interface FakePeerOptions extends Omit<UsbPeer, "open"> {
  /** The device as it is when it is opened. */
  readonly side: () => UsbSide;
  readonly onStep: () => UsbTrouble["kind"] | undefined;
}

/** A device of a fake computer, each step of which may fail. */
export function fakePeer({ side, onStep, ...peer }: FakePeerOptions): UsbPeer {
  const step = async <T>(device: UsbSide, run: () => Promise<T>): Promise<T> => {
    const kind = onStep();
    if (!device.isAttached) throw new UsbFault("gone", "device disconnected");
    if (kind === undefined) return run();
    if (kind === "hang") return new Promise(() => undefined);
    if (kind === "late") {
      await run();
      throw new UsbFault("timeout", "transfer was cancelled");
    }
    if (kind === "gone") device.unplug();
    throw new UsbFault(kind, `${kind}, as told`);
  };
  const open = async (): Promise<UsbConnection> => {
    const device = side();
    await step(device, () => Promise.resolve());
    let claimed: number | undefined;
    const claiming = <T>(run: () => Promise<T>) =>
      step(device, () => (claimed === undefined ? Promise.reject(new Error("nothing is claimed")) : run()));
    return {
      interfaces: device.interfaces,
      claim: (number) => step(device, () => Promise.resolve((claimed = number)).then(() => undefined)),
      send: (endpoint, bytes, timeout) => claiming(() => device.send(endpoint, bytes, timeout)),
      receive: (endpoint, length, timeout) => claiming(() => device.receive(endpoint, length, timeout)),
      control: (request, timeout) => claiming(() => device.control(request, timeout)),
      ask: (request, length, timeout) => claiming(() => device.ask(request, length, timeout)),
      clearHalt: (direction, endpoint) => claiming(() => device.clearHalt(direction, endpoint)),
      close: () => step(device, () => Promise.resolve((claimed = undefined))),
    };
  };
  return { ...peer, open };
}
