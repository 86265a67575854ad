import { execFile } from "node:child_process";

/** A frame as gdb tells it. */
export interface GdbFrame {
  /** 0 where gdb has none to tell. */
  readonly pc: number;
  readonly name: string | undefined;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

const LARGEST_OUTPUT = 1 << 28;
const LONGEST_RUN = 100_000;

/** Runs commands in one gdb, and resolves with what it prints. The process goes on serving it meanwhile. */
export function runGdb(gdb: string, commands: readonly string[]): Promise<string> {
  const args = ["-nx", "-q", "-batch", ...commands.flatMap((command) => ["-ex", command])];
  return new Promise((resolve, reject) => {
    const env = { ...process.env, LC_ALL: "C", DEBUGINFOD_URLS: "" };
    const options = { env, maxBuffer: LARGEST_OUTPUT, timeout: LONGEST_RUN };
    execFile(gdb, args, options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout + stderr);
      else reject(new Error(`${error.message}\n${stdout}\n${stderr}`, { cause: error }));
    });
  });
}

/** Settings without which gdb leaves out frames or asks questions. */
export const GDB_SETTINGS = [
  "set confirm off",
  "set pagination off",
  "set width 0",
  "set backtrace past-main on",
];

/** The frames of a line of gdb's machine interface: `^done,stack=[frame={level="0",addr="0x10000204",…},…]`. */
export function parseStack(line: string): GdbFrame[] {
  const frames: GdbFrame[] = [];
  for (const [, text] of line.matchAll(/frame=\{((?:[^"{}]|"(?:[^"\\]|\\.)*")*)\}/g)) {
    const fields = new Map(
      Array.from(text!.matchAll(/([\w-]+)="((?:[^"\\]|\\.)*)"/g), ([, name, value]) => [
        name!,
        value!.replaceAll(/\\(.)/g, "$1"),
      ]),
    );
    const number = fields.get("line");
    frames.push({
      pc: Number(fields.get("addr") ?? 0),
      name: fields.get("func"),
      file: fields.get("fullname") ?? fields.get("file"),
      line: number === undefined ? undefined : Number(number),
    });
  }
  return frames;
}
