import type { Address } from "../base/brand";
import { bodyBeginnings } from "./breakpoints/body-beginnings";
import { FunctionIndex } from "./breakpoints/function-sites";
import type { Debuggee } from "./debuggee";
import type { Firmware } from "./firmware";
import type { Movement } from "./run-control/movement";
import { programCode } from "./stepping/program-code";

/** What cortex-m-rt's `#[entry]` calls the user's `main`, and what the linker calls the function that calls it. */
const PLAIN_MAINS = ["__cortex_m_rt_main", "main"];

/**
 * Runs until the user's `main` begins: of `async fn main` the first line of its body, which is when it is polled first.
 * Firmware without any stands where the core begins.
 */
export function runToMain({ firmware }: Pick<Debuggee, "firmware">): Movement {
  return async (runner) => {
    const places = mainsOf(firmware).map((address) => ({ address }));
    if (places.length === 0) return { kind: "entry" };
    const end = await runner.runTo(places);
    return end.kind === "stopped" ? end.cause : { kind: "entry" };
  };
}

function mainsOf(firmware: Firmware): Address[] {
  const { program, elf } = firmware;
  const code = programCode(firmware);
  const bodies = program.asyncFunctions.tasks.filter(({ task }) => task?.name === "main");
  const begins = bodies.flatMap((body) => bodyBeginnings(body, [], code));
  if (begins.length > 0) return begins.map(({ address }) => address);
  const index = new FunctionIndex(program, elf, code);
  for (const name of [...bodies.map((each) => each.name), ...PLAIN_MAINS]) {
    const sites = index.sitesOf(name)?.sites ?? [];
    if (sites.length > 0) return sites.map(({ address }) => address);
  }
  return [];
}
