import { PF_R, PF_W, PF_X, SHF_ALLOC, SHF_EXECINSTR, SHT_NOBITS } from "#adapter/elf/constants";
import { buildElf, type SectionDescription } from "#test/helpers/elf-builder";
import { Random } from "#test/helpers/random";

/**
 * ELF files that no sample has the form of: holes between sectors, RAM only, each family of the RP2350. Their bytes
 * never change, so that what picotool makes of them can be kept (test/golden/flash/picotool-uf2.txt).
 */
export const MADE_FIRMWARE: Readonly<Record<string, () => Uint8Array>> = {
  "rp2040-holes": () =>
    firmware({
      entry: 0x1000_0101,
      sections: [
        code(".boot2", 0x1000_0000, secondStage()),
        code(".text", 0x1000_0100, noise(1, 5000)),
        code(".data_at_odd_place", 0x1000_9f10, noise(2, 700)),
        code(".far", 0x1010_0040, noise(3, 33)),
      ],
    }),
  "rp2040-ram": () =>
    firmware({
      entry: 0x2000_0001,
      sections: [code(".text", 0x2000_0000, noise(4, 1300)), code(".more", 0x2000_2080, noise(5, 64))],
    }),
  "rp2350-arm-s": () => rp2350(ARM, 0x1021, 16),
  "rp2350-arm-ns": () => rp2350(ARM, 0x1011, 260),
  "rp2350-riscv": () => rp2350(RISCV, 0x1101, 16),
  "rp2350-ram": () =>
    firmware({
      entry: 0x2000_0141,
      sections: [code(".text", 0x2000_0000, withImageDefinition(noise(6, 3000), 0x1021, 64))],
    }),
};

const ARM = 40;
const RISCV = 243;

function rp2350(machine: number, imageType: number, definitionAt: number): Uint8Array {
  return firmware({
    machine,
    entry: machine === ARM ? 0x1000_0401 : 0x1000_0400,
    sections: [
      code(".text", 0x1000_0000, withImageDefinition(noise(7, 9000), imageType, definitionAt)),
      code(".rodata", 0x1000_4804, noise(8, 300)),
    ],
  });
}

interface MadeFirmware {
  readonly machine?: number;
  readonly entry: number;
  readonly sections: readonly SectionDescription[];
}

/** An ELF file of sections that are loaded where they run, and some memory that is only reserved. */
export function firmware({ machine = ARM, entry, sections }: MadeFirmware): Uint8Array {
  const bss = { name: ".bss", type: SHT_NOBITS, flags: SHF_ALLOC, address: 0x2000_4000, size: 64 };
  return buildElf({
    header: { machine, entry, flags: machine === ARM ? 0x0500_0200 : 0 },
    sections: [...sections, bss],
    segments: [
      ...sections.map(({ name }) => ({ section: name, flags: PF_R | PF_X })),
      { section: ".bss", memorySize: 64, flags: PF_R | PF_W },
    ],
  });
}

export function code(name: string, address: number, data: Uint8Array): SectionDescription {
  return { name, address, data, flags: SHF_ALLOC | SHF_EXECINSTR };
}

/** Bytes that look like nothing. */
export function noise(seed: number, length: number): Uint8Array {
  const random = new Random(seed);
  return Uint8Array.from({ length }, () => random.below(256));
}

/** 252 bytes and the checksum that the RP2040's boot ROM wants behind them. */
export function secondStage(): Uint8Array {
  const bytes = new Uint8Array(256);
  bytes.set(noise(9, 252));
  let crc = 0xffff_ffffn;
  for (const byte of bytes.subarray(0, 252)) {
    for (let bit = 7; bit >= 0; bit--) {
      const isOut = (crc >> 31n) & 1n;
      crc = (crc << 1n) & 0xffff_ffffn;
      if ((isOut ^ BigInt((byte >> bit) & 1)) === 1n) crc ^= 0x04c1_1db7n;
    }
  }
  new DataView(bytes.buffer).setUint32(252, Number(crc), true);
  return bytes;
}

/** Puts an image definition (RP2350 datasheet 5.9.5) of one item into an image. */
export function withImageDefinition(image: Uint8Array, imageType: number, at: number): Uint8Array {
  const words = [0xffff_ded3, (imageType << 16) | 0x0142, 0x0000_01ff, 0, 0xab12_3579];
  const view = new DataView(image.buffer, image.byteOffset);
  words.forEach((word, i) => view.setUint32(at + 4 * i, word >>> 0, true));
  return image;
}
