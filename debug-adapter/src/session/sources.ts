import { existsSync } from "node:fs";

/** Which source files are on this machine. */
export class Sources {
  private readonly known = new Map<string, boolean>();

  isHere(path: string): boolean {
    let isHere = this.known.get(path);
    if (isHere === undefined) {
      isHere = existsSync(path);
      this.known.set(path, isHere);
    }
    return isHere;
  }
}
