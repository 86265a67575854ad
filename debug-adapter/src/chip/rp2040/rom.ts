import { ROM_SIZE } from "./memory-map";
import { DOUBLE_ROUTINES, FLOAT_ROUTINES } from "./rom-float";

// The fixed places of a boot ROM (datasheet 2.8.2).
const MAGIC = 0x10;
const FUNCTION_TABLE_POINTER = 0x14;
const DATA_TABLE_POINTER = 0x16;
const LOOKUP_POINTER = 0x18;
/** The boot ROM of RP2040 B2, which has double precision. */
const ROM_VERSION = 3;

const FUNCTION_TABLE = 0x20;
const DATA_TABLE = 0xc0;
const COPYRIGHT = 0x100;
const FLOAT_TABLE = 0x200;
const DOUBLE_TABLE = 0x300;
/** Routines stand here, one per word: each is a BX LR that a trap takes the place of. */
const ROUTINES = 0x1000;
const BX_LR = 0x4770;

const COPYRIGHT_TEXT = "Synthetic boot ROM of Pollscope";

/** The functions of the table at 0x14 by their two-letter codes (datasheet 2.8.3.1). */
export const ROM_FUNCTIONS = {
  popcount32: "P3",
  reverse32: "R3",
  clz32: "L3",
  ctz32: "T3",
  memset: "MS",
  memset4: "S4",
  memcpy: "MC",
  memcpy44: "C4",
  connect_internal_flash: "IF",
  flash_exit_xip: "EX",
  flash_range_erase: "RE",
  flash_range_program: "RP",
  flash_flush_cache: "FC",
  flash_enter_cmd_xip: "CX",
  reset_to_usb_boot: "UB",
  wait_for_vector: "WV",
  debug_trampoline: "DT",
  debug_trampoline_end: "DE",
} as const;
export type RomFunction = keyof typeof ROM_FUNCTIONS | "rom_table_lookup";

/** The ROM's bytes, and where its routines are. */
export interface Rom {
  readonly bytes: Uint8Array;
  /** Address of each routine, without the Thumb bit. Floating-point routines are called `float 0x1c`, `double 0x1c`. */
  readonly routines: ReadonlyMap<string, number>;
}

/**
 * A boot ROM with nothing but its tables (datasheet 2.8.2, 2.8.3): Raspberry Pi's own code may not be shipped with an
 * emulator. Every routine is a trap into `rom-functions.ts`.
 */
export function buildRom(): Rom {
  const bytes = new Uint8Array(ROM_SIZE);
  const view = new DataView(bytes.buffer);
  const routines = new Map<string, number>();
  const addRoutine = (name: string) => {
    const address = ROUTINES + routines.size * 4;
    routines.set(name, address);
    view.setUint16(address, BX_LR, true);
    return address | 1;
  };

  bytes.set([0x4d, 0x75, 0x01, ROM_VERSION], MAGIC);
  view.setUint16(FUNCTION_TABLE_POINTER, FUNCTION_TABLE, true);
  view.setUint16(DATA_TABLE_POINTER, DATA_TABLE, true);
  view.setUint16(LOOKUP_POINTER, addRoutine("rom_table_lookup"), true);
  Object.entries(ROM_FUNCTIONS).forEach(([name, code], i) => {
    writeEntry(view, FUNCTION_TABLE + i * 4, code, addRoutine(name));
  });

  const data = { CR: COPYRIGHT, SF: FLOAT_TABLE, SD: DOUBLE_TABLE, FS: ROUTINES, FE: ROM_SIZE - 1 };
  Object.entries(data).forEach(([code, address], i) => writeEntry(view, DATA_TABLE + i * 4, code, address));
  for (let i = 0; i < COPYRIGHT_TEXT.length; i++) bytes[COPYRIGHT + i] = COPYRIGHT_TEXT.charCodeAt(i);
  for (const offset of Object.keys(FLOAT_ROUTINES).map(Number)) {
    view.setUint32(FLOAT_TABLE + offset, addRoutine(`float 0x${offset.toString(16)}`), true);
  }
  for (const offset of Object.keys(DOUBLE_ROUTINES).map(Number)) {
    view.setUint32(DOUBLE_TABLE + offset, addRoutine(`double 0x${offset.toString(16)}`), true);
  }
  return { bytes, routines };
}

/** A table's entry: the code's letters, then the low half of the address. A zero code ends the table. */
function writeEntry(view: DataView, at: number, code: string, address: number): void {
  view.setUint16(at, romCode(code), true);
  view.setUint16(at + 2, address, true);
}

/** `rom_table_code('P', '3')` (datasheet 2.8.3). */
export function romCode(code: string): number {
  return code.charCodeAt(0) | (code.charCodeAt(1) << 8);
}
