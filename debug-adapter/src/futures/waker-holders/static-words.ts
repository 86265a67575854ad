import { pathComponents } from "../../symbols/types/type-name";
import type { StaticSymbol } from "../../values/symbol-lookup";

/** What wakes through the wakers of embassy-rp's tables, one per pin or channel. */
const TABLES: readonly { readonly name: string; readonly wakes: string }[] = [
  { name: "embassy_rp::gpio::BANK0_WAKERS", wakes: "GPIO" },
  { name: "embassy_rp::gpio::QSPI_WAKERS", wakes: "QSPI pin" },
  { name: "embassy_rp::dma::CHANNEL_WAKERS", wakes: "DMA channel" },
];

/**
 * A place in a static as a reader knows it: the user's own statics by their last name, others by their full path; of the
 * tables of wakers also what they are for: `embassy_rp::gpio::BANK0_WAKERS[15] (GPIO 15)`.
 *
 * @param path from the static to the place: `.receiver_waker`
 */
export function staticWords({ name, declaration }: StaticSymbol, path: string): string {
  const components = pathComponents(name).filter((component) => !component.startsWith("{"));
  const isOwn = declaration?.file.origin.kind === "own";
  const shown = (isOwn ? components.at(-1) : components.join("::")) ?? name;
  const table = TABLES.find((each) => each.name === name);
  const index = /^\[(\d+)\]/.exec(path)?.[1];
  const meaning = table === undefined || index === undefined ? "" : ` (${table.wakes} ${index})`;
  return shown + path + meaning;
}
