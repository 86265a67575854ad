import { PAGE_SIZE } from "../uf2/block";
import { type FirmwareImage, type Page, SECTOR_SIZE } from "../uf2/firmware-image";

/** Pages that follow on each other. */
export interface Run {
  readonly address: number;
  readonly bytes: Uint8Array;
}

/** A sector and what goes into it. */
export interface SectorPlan {
  readonly address: number;
  readonly runs: readonly Run[];
}

/** The sectors that a program touches, by address. */
export function sectorsOf({ pages }: Pick<FirmwareImage, "pages">): SectorPlan[] {
  const sectors = new Map<number, Page[]>();
  for (const page of pages) {
    const sector = page.address - (page.address % SECTOR_SIZE);
    sectors.set(sector, [...(sectors.get(sector) ?? []), page]);
  }
  return [...sectors].map(([address, inside]) => ({ address, runs: runsOf(inside) }));
}

function runsOf(pages: readonly Page[]): Run[] {
  const groups: Page[][] = [];
  for (const page of pages) {
    const group = groups.at(-1);
    if (group !== undefined && group.at(-1)!.address + PAGE_SIZE === page.address) group.push(page);
    else groups.push([page]);
  }
  return groups.map((group) => {
    const bytes = new Uint8Array(group.length * PAGE_SIZE);
    group.forEach((page, i) => bytes.set(page.bytes, i * PAGE_SIZE));
    return { address: group[0]!.address, bytes };
  });
}
