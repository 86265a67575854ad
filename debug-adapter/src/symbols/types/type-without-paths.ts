/** A type as it is written where everything is imported: `RefMut<Station>` for `core::cell::RefMut<weather::Station>`. */
export function typeWithoutPaths(type: string): string {
  return type.replaceAll(/(?:(?:[A-Za-z_]\w*|\{[^{}]*\})::)+/g, "");
}
