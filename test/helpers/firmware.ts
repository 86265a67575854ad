import { existsSync, readdirSync } from "node:fs";

/** Folders of ELF files that are kept in the repository. */
const FOLDERS = ["samples/prebuilt", "test/firmware/prebuilt"];

/** Repository-relative paths of all prebuilt ELF files, sorted. Tests run in the repository's root. */
export function firmwareFiles(): string[] {
  const files = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith(".elf"))
      .sort()
      .map((name) => `${folder}/${name}`),
  );
  if (files.length === 0) throw new Error(`There is no ELF file in ${FOLDERS.join(" or ")}: npm run samples`);
  return files;
}
