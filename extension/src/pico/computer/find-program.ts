import { join } from "node:path";
import type { Computer } from "./computer";

/** Programs of others that can flash a board. */
export type ToolName = "picotool" | "probe-rs";

/**
 * Where a tool is: on the path, or where its installer puts it, which a VS Code that was started from a menu often
 * does not have on its path. Undefined if it is nowhere.
 */
export async function findTool(computer: Computer, tool: ToolName): Promise<string | undefined> {
  const name = computer.platform === "windows" ? `${tool}.exe` : tool;
  for (const folder of [...pathFolders(computer), ...(await ownFolders(computer, tool))]) {
    if ((await computer.resolve(join(folder, name))) !== undefined) return join(folder, name);
  }
  return undefined;
}

function pathFolders({ environment, platform }: Computer): string[] {
  const path = environment["PATH"] ?? environment["Path"] ?? "";
  return path.split(platform === "windows" ? ";" : ":").filter((folder) => folder !== "");
}

/** cargo's folder for programs; the one into which Raspberry Pi's own extension puts picotool, by version. */
async function ownFolders(computer: Computer, tool: ToolName): Promise<string[]> {
  const home = computer.environment["HOME"] ?? computer.environment["USERPROFILE"];
  if (home === undefined) return [];
  if (tool === "probe-rs") return [join(computer.environment["CARGO_HOME"] ?? join(home, ".cargo"), "bin")];
  const versions = join(home, ".pico-sdk", "picotool");
  return [...(await computer.list(versions))].reverse().map((version) => join(versions, version, "picotool"));
}
