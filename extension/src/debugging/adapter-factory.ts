import { join } from "node:path";
import * as vscode from "vscode";

/**
 * Starts the debug adapter: a process of its own, so that the emulator never blocks the extension host, run by VS
 * Code's own Node, so that users need none. (VS Code itself connects to a running adapter instead where a
 * configuration says `debugServer`.)
 */
export function adapterFactory(extension: string): vscode.DebugAdapterDescriptorFactory {
  const program = join(extension, "dist", "debug-adapter.js");
  return {
    createDebugAdapterDescriptor: () =>
      new vscode.DebugAdapterExecutable(process.execPath, [program], { env: { ELECTRON_RUN_AS_NODE: "1" } }),
  };
}
