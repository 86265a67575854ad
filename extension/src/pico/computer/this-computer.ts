import { constants } from "node:fs";
import { open, readdir, readFile, realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { loadUsbLibrary } from "../usb/usb-library";
import type { UsbAccess } from "../usb/usb-transport";
import type { Computer, OpenFile } from "./computer";
import { freePort } from "./free-port";
import { runProgram, streamProgram } from "./run-program";

/** The machine that Pollscope runs on. */
export function thisComputer(): Computer {
  let usb: UsbAccess | undefined;
  return {
    platform: PLATFORMS[process.platform] ?? "linux",
    environment: process.env,
    readText: (path) => readFile(path, "utf8").catch(() => undefined),
    list: async (folder) => (await readdir(folder).catch(() => [])).sort(),
    resolve: (path) => realpath(path).catch(() => undefined),
    create: createFile,
    hold: holdDevice,
    run: runProgram,
    stream: streamProgram,
    usb: () => (usb ??= loadUsbLibrary([__dirname, join(homedir(), ".pollscope")])),
    freePort,
    now: () => performance.now(),
    sleep: async (milliseconds, signal) => {
      try {
        await delay(milliseconds, undefined, { signal });
      } catch {
        signal.throwIfAborted();
      }
    },
  };
}

const PLATFORMS: Readonly<Partial<Record<NodeJS.Platform, Computer["platform"]>>> = {
  linux: "linux",
  darwin: "macos",
  win32: "windows",
};

async function createFile(path: string): Promise<OpenFile> {
  const file = await open(path, "w");
  return {
    write: async (bytes) => {
      for (let done = 0; done < bytes.length;) done += (await file.write(bytes, done)).bytesWritten;
    },
    sync: () => file.sync(),
    close: () => file.close(),
  };
}

/** Without waiting for a carrier, and without becoming the terminal of this process. */
async function holdDevice(path: string): Promise<(() => Promise<void>) | undefined> {
  const { O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;
  const file = await open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY).catch(() => undefined);
  // A device that was pulled out may fail to be closed.
  return file && (() => file.close().catch(() => undefined));
}
