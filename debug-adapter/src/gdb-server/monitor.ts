import { formatInstant, parseDuration } from "../base/duration";
import { nanoseconds } from "../base/brand";
import { UserError } from "../base/errors";
import type { Target } from "../target/target";

/** A command of gdb's `monitor`, for what gdb has no words for. */
export interface MonitorCommand {
  readonly name: string;
  /** What stands behind the name, for the help. */
  readonly parameters?: string;
  readonly description: string;
  /** Resolves with what to print. */
  run(words: readonly string[]): Promise<string>;
}

/** gdb keeps registers and frames that it has read; it is not told of what a `monitor` command moves. */
const REFRESH = "Let gdb look again: maintenance flush register-cache";

/** Commands for what is particular to a target: virtual time, and power-on as a state to go back to. */
export function targetCommands(target: Target): MonitorCommand[] {
  const commands: MonitorCommand[] = [];
  if (target.capabilities.virtualTime) {
    commands.push(
      {
        name: "time",
        description: "the virtual time since power-on",
        run: () => Promise.resolve(now(target)),
      },
      {
        name: "run-until",
        parameters: "TIME",
        description: "runs until a virtual time, such as 1.5s, unless something stops the program before",
        run: (words) => runUntil(target, words),
      },
    );
  }
  if (target.capabilities.snapshots) {
    const start = target.takeSnapshot();
    const restart = () => {
      target.restoreSnapshot(start);
      return Promise.resolve(`${now(target)}. ${REFRESH}`);
    };
    commands.push(
      { name: "restart", description: "goes back to where the server found the program", run: restart },
      // What debug probes' servers call it; the program stands afterwards in any case.
      { name: "reset", parameters: "halt", description: "the same", run: restart },
    );
  }
  return commands;
}

/** Finds and runs a command; what is wrong with it is its output. */
export async function runMonitorCommand(line: string, commands: readonly MonitorCommand[]): Promise<string> {
  const [name = "help", ...words] = line.split(/\s+/).filter((word) => word !== "");
  if (name === "help") return helpText(commands);
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return `There is no command ${name}.\n${helpText(commands)}`;
  try {
    return `${await command.run(words)}\n`;
  } catch (error) {
    if (error instanceof UserError) return `${error.message}\n`;
    throw error;
  }
}

function helpText(commands: readonly MonitorCommand[]): string {
  const rows = commands.map(({ name, parameters, description }) => {
    const usage = parameters === undefined ? name : `${name} ${parameters}`;
    return `  monitor ${usage.padEnd(16)} ${description}\n`;
  });
  return `Commands:\n${rows.join("")}`;
}

async function runUntil(target: Target, [text]: readonly string[]): Promise<string> {
  const until = parseDuration(text ?? "");
  if (until === undefined) return "Write the time as 1.5s, 250ms or 10us.";
  if (until <= target.now) return `It is ${now(target)} already; time runs forward.`;
  const { kind } = await target.resume({ until: nanoseconds(until) });
  return `Stopped (${kind}): ${now(target)}. ${REFRESH}`;
}

function now(target: Target): string {
  return `${formatInstant(target.now)} s`;
}
