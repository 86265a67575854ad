#!/usr/bin/env node
// probe-rs as its sources (0.32) describe it, and as it is without a probe (test/golden/flash/probe-rs-0.32): options,
// texts and exit codes. Its board is an emulated Pico. What happens to it is in behaviour.json
// beside the name it was started by; what it was asked goes to asked.jsonl there.
import { spawn } from "node:child_process";
import { appendFileSync, copyFileSync, readFileSync, watch } from "node:fs";
import { dirname, join } from "node:path";
import { setInterval } from "node:timers";
import { parseArgs } from "node:util";

const folder = dirname(process.argv[1]);
const { mode = "works", pollscope } = JSON.parse(readFileSync(join(folder, "behaviour.json"), "utf8"));
const words = process.argv.slice(2);
appendFileSync(join(folder, "asked.jsonl"), `${JSON.stringify(words)}\n`);

/** As anyhow prints an error with its causes. */
function fail(error, ...causes) {
  process.stderr.write(`Error: ${error}\n`);
  if (causes.length > 0)
    process.stderr.write(`\nCaused by:\n${causes.map((each, i) => `    ${i}: ${each}\n`).join("")}`);
  process.exit(1);
}

const [command, ...rest] = words;
const COMMON = {
  chip: { type: "string" },
  probe: { type: "string" },
  "non-interactive": { type: "boolean" },
};
const OPTIONS = {
  list: {},
  download: { ...COMMON, "disable-progressbars": { type: "boolean" }, verify: { type: "boolean" } },
  reset: COMMON,
  gdb: { ...COMMON, "gdb-connection-string": { type: "string" }, "reset-halt": { type: "boolean" } },
};
if (!Object.hasOwn(OPTIONS, command)) {
  process.stderr.write(`error: unrecognized subcommand '${command}'\n`);
  process.exit(2);
}
const { values, positionals } = parseArgs({
  args: rest,
  options: OPTIONS[command],
  allowPositionals: command === "download",
});
if (command === "list") {
  if (mode === "no probe") process.stdout.write("No debug probes were found.\n");
  else {
    process.stdout.write("The following debug probes were found:\n");
    process.stdout.write("[0]: Debugprobe on Pico (CMSIS-DAP) -- 2e8a:000c:E6614 (CMSIS-DAP)\n");
    process.stdout.write("[1]: Dual RS232-HS -- 0403:6010-1: (FTDI)\n");
    process.stdout.write("[2]: J-Link -- 1366:0101:000123 (J-Link) (inaccessible)\n");
  }
  process.exit(0);
}
if (command === "download") copyFileSync(positionals[0], join(folder, "flash.elf"));
if (!["RP2040", "RP235x", "RP235x_riscv"].includes(values.chip))
  fail(`The chip '${values.chip}' was not found in the database`);

switch (mode) {
  case "no probe":
    process.stderr.write(
      " WARN probe_rs::util::setup_hints::linux: If your probe is plugged in but not listed, or shown as inaccessible, it is most likely a permissions problem.\n",
    );
    fail("No connected probes were found.");
    break;
  case "in use":
    fail("Probe is already in use");
    break;
  case "no permission":
    process.stderr.write(
      " WARN probe_rs::util::setup_hints: If your probe is plugged in but not listed, or shown as inaccessible, it is most likely a permissions problem.\n",
    );
    fail("Failed to open probe: Access denied");
    break;
  case "no target":
    fail(
      "Connecting to the chip was unsuccessful: An ARM specific error occurred.",
      "The debug probe encountered an error.",
      "No ACK received from target.",
    );
    break;
  case "unplugged":
    fail(
      "Failed to flash the program",
      "The RTT operation could not be completed",
      "USB Communication Error: device disconnected",
    );
    break;
  case "hangs":
    process.stderr.write("started\n");
    setInterval(() => undefined, 1000);
    break;
  default:
    if (command === "download") process.stderr.write("     Finished in 1.21s\n");
    if (command === "gdb") serveGdb(values["gdb-connection-string"] ?? "localhost:1337");
}

/** Its gdb server, for what was downloaded last. */
function serveGdb(address) {
  const words = [pollscope, "gdb-server", join(folder, "flash.elf"), "--port", address.split(":").at(-1)];
  const server = spawn(process.execPath, words, { stdio: ["ignore", "pipe", "inherit"] });
  server.stdout.once("data", () =>
    process.stdout.write(`Firing up GDB stub for Armv6m cores at [${address}]\n`),
  );
  server.once("exit", (code) => process.exit(code ?? 1));
  process.once("SIGTERM", () => server.kill("SIGTERM"));
  // A probe that is pulled out takes its server with it.
  watch(join(folder, "behaviour.json"), () => {
    if (readFileSync(join(folder, "behaviour.json"), "utf8").includes("unplugged")) server.kill("SIGKILL");
  });
}
