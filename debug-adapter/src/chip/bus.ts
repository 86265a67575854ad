import type { MachineHooks } from "./machine-hooks";
import type { Peripheral } from "./peripheral";

/** How a block hangs on the bus. */
export interface BusPort {
  /** Whether the block's 4 KB repeat at +0x1000, +0x2000 and +0x3000 as XOR, SET and CLR on write. */
  readonly hasAtomicAliases: boolean;
  /** Cycles that a read takes beyond the one of a zero-wait bus. */
  readonly readWaitCycles: number;
  readonly writeWaitCycles: number;
}

const PAGE_BITS = 12;
const REGION_BITS = 28;
const PAGES_MASK = (1 << (REGION_BITS - PAGE_BITS)) - 1;
const NOT_YET_READ = 1;
const NOT_YET_WRITTEN = 2;

interface Attachment {
  readonly peripheral: Peripheral;
  readonly port: BusPort;
  /** Per register: whether its first read or write is still to be reported as not emulated. */
  readonly unreported: Uint8Array;
}

/** One page of the map: which block answers, and through which of its aliases. */
interface Page {
  readonly attachment: Attachment;
  /** Offset of the page's first byte within the block. */
  readonly offset: number;
  /** 0 normal, 1 XOR, 2 SET, 3 CLR (RP2040 datasheet 2.1.2). */
  readonly alias: number;
}

/**
 * The register blocks of a chip by address: a table of 4 KB pages. Everything that is a bus master (a core, a DMA
 * channel, a debugger) reaches the blocks through here.
 *
 * Registers ignore the width of an access (RP2040 datasheet 2.1.4): a narrow read takes its lanes of the word, a
 * narrow write writes the whole word with the value repeated in every lane.
 */
export class PeripheralBus {
  /** Wait cycles of the access made last. A field, so that an access allocates nothing. */
  waitCycles = 0;
  private readonly regions: (Page | undefined)[][] = Array.from({ length: 16 }, () => []);
  private readonly held = new Set<Peripheral>();
  private readonly blocks = new Map<string, Peripheral>();

  constructor(private readonly hooks: Pick<MachineHooks, "onUnimplemented">) {}

  /** Puts a block at its address. Blocks must not overlap. */
  attach(peripheral: Peripheral, port: BusPort): void {
    const attachment = { peripheral, port, unreported: unreportedRegisters(peripheral) };
    this.blocks.set(peripheral.name, peripheral);
    const pages = Math.ceil(peripheral.size / (1 << PAGE_BITS));
    const aliases = port.hasAtomicAliases ? 4 : 1;
    for (let alias = 0; alias < aliases; alias++) {
      for (let page = 0; page < pages; page++) {
        const offset = page << PAGE_BITS;
        this.setPage(peripheral.baseAddress + (alias << PAGE_BITS) + offset, { attachment, offset, alias });
      }
    }
  }

  /** The blocks, in the order in which they were attached. */
  get peripherals(): Iterable<Peripheral> {
    return this.blocks.values();
  }

  /** While a block is held in reset its registers keep their reset values and ignore writes. */
  holdInReset(peripheral: Peripheral, isHeld: boolean): void {
    if (isHeld) this.held.add(peripheral);
    else this.held.delete(peripheral);
  }

  /** Whether any block answers at `address`; an access anywhere else is a bus fault. */
  isMapped(address: number): boolean {
    return this.pageOf(address) !== undefined;
  }

  /** Reads `size` bytes at an aligned, mapped address. */
  read(address: number, size: 1 | 2 | 4): number {
    const page = this.pageOf(address)!;
    const { attachment } = page;
    const offset = page.offset + (address & 0xffc);
    const flags = attachment.unreported[offset >> 2];
    if (flags !== 0) this.report(attachment, offset, NOT_YET_READ, "read");
    this.waitCycles = attachment.port.readWaitCycles;
    const { peripheral } = attachment;
    const isQuiet = page.alias !== 0 || (this.held.size > 0 && this.held.has(peripheral));
    return lanes(isQuiet ? peripheral.peek(offset) : peripheral.read(offset), address, size);
  }

