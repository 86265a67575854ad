import type { Type } from "../symbols/types/type";

/** Keeps what follows from a type alone: names are long and layouts deep, and every value that is shown asks for them. */
export function oncePerType<Word>(wordOf: (type: Type) => Word): (type: Type) => Word {
  const known = new WeakMap<Type, { readonly word: Word }>();
  return (type) => {
    let found = known.get(type);
    if (found === undefined) {
      found = { word: wordOf(type) };
      known.set(type, found);
    }
    return found.word;
  };
}
