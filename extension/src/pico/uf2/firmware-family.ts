import { UserError } from "#adapter/base/errors";
import { EM_RISCV } from "#adapter/elf/constants";
import type { ElfFile } from "#adapter/elf/elf-file";
import type { Family } from "./families";
import { findImageDefinition, type ImageDefinition } from "./image-definition";
import { isSecondStage } from "./second-stage";

/**
 * Which boot ROM a firmware is made for: an RP2350's finds an image definition in it, an RP2040's a second stage at its
 * start (or nothing, in RAM).
 * @param image the bytes from the start of the image on
 * @throws UserError if neither would start it, or its code is for another core than its boot block says
 */
export function familyOfFirmware(elf: ElfFile, image: Uint8Array, place: "flash" | "ram"): Family {
  const definition = findImageDefinition(image);
  if (definition?.kind === "data") return "data";
  if (definition !== undefined) return familyOfProgram(elf, definition);
  if (elf.header.machine === EM_RISCV) {
    throw new UserError(
      `${elf.name} has no image definition, without which an RP2350 does not start it`,
      SEE_IMAGEDEF,
    );
  }
  const isForV8 = elf.architecture?.startsWith("armv8") ?? false;
  if (place === "flash" && isSecondStage(image)) {
    if (!isForV8) return "rp2040";
    throw new UserError(
      `${elf.name} has the second-stage boot loader of an RP2040, but its code is for another core (${elf.architecture ?? ""})`,
      "build it with `--target thumbv6m-none-eabi`, or with embassy-rp's feature `rp235xa` for a Pico 2",
    );
  }
  if (place === "ram" && !isForV8) return "rp2040";
  throw new UserError(
    isForV8
      ? `${elf.name} has no image definition, without which an RP2350 does not start it`
      : `${elf.name} has neither the second-stage boot loader that an RP2040 needs at the start of flash nor the image definition of an RP2350`,
    isForV8
      ? SEE_IMAGEDEF
      : "give memory.x a section `.boot2` at 0x10000000 and switch a boot2 feature of embassy-rp on (`boot2-w25q080`), or name the chip with `--family`",
  );
}

const SEE_IMAGEDEF =
  "switch embassy-rp's feature `imagedef-secure-exe` on and let memory.x place `.start_block` in the first 4 kB, or name the chip with `--family`";

function familyOfProgram(
  elf: ElfFile,
  { chip, core, security }: ImageDefinition & { readonly kind: "program" },
): Family {
  const isRiscV = elf.header.machine === EM_RISCV;
  if (isRiscV !== (core === "riscv")) {
    const of = (riscv: boolean) => (riscv ? "RISC-V" : "Arm");
    throw new UserError(
      `${elf.name} is ${of(isRiscV)} code, but its image definition says ${of(core === "riscv")}`,
      "build it for the core that its image definition names",
    );
  }
  if (chip === "RP2040") return "rp2040";
  if (core === "riscv") return "rp2350-riscv";
  if (security === "secure") return "rp2350-arm-s";
  if (security === "non-secure") return "rp2350-arm-ns";
  throw new UserError(
    `${elf.name} does not say whether it runs secure or not, and a boot ROM has to know`,
    "name what it is with `--family rp2350-arm-s` or `rp2350-arm-ns`",
  );
}