  /** Writes `size` bytes at an aligned, mapped address. */
  write(address: number, size: 1 | 2 | 4, value: number): void {
    const page = this.pageOf(address)!;
    const { attachment } = page;
    const offset = page.offset + (address & 0xffc);
    const flags = attachment.unreported[offset >> 2];
    if (flags !== 0) this.report(attachment, offset, NOT_YET_WRITTEN, "write");
    this.waitCycles = attachment.port.writeWaitCycles;
    const { peripheral } = attachment;
    if (this.held.size > 0 && this.held.has(peripheral)) return;
    const word = replicate(value, size);
    if (page.alias === 0) peripheral.write(offset, word);
    else peripheral.write(offset, combine(page.alias, peripheral.peek(offset), word));
  }

  /** What a debugger sees at `address`: no side effects, nothing reported. Undefined where nothing is mapped. */
  peek(address: number, size: 1 | 2 | 4): number | undefined {
    const page = this.pageOf(address);
    if (page === undefined) return undefined;
    const word = page.attachment.peripheral.peek(page.offset + (address & 0xffc));
    return lanes(word, address, size);
  }

  private setPage(address: number, page: Page): void {
    const region = this.regions[address >>> REGION_BITS]!;
    const index = (address >>> PAGE_BITS) & PAGES_MASK;
    const taken = region[index];
    if (taken !== undefined) {
      const names = `${page.attachment.peripheral.name} and ${taken.attachment.peripheral.name}`;
      throw new Error(`${names} overlap at 0x${address.toString(16)}`);
    }
    region[index] = page;
  }

  private pageOf(address: number): Page | undefined {
    const page = this.regions[address >>> REGION_BITS]![(address >>> PAGE_BITS) & PAGES_MASK];
    if (page === undefined) return undefined;
    return page.offset + (address & 0xfff) < page.attachment.peripheral.size ? page : undefined;
  }

  private report(attachment: Attachment, offset: number, flag: number, access: "read" | "write"): void {
    const flags = attachment.unreported[offset >> 2]!;
    if ((flags & flag) === 0) return;
    attachment.unreported[offset >> 2] = flags & ~flag;
    const { name } = attachment.peripheral;
    const register = attachment.peripheral.registerName(offset);
    const place = register === undefined ? `${name}+0x${offset.toString(16)}` : `${name}.${register}`;
    this.hooks.onUnimplemented?.(place, access);
  }
}

/** The byte or half word of a register's word that an access of `size` bytes at `address` sees. */
function lanes(word: number, address: number, size: 1 | 2 | 4): number {
  if (size === 4) return word;
  const shifted = word >>> ((address & 3) * 8);
  return size === 1 ? shifted & 0xff : shifted & 0xffff;
}

/** What the bus carries when a core stores a byte or a half word: the value in every lane. */
function replicate(value: number, size: 1 | 2 | 4): number {
  if (size === 4) return value >>> 0;
  if (size === 2) return ((value & 0xffff) * 0x10001) >>> 0;
  return ((value & 0xff) * 0x1010101) >>> 0;
}

/** The word that a write through an atomic alias leads to. */
function combine(alias: number, old: number, value: number): number {
  if (alias === 1) return (old ^ value) >>> 0;
  if (alias === 2) return (old | value) >>> 0;
  return (old & ~value) >>> 0;
}

function unreportedRegisters(peripheral: Peripheral): Uint8Array {
  const unreported = new Uint8Array(Math.ceil(peripheral.size / 4));
  for (let i = 0; i < unreported.length; i++) {
    if (!peripheral.isEmulated(i * 4)) unreported[i] = NOT_YET_READ | NOT_YET_WRITTEN;
  }
  return unreported;
}
