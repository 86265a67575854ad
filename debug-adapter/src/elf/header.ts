import { address, type Address } from "../base/brand";
import { ByteReader } from "../base/byte-reader";
import { UserError } from "../base/errors";
import type { EM_ARM } from "./constants";
import {
  ELF_HEADER_SIZE,
  ELFCLASS32,
  ELFCLASS64,
  ELFDATA2LSB,
  ELFDATA2MSB,
  type EM_RISCV,
  ET_CORE,
  ET_DYN,
  ET_EXEC,
  ET_REL,
} from "./constants";
import { machineName } from "./machines";

/** The ELF header of a 32-bit little-endian executable (gABI 4.3); offsets and sizes in bytes. */
export interface ElfHeader {
  readonly machine: Machine;
  readonly version: number;
  readonly entry: Address;
  /** `e_flags`: the EABI version in the top byte (AAELF32 5.2). */
  readonly flags: number;
  readonly headerSize: number;
  readonly programHeaderOffset: number;
  readonly programHeaderSize: number;
  readonly programHeaderCount: number;
  readonly sectionHeaderOffset: number;
  readonly sectionHeaderSize: number;
  readonly sectionHeaderCount: number;
  readonly sectionNamesIndex: number;
}

/** `EM_ARM`, or `EM_RISCV` for the other two cores of an RP2350. */
export type Machine = typeof EM_ARM | typeof EM_RISCV;

export const BUILD_FOR_PICO =
  "build the firmware with cargo build --target thumbv6m-none-eabi (Pico) or thumbv8m.main-none-eabihf (Pico 2)";
export const BUILD_AGAIN = "copy it again, or build the firmware again";
const GIVE_EXECUTABLE = "give the program that cargo writes to target/thumbv6m-none-eabi/release/";

/**
 * Reads the header of firmware.
 * @param name     what to call the file in an error
 * @param machines whose programs are wanted
 * @throws UserError if the file is no firmware of ours: not ELF, cut short, for another machine, not an executable
 */
export function readHeader(bytes: Uint8Array, name: string, machines: readonly Machine[]): ElfHeader {
  checkIsElf(bytes, name);
  const machine = checkMachine(bytes, name, machines);
  const reader = new ByteReader(bytes, 16);
  checkType(reader.u16(), name);
  reader.skip(2);
  return {
    machine,
    version: reader.u32(),
    entry: address(reader.u32()),
    programHeaderOffset: reader.u32(),
    sectionHeaderOffset: reader.u32(),
    flags: reader.u32(),
    headerSize: reader.u16(),
    programHeaderSize: reader.u16(),
    programHeaderCount: reader.u16(),
    sectionHeaderSize: reader.u16(),
    sectionHeaderCount: reader.u16(),
    sectionNamesIndex: reader.u16(),
  };
}

/** The error of a file that ends before `what` does. */
export function cutShort(name: string, what: string): UserError {
  return new UserError(`${name} is cut short: it ends inside ${what}`, BUILD_AGAIN);
}

/** First bytes of files that are mistaken for the ELF file. */
const OTHER_FORMATS: readonly (readonly [magic: string, format: string])[] = [
  ["UF2\n", "a UF2 image"],
  [":", "an Intel HEX file"],
  ["S0", "a Motorola S-record file"],
  ["!<arch>\n", "a static library"],
  ["!<thin>\n", "a static library"],
  ["MZ", "a Windows program"],
  ["\xcf\xfa\xed\xfe", "a macOS program"],
  ["\xca\xfe\xba\xbe", "a macOS program"],
  ["\0asm", "a WebAssembly module"],
  ["PK\x03\x04", "a zip archive"],
  ["\x1f\x8b", "a gzip archive"],
  ["#!", "a script"],
];

function checkIsElf(bytes: Uint8Array, name: string): void {
  if (bytes.length === 0) throw new UserError(`${name} is empty`, BUILD_AGAIN);
  if (!startsWith(bytes, "\x7fELF".slice(0, bytes.length))) {
    const other = OTHER_FORMATS.find(([magic]) => startsWith(bytes, magic));
    const what = other ? `${name} is ${other[1]}, not an ELF file` : `${name} is not an ELF file`;
    throw new UserError(what, GIVE_EXECUTABLE);
  }
  if (bytes.length < ELF_HEADER_SIZE) throw cutShort(name, "its header");
}

function startsWith(bytes: Uint8Array, magic: string): boolean {
  if (bytes.length < magic.length) return false;
  for (let i = 0; i < magic.length; i++) if (bytes[i] !== magic.charCodeAt(i)) return false;
  return true;
}

function checkMachine(bytes: Uint8Array, name: string, machines: readonly Machine[]): Machine {
  const elfClass = bytes[4]!;
  const encoding = bytes[5]!;
  const known = [ELFCLASS32, ELFCLASS64].includes(elfClass) && [ELFDATA2LSB, ELFDATA2MSB].includes(encoding);
  if (!known) throw new UserError(`${name} has a damaged ELF header`, BUILD_AGAIN);
  const isLittle = encoding === ELFDATA2LSB;
  const found = new DataView(bytes.buffer, bytes.byteOffset).getUint16(18, isLittle);
  const machine = machines.find((each) => each === found);
  if (machine === undefined) {
    throw new UserError(`${name} is a program for ${machineName(found)}, not for ARM`, BUILD_FOR_PICO);
  }
  if (elfClass === ELFCLASS64) throw new UserError(`${name} is a 64-bit ELF file`, BUILD_FOR_PICO);
  if (!isLittle) throw new UserError(`${name} is a big-endian ELF file`, BUILD_FOR_PICO);
  return machine;
}

function checkType(type: number, name: string): void {
  switch (type) {
    case ET_EXEC:
      return;
    case ET_REL:
      throw new UserError(`${name} is an object file that has not been linked`, GIVE_EXECUTABLE);
    case ET_DYN:
      throw new UserError(
        `${name} is a shared library or a position-independent program, not firmware`,
        BUILD_FOR_PICO,
      );
    case ET_CORE:
      throw new UserError(`${name} is a core dump, not a program`, GIVE_EXECUTABLE);
    default:
      throw new UserError(`${name} is an ELF file of unknown type ${type}, not a program`, GIVE_EXECUTABLE);
  }
}
