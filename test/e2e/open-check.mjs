import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

const { fetch } = globalThis;

const NAME = "npm run vscode serves VS Code to who has its token, and leaves nothing behind";

/** Checks `npm run vscode` where there is no desktop VS Code: it serves this machine only, until it is interrupted. */
export async function checkOpen({ wanted, onOutcome }) {
  if (!NAME.includes(wanted)) return;
  const folder = mkdtempSync(join(tmpdir(), "pollscope-open-"));
  const program = spawn(process.execPath, [join(import.meta.dirname, "open.mjs"), "--browser"], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => program.once("exit", resolve));
  try {
    const url = await announcedAddress(program);
    assert.equal(url.hostname, "127.0.0.1");
    assert.equal((await fetch(url.origin)).status, 403);
    // The token becomes a cookie, and the address another one without it.
    const door = await fetch(url, { redirect: "manual" });
    const cookie = door.headers.get("set-cookie").split(";")[0];
    const page = await fetch(new URL(door.headers.get("location"), url), { headers: { cookie } });
    assert.equal(page.status, 200);
    assert.match(await page.text(), /vscode-workbench/);
    program.kill("SIGINT");
    assert.equal(await ended, 0);
    assert.deepEqual(readdirSync(folder), []);
    onOutcome({ name: NAME, error: null });
  } catch (error) {
    onOutcome({ name: NAME, error: error instanceof Error ? error.message : String(error) });
  } finally {
    program.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function announcedAddress(program) {
  for await (const line of createInterface(program.stdout)) {
    const address = /^\s+(http:\S+)$/.exec(line)?.[1];
    if (address !== undefined) return new URL(address);
  }
  throw new Error("it has ended without an address");
}
