import { address } from "../base/brand";
import { UserError } from "../base/errors";
import { Interrupt } from "../chip/rp2040/interrupts";
import type { ElfFile } from "../elf/elf-file";
import { interruptException } from "../target/architecture";
import { checkFits, type LoadImage } from "../elf/load-image";

/** Memory of a Pico that a program can be loaded into (RP2040 datasheet 2.2; the Pico has 2 MB of flash). */
const REGIONS = [
  { name: "flash", start: address(0x1000_0000), size: 2 * 1024 * 1024 },
  { name: "RAM", start: address(0x2000_0000), size: 264 * 1024 },
] as const;

/** The Pico's flash, where the chip sees it. */
export const FLASH = REGIONS[0];

/** SRAM of an RP2040 (datasheet 2.6.2). */
export const RAM = REGIONS[1];

/** Whether an address lies in RAM. */
export function isRam(at: number): boolean {
  return at >= RAM.start && at < RAM.start + RAM.size;
}

/** Where the second-stage boot loader looks for the program's vector table (datasheet 2.8.1.3). */
export const VECTOR_TABLE = 0x1000_0100;

/** Names of ARMv6-M's own exceptions (ARMv6-M ARM B1.5.2). */
const SYSTEM_EXCEPTIONS: Readonly<Record<number, string>> = {
  2: "NMI",
  3: "HardFault",
  11: "SVCall",
  14: "PendSV",
  15: "SysTick",
};

/** The first of six interrupts that only software can pend (datasheet 2.3.2); rp-pac calls them SWI_IRQ_0 to 5. */
const FIRST_SOFTWARE_INTERRUPT = 26;

/** Names of all exceptions of an RP2040 by number; external interrupts have those of the datasheet's table 2.3.2. */
export const EXCEPTION_NAMES: Readonly<Record<number, string>> = {
  ...SYSTEM_EXCEPTIONS,
  ...Object.fromEntries(Object.entries(Interrupt).map(([name, line]) => [interruptException(line), name])),
  ...Object.fromEntries(
    Array.from({ length: 6 }, (_, i) => [interruptException(FIRST_SOFTWARE_INTERRUPT + i), `SWI_IRQ_${i}`]),
  ),
};

/**
 * Checks that a firmware can run on a Pico.
 * @throws UserError that says why not
 */
export function checkForPico(elf: ElfFile, image: LoadImage): void {
  const { architecture, name } = elf;
  if (architecture !== undefined && architecture !== "armv6-m") {
    throw new UserError(
      `${name} is built for ${architecture}, and the chip of the Pico is the RP2040 (armv6-m)`,
      "build it with --target thumbv6m-none-eabi and the `rp2040` feature of embassy-rp",
    );
  }
  checkFits(image, REGIONS, { name, target: "the Pico" });
  checkVectorTable(name, image);
}

/** A chip without a vector table would fault in its first cycle; this is easier to understand. */
function checkVectorTable(name: string, image: LoadImage): void {
  const stackPointer = wordAt(image, VECTOR_TABLE);
  const entry = wordAt(image, VECTOR_TABLE + 4);
  if (stackPointer !== undefined && entry !== undefined && stackPointer >>> 28 === 2 && (entry & 1) === 1)
    return;
  throw new UserError(
    `${name} has no vector table at 0x10000100, where the Pico's boot loader looks for it`,
    "link with cortex-m-rt's link.x and embassy-rp's link-rp.x, and leave 0x100 bytes for BOOT2 in memory.x",
  );
}

/** The word at an address of a firmware; undefined if it has none there. */
export function wordAt({ chunks }: LoadImage, at: number): number | undefined {
  const chunk = chunks.find(
    ({ physicalAddress, bytes }) => at >= physicalAddress && at + 4 <= physicalAddress + bytes.length,
  );
  if (chunk === undefined) return undefined;
  const { bytes, physicalAddress } = chunk;
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at - physicalAddress, true);
}
