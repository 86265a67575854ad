import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, expect, it } from "vitest";
import { startPollscope } from "#test/cli/pollscope";
import { describeWithTool } from "#test/helpers/tool";

const DEFMT = "test/firmware/defmt-log/prebuilt/defmt-log-release.elf";
const SENT = "test/golden/logs/defmt-log-release.rtt";
const DECODED = "test/golden/logs/defmt-log-release.jsonl";

const folder = mkdtempSync(join(tmpdir(), "pollscope-console-"));
afterAll(() => rmSync(folder, { recursive: true }));

describeWithTool("python3", "pollscope console at a pseudo-terminal", (python) => {
  /** A port, and what is written to it; closing it is the board going away. */
  async function openPort() {
    const terminal = spawn(python, ["test/helpers/pseudo-terminal.py"], {
      stdio: ["pipe", "pipe", "inherit"],
    });
    const [path] = (await once(createInterface(terminal.stdout), "line")) as [string];
    return {
      path,
      say: (bytes: Uint8Array | string) => terminal.stdin.write(bytes),
      close: () => terminal.kill(),
    };
  }

  /** The lines of one output as they come. */
  function linesOf(child: ChildProcess, output: "stdout" | "stderr") {
    const lines: string[] = [];
    const waiting = new Set<() => void>();
    createInterface(child[output]!).on("line", (line) => {
      lines.push(line);
      for (const wake of waiting) wake();
    });
    const until = async (count: number) => {
      while (lines.length < count) {
        await new Promise<void>((wake) => waiting.add(wake));
      }
      return lines;
    };
    return { lines, until };
  }

  async function endOf(child: ChildProcess): Promise<number | null> {
    const closed = once(child, "close") as Promise<[number | null]>;
    child.kill("SIGINT");
    return (await closed)[0];
  }

  it("shows lines of text, those that are wanted, and keeps all", async () => {
    const port = await openPort();
    const saved = join(folder, "lines.txt");
    const child = startPollscope(["console", "--port", port.path, "--filter", "temp", "--save", saved]);
    const [out, notes] = [linesOf(child, "stdout"), linesOf(child, "stderr")];
    await notes.until(1);
    expect(notes.lines).toEqual([`Listening to ${port.path}. Ctrl-C ends.`]);
    port.say("temp 21.5\r\nhumidity 40\r\ntemp 21.6 \u00b0C\r\n");
    expect(await out.until(2)).toEqual(["temp 21.5", "temp 21.6 \u00b0C"]);
    expect(await endOf(child)).toBe(0);
    expect(readFileSync(saved, "utf8")).toBe("temp 21.5\nhumidity 40\ntemp 21.6 \u00b0C\n");
    port.close();
  });

  it("says when lines came, if it is asked", async () => {
    const port = await openPort();
    const child = startPollscope(["console", "--port", port.path, "--times"]);
    const [out, notes] = [linesOf(child, "stdout"), linesOf(child, "stderr")];
    await notes.until(1);
    port.say("hello\n");
    expect((await out.until(1))[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} {2}hello$/);
    await endOf(child);
    port.close();
  });

  it("waits for a board that goes away", async () => {
    const port = await openPort();
    const child = startPollscope(["console", "--port", port.path]);
    const notes = linesOf(child, "stderr");
    await notes.until(1);
    port.close();
    expect((await notes.until(2))[1]).toBe("The board has gone away; waiting for it.");
    expect(await endOf(child)).toBe(0);
  });

  it("decodes what a firmware says through defmt, as defmt-decoder does", async () => {
    const port = await openPort();
    const child = startPollscope(["console", DEFMT, "--port", port.path, "--defmt"]);
    const [out, notes] = [linesOf(child, "stdout"), linesOf(child, "stderr")];
    await notes.until(1);
    const expected = readFileSync(DECODED, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as [string | null, string | null, string, number, string])
      .flatMap(([level, time, , , text]) =>
        [time, (level ?? "").toUpperCase().padEnd(5), text]
          .filter((part) => part !== null)
          .join("  ")
          .split("\n"),
      );
    port.say(readFileSync(SENT));
    const lines = await out.until(expected.length);
    expected.forEach((text, i) => expect(lines[i]!.slice(0, text.length)).toBe(text));
    await endOf(child);
    port.close();
  });
});
