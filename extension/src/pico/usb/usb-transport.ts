/** Which way data goes, seen from the computer. */
export type UsbDirection = "in" | "out";

export interface UsbEndpoint {
  /** Without the bit for the direction. */
  readonly number: number;
  readonly direction: UsbDirection;
  readonly isBulk: boolean;
}

/** An interface of a device that is open. */
export interface OpenInterface {
  readonly number: number;
  readonly class: number;
  readonly subclass: number;
  readonly protocol: number;
  readonly endpoints: readonly UsbEndpoint[];
}

/** A control request to an interface (USB 2.0, 9.3); `wIndex` is the interface. */
export interface InterfaceRequest {
  readonly type: "class" | "vendor";
  readonly request: number;
  readonly value: number;
  readonly interface: number;
}

/**
 * A device that is open. Every step rejects with a `UsbFault` if it fails, a transfer also if it takes longer than its
 * `timeout` in milliseconds.
 */
export interface UsbConnection {
  readonly interfaces: readonly OpenInterface[];
  claim(interfaceNumber: number): Promise<void>;
  /** Sends bytes to a bulk endpoint; none make a packet without content. */
  send(endpoint: number, bytes: Uint8Array, timeout: number): Promise<void>;
  /** Takes at most so many bytes from a bulk endpoint; a packet that is not full ends the transfer. */
  receive(endpoint: number, length: number, timeout: number): Promise<Uint8Array>;
  /** A request without data. */
  control(request: InterfaceRequest, timeout: number): Promise<void>;
  /** A request that is answered. */
  ask(request: InterfaceRequest, length: number, timeout: number): Promise<Uint8Array>;
  /** Lets an endpoint that has stalled go on. */
  clearHalt(direction: UsbDirection, endpoint: number): Promise<void>;
  /** Gives claimed interfaces back, too. */
  close(): Promise<void>;
}

/** A device that is plugged in. */
export interface UsbPeer {
  readonly vendor: number;
  readonly product: number;
  readonly serial: string | undefined;
  /** As the library names it: on Linux a decimal number, elsewhere something of its own. */
  readonly bus: string;
  readonly address: number;
  open(): Promise<UsbConnection>;
}

/** USB as far as we use it: what tests replace. */
export interface UsbTransport {
  devices(): Promise<readonly UsbPeer[]>;
}

/** The library for USB is optional. */
export type UsbAccess =
  | { readonly kind: "ready"; readonly transport: UsbTransport }
  /** `reason` ends a sentence: why it cannot be used. */
  | { readonly kind: "missing"; readonly reason: string };

export type UsbFaultKind =
  /** The user may not open the device. */
  | "forbidden"
  /** Windows has bound no driver to it that lets programs use it. */
  | "no driver"
  /** Another program has claimed it. */
  | "busy"
  | "gone"
  /** The device has refused what it was sent. */
  | "stalled"
  | "timeout"
  | "other";

/** What has failed on USB. */
export class UsbFault extends Error {
  override readonly name = "UsbFault";

  constructor(
    readonly kind: UsbFaultKind,
    message: string,
  ) {
    super(message);
  }
}
