import type { Flashed, FlashProgress } from "./flashing";

const STEPS: Readonly<Record<FlashProgress["step"], string>> = {
  restarting: "sending the board to BOOTSEL mode",
  mounting: "mounting its drive",
  writing: "writing",
  verifying: "verifying",
  starting: "starting the program",
};

/** `writing 31 %` */
export function progressText({ step, fraction }: FlashProgress): string {
  return fraction === undefined ? STEPS[step] : `${STEPS[step]} ${Math.floor(100 * fraction)} %`;
}

/** What is known of the board afterwards, in one sentence. */
export function flashedText(name: string, { checked, isRunning, route }: Flashed): string {
  const who = route === "picoboot" ? "Pollscope" : route;
  const how = {
    "blocks counted": "the boot ROM has every block",
    "read back": `${who} has read it back`,
    written: `${who} has written it`,
  }[checked];
  return `${name} is in the board (${how})${isRunning ? " and runs" : ""}.`;
}
