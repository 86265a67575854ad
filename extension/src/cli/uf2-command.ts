import { writeFile } from "node:fs/promises";
import { UserError } from "#adapter/base/errors";
import { hexAddress } from "#adapter/base/hex-address";
import { readFirmwareImage } from "#extension/pico/uf2/read-firmware-image";
import { encodeUf2, uf2Of } from "#extension/pico/uf2/uf2-file";
import type { Output } from "./output";
import type { Uf2Request } from "./requests";

/** Writes a firmware as UF2, and says what is in it. */
export async function runUf2(request: Uf2Request, output: Output): Promise<void> {
  const image = await readFirmwareImage(request.firmware, request.family);
  const uf2 = uf2Of(image);
  const hasE10Block = uf2.hasE10Block && request.hasE10Block;
  const bytes = encodeUf2({ ...uf2, hasE10Block });
  await writeFile(request.out, bytes).catch((error: unknown) => {
    throw new UserError(
      `${request.out} cannot be written (${error instanceof Error ? error.message : String(error)})`,
      "check the folder and its permissions",
    );
  });
  const extra = hasE10Block ? ", and one against RP2350-E10" : "";
  await output.write(
    `${request.out}: ${image.size} bytes of ${image.name} for the ${image.chip.name} (${image.family}), ` +
      `${image.place} ${hexAddress(image.start)} to ${hexAddress(image.end)}, ${image.pages.length} blocks${extra}\n`,
  );
}
