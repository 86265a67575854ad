/** What stands before the function in which a firmware begins. */
const ENTRY =
  /^\s*#\[\s*(?:embassy_executor::main|(?:cortex_m_rt::|rp235x_hal::|rp2040_hal::|hal::|bsp::)?entry)\b/;

/** The first line, from 0, of the `main` of a firmware in a Rust file; undefined if there is none. */
export function mainLine(lines: readonly string[]): number | undefined {
  const attribute = lines.findIndex((line) => ENTRY.test(line));
  return attribute < 0 ? undefined : attribute;
}
