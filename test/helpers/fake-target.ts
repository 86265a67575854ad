import { type Address, type Nanoseconds, nanoseconds } from "#adapter/base/brand";
import { Register, REGISTER_COUNT, type RegisterNumber } from "#adapter/target/architecture";
import type {
  MachineObserver,
  MemoryView,
  PinPort,
  Removable,
  StopReason,
  Target,
  TargetCapabilities,
  TargetSnapshot,
  TargetState,
  Tracepoint,
  TracepointHit,
} from "#adapter/target/target";

/** A target without a machine: a test says what the program does, and tracepoints and observers are told. */
export class FakeTarget implements Target {
  readonly capabilities: TargetCapabilities = {
    tracepoints: "free",
    snapshots: false,
    virtualTime: true,
    pins: false,
  };
  get state(): TargetState {
    return { kind: "stopped", reason: { kind: "entry" } };
  }
  readonly pins: PinPort = { count: 0, isHigh: () => false, drive: unsupported };
  now = nanoseconds(0);

  readonly registers = new Uint32Array(REGISTER_COUNT);
  private readonly bytes = new Map<number, number>();
  private readonly tracepoints = new Set<Tracepoint>();
  private readonly observers = new Set<MachineObserver>();
  private readonly exceptions: number[] = [];

  readonly memory: MemoryView = {
    read: (address, length) => Uint8Array.from({ length }, (_, i) => this.bytes.get(address + i) ?? 0),
    readUint: (address, size) => {
      let value = 0;
      for (let i = size - 1; i >= 0; i--) value = value * 256 + (this.bytes.get(address + i) ?? 0);
      return value;
    },
  };

  /** How many tracepoints are set. */
  get tracepointCount(): number {
    return this.tracepoints.size;
  }

  /** Lets time pass. */
  pass(time: number): this {
    this.now = nanoseconds(this.now + time);
    return this;
  }

  /** The program stores a value; tracepoints see memory as it was before. */
  store(address: number, size: 1 | 2 | 4, value: number): void {
    for (const { where, onHit } of this.tracepoints) {
      if (where.kind !== "write") continue;
      if (address + size <= where.address || address >= where.address + where.length) continue;
      onHit(this.hit({ writeAddress: address, writeSize: size, writeValue: value }));
    }
    this.put(address, size, value);
  }

  /** Puts a value into memory without telling anybody. */
  put(address: number, size: number, value: number): void {
    for (let i = 0; i < size; i++) this.bytes.set(address + i, (value >>> (8 * i)) & 0xff);
  }

  /** The program arrives at an instruction, with some registers as given. */
  reach(address: number, registers: Readonly<Partial<Record<keyof typeof Register, number>>> = {}): void {
    for (const [name, value] of Object.entries(registers)) {
      this.registers[Register[name as keyof typeof Register]] = value;
    }
    for (const { where, onHit } of this.tracepoints) {
      if (where.kind === "code" && where.address === address) onHit(this.hit());
    }
  }

  enterException(exception: number): void {
    this.exceptions.push(exception);
    this.registers[Register.xpsr] = exception;
    for (const observer of this.observers) observer.onExceptionEntry?.(this.now, exception);
  }

  returnFromException(): void {
    const exception = this.exceptions.pop() ?? 0;
    this.registers[Register.xpsr] = this.exceptions.at(-1) ?? 0;
    for (const observer of this.observers) observer.onExceptionReturn?.(this.now, exception);
  }

  reset(): void {
    for (const observer of this.observers) observer.onReset?.(this.now);
  }

  addTracepoint(tracepoint: Tracepoint): Removable {
    this.tracepoints.add(tracepoint);
    return { remove: () => void this.tracepoints.delete(tracepoint) };
  }

  observe(observer: MachineObserver): Removable {
    this.observers.add(observer);
    return { remove: () => void this.observers.delete(observer) };
  }

  readMemory(address: Address, length: number): Promise<Uint8Array> {
    return Promise.resolve(this.memory.read(address, length)!);
  }

  readRegisters(): Promise<Uint32Array> {
    return Promise.resolve(this.registers.slice());
  }

  resume(): Promise<StopReason> {
    return unsupported();
  }
  step(): Promise<StopReason> {
    return unsupported();
  }
  interrupt(): void {
    unsupported();
  }
  writeMemory(address: Address, bytes: Uint8Array): Promise<void> {
    bytes.forEach((byte, i) => this.put(address + i, 1, byte));
    return Promise.resolve();
  }
  writeRegister(): Promise<void> {
    return unsupported();
  }
  addBreakpoint(): Removable {
    return unsupported();
  }
  takeSnapshot(): TargetSnapshot {
    return unsupported();
  }
  restoreSnapshot(): void {
    unsupported();
  }
  sendToUart(): void {
    unsupported();
  }
  dispose(): void {
    this.tracepoints.clear();
    this.observers.clear();
  }

  private hit(
    write: Pick<TracepointHit, "writeAddress" | "writeSize" | "writeValue"> = {
      writeAddress: 0,
      writeSize: 0,
      writeValue: 0,
    },
  ): TracepointHit {
    const time: Nanoseconds = this.now;
    return {
      ...write,
      time,
      memory: this.memory,
      register: (number: RegisterNumber) => this.registers[number]!,
    };
  }
}

function unsupported(): never {
  throw new Error("The fake target does not run");
}
