/**
 * Commands of the interface that boot ROMs have for programs on the computer (RP2040 datasheet 2.8.5.4, RP2350 datasheet
 * 5.6.4). The top bit of an id says that data comes back.
 */
export const COMMAND_IDS = {
  "exclusive access": 0x01,
  reboot: 0x02,
  "flash erase": 0x03,
  read: 0x84,
  write: 0x05,
  "exit XIP": 0x06,
  /** From here on the RP2350 only, which has no `reboot` any more. */
  reboot2: 0x0a,
  "get info": 0x8b,
} as const;

export type CommandName = keyof typeof COMMAND_IDS;

export interface PicobootCommand {
  readonly name: CommandName;
  /** At most 16 bytes. */
  readonly args: Uint8Array;
  /** Bytes that follow, either way. */
  readonly transferLength: number;
}

/** Bytes of every command. */
export const COMMAND_SIZE = 32;

const MAGIC = 0x431f_d10b;
const AT_ARGS = 16;

/**
 * A command as the boot ROM takes it.
 * @param token comes back in the status of this command; any number of 32 bits
 */
export function encodeCommand({ name, args, transferLength }: PicobootCommand, token: number): Uint8Array {
  const bytes = new Uint8Array(COMMAND_SIZE);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, token, true);
  view.setUint8(8, COMMAND_IDS[name]);
  view.setUint8(9, args.length);
  view.setUint32(12, transferLength, true);
  bytes.set(args, AT_ARGS);
  return bytes;
}

/** Whether what follows a command comes from the board. */
export function isAnswered(name: CommandName): boolean {
  return (COMMAND_IDS[name] & 0x80) !== 0;
}

/** Keeps the drive from writing to flash between our own writes; it stays where it is. */
export const exclusiveAccess: PicobootCommand = {
  name: "exclusive access",
  args: Uint8Array.of(1),
  transferLength: 0,
};

/** Makes flash ready to be erased and written: from then on it cannot be read as memory. */
export const exitXip: PicobootCommand = { name: "exit XIP", args: new Uint8Array(), transferLength: 0 };

/** Address and size are multiples of 4096. */
export function flashErase(address: number, size: number): PicobootCommand {
  return { name: "flash erase", args: words(address, size), transferLength: 0 };
}

/** In flash, the address is a multiple of 256; nothing is erased before. */
export function write(address: number, size: number): PicobootCommand {
  return { name: "write", args: words(address, size), transferLength: size };
}

/** In flash, the address is a multiple of 256. */
export function read(address: number, size: number): PicobootCommand {
  return { name: "read", args: words(address, size), transferLength: size };
}

export interface Reboot {
  /** Where the program begins; 0 for what is in flash. */
  readonly pc: number;
  readonly sp: number;
  /** In milliseconds. */
  readonly delay: number;
}

/** The RP2040's. */
export function reboot({ pc, sp, delay }: Reboot): PicobootCommand {
  return { name: "reboot", args: words(pc, sp, delay), transferLength: 0 };
}

/** Ways for an RP2350 to restart (datasheet 5.4.8, `reboot`); what the parameters are. */
export const REBOOT_TYPES = {
  /** First the number of a partition for diagnosis, or -1. */
  normal: 0x0,
  /** First the start of the memory in which an image is looked for, then its size. */
  "RAM image": 0x3,
  /** First the start of what was written. */
  "flash update": 0x4,
} as const;

const CORE_FLAGS = { any: 0, arm: 0x10, riscv: 0x20 } as const;

export interface Reboot2 {
  readonly type: keyof typeof REBOOT_TYPES;
  /** The cores that run afterwards; `any` for those that run now. */
  readonly core: keyof typeof CORE_FLAGS;
  readonly params: readonly [number, number];
  /** In milliseconds. */
  readonly delay: number;
}

/** The RP2350's. */
export function reboot2({ type, core, params, delay }: Reboot2): PicobootCommand {
  return {
    name: "reboot2",
    args: words(REBOOT_TYPES[type] | CORE_FLAGS[core], delay, ...params),
    transferLength: 0,
  };
}

/** `PICOBOOT_GET_INFO_PARTITION_TABLE` and, of all that it can tell, `PT_INFO` (RP2350 datasheet 5.4.8, `get_partition_table_info`). */
const INFO_PARTITION_TABLE = 2;
const PARTITION_TABLE_SUMMARY = 1;

/** Bytes of the answer to `partitionTableInfo`: how many words, what they are, then three words. */
export const PARTITION_TABLE_INFO_SIZE = 32;

/** The RP2350's: asks whether there is a partition table. */
export const partitionTableInfo: PicobootCommand = {
  name: "get info",
  args: words(INFO_PARTITION_TABLE, PARTITION_TABLE_SUMMARY, 0, 0),
  transferLength: PARTITION_TABLE_INFO_SIZE,
};

/** In the third word of that answer. */
export const HAS_PARTITION_TABLE = 0x100;

function words(...values: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(4 * values.length);
  const view = new DataView(bytes.buffer);
  values.forEach((value, i) => view.setUint32(4 * i, value, true));
  return bytes;
}
