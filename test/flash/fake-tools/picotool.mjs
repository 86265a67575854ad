#!/usr/bin/env node
// picotool as its README and sources (2.3.0) describe it: options, progress, texts and exit codes. What happens to it
// is in behaviour.json beside the name it was started by; what it was asked goes to asked.jsonl there.
import { appendFileSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { setImmediate, setInterval } from "node:timers";
import { parseArgs } from "node:util";

const folder = dirname(process.argv[1]);
const { mode = "works" } = JSON.parse(readFileSync(join(folder, "behaviour.json"), "utf8"));
const words = process.argv.slice(2);
appendFileSync(join(folder, "asked.jsonl"), `${JSON.stringify(words)}\n`);

function fail(code, text) {
  process.stdout.write(`ERROR: ${text}\n`);
  process.exit(code & 0xff);
}

const SELECTION = {
  bus: { type: "string" },
  address: { type: "string" },
  ser: { type: "string" },
  force: { type: "boolean", short: "f" },
  "force-no-reboot": { type: "boolean", short: "F" },
};
const ALL = { all: { type: "boolean", short: "a" } };
const OTHERS = {
  info: { options: ALL, files: 0 },
  erase: { options: ALL, files: 0 },
  save: { options: ALL, files: 1 },
  reboot: {
    options: { application: { type: "boolean", short: "a" }, usb: { type: "boolean", short: "u" } },
    files: 0,
  },
};

const command = words[0];
if (Object.hasOwn(OTHERS, command)) {
  const { options, files } = OTHERS[command];
  const { positionals } = parseArgs({
    args: words.slice(1),
    allowPositionals: true,
    options: { ...options, ...SELECTION },
  });
  if (positionals.length !== files) fail(-1, `unexpected argument: ${positionals.at(-1)}`);
  if (mode === "no device") {
    process.stdout.write("No accessible RP-series devices in BOOTSEL mode were found.\n");
    process.exit(249);
  }
  if (command === "info") {
    process.stdout.write(
      "Program Information\n name:          hello_world\n features:      stdout to UART\n binary start:  0x10000000\n\n" +
        "Fixed Pin Information\n none\n\nDevice Information\n flash size:   2048K\n ROM version:  2\n",
    );
  }
  if (command === "erase") await bar("Erasing:              ", 100);
  if (command === "save") await bar("Saving file:          ", 100);
  process.exit(0);
}
if (command !== "load") fail(-1, `unknown command ${command}`);
const { values, positionals } = parseArgs({
  args: words.slice(1),
  allowPositionals: true,
  options: {
    verify: { type: "boolean", short: "v" },
    execute: { type: "boolean", short: "x" },
    type: { type: "string", short: "t" },
    ...SELECTION,
  },
});
if (positionals.length !== 1) fail(-1, "expected a filename");
if (values.type !== "elf") fail(-1, "filename does not have a recognized file type (extension)");
const bytes = readFileSync(positionals[0]);
if (bytes.readUInt32LE(0) !== 0x464c457f) fail(-2, "Not an ELF file");

if (mode === "no device") {
  process.stdout.write(
    `No accessible RP-series devices in BOOTSEL mode were found at bus ${values.bus}, address ${values.address}.\n`,
  );
  process.exit(249);
}
if (mode === "no permission") {
  process.stdout.write("No accessible RP-series devices in BOOTSEL mode were found.\n\nbut:\n\n");
  process.stdout.write(
    "RP2040 device at bus 1, address 14 appears to be in BOOTSEL mode, but picotool was unable to connect. Maybe try 'sudo' or check your permissions.\n",
  );
  process.exit(249);
}

/** A bar as `progress_bar` draws it: 30 wide, ended by a carriage return until it is over. */
async function bar(prefix, until) {
  for (let percent = 0; percent <= until; percent++) {
    const length = Math.floor((30 * percent) / 100);
    process.stdout.write(`${prefix}[${"=".repeat(length)}${" ".repeat(30 - length)}]  ${percent}%\r`);
    await new Promise((done) => setImmediate(done));
  }
}

if (mode === "hangs") {
  await bar("Loading into Flash:   ", 40);
  process.on("SIGTERM", () => process.exit(143));
  setInterval(() => undefined, 1000);
} else if (mode === "unplugged") {
  await bar("Loading into Flash:   ", 57);
  process.stdout.write("\n");
  fail(-9, "The RP-series device returned an error: unknown error");
} else if (mode === "killed") {
  await bar("Loading into Flash:   ", 10);
  process.kill(process.pid, "SIGKILL");
} else {
  await bar("Loading into Flash:   ", 100);
  process.stdout.write("\n");
  if (values.verify) {
    await bar("Verifying Flash:      ", mode === "verify fails" ? 30 : 100);
    process.stdout.write("\n");
    if (mode === "verify fails") fail(-11, "Verify failed");
    process.stdout.write("  OK\n");
  }
  if (values.execute) process.stdout.write("\nThe device was rebooted to start the application.\n");
}
