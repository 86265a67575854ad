import type { Program } from "../symbols/program";
import type { Type } from "../symbols/types/type";
import { awaitedName } from "./awaited-name";

/** The names of futures by their types, each made once: the same types are met at every stop. */
export class FutureNames {
  private readonly names = new Map<Type, string>();

  constructor(readonly program: Program) {}

  of(type: Type): string {
    let name = this.names.get(type);
    if (name === undefined) {
      name = awaitedName(type, this.program);
      this.names.set(type, name);
    }
    return name;
  }
}
