import { basename } from "node:path";
import { startGdbServer } from "#adapter/gdb-server/tcp-server";
import { launch } from "./launch";
import { noteProblems, type Output } from "./output";
import type { GdbServerRequest } from "./requests";

/** Lets gdb debug a firmware in the emulated Pico, until Ctrl-C. */
export async function runGdbServer(request: GdbServerRequest, output: Output): Promise<void> {
  const debuggee = await launch(request, { isObserved: false });
  noteProblems(output, debuggee.problems);
  const ended = endOfServer();
  const server = await startGdbServer({
    target: debuggee.target,
    port: request.port,
    onConnect: (client) => output.note(`gdb is connected from ${client}.`),
    onDisconnect: () => output.note("gdb has gone; the program stands where it was left."),
    onFault: ended.fail,
  });
  try {
    await output.write(
      [
        `${basename(request.firmware)} stands at power-on in an emulated Pico. In gdb-multiarch or arm-none-eabi-gdb:`,
        "",
        `  file ${request.firmware}`,
        `  target remote :${server.port}`,
        "  monitor help",
        "",
        "Ctrl-C ends the server.",
        "",
      ].join("\n"),
    );
    await ended.promise;
  } finally {
    await server.close();
    debuggee.dispose();
  }
}

/** Resolves on Ctrl-C, and fails on a fault of ours. */
function endOfServer(): { readonly promise: Promise<void>; readonly fail: (error: unknown) => void } {
  let fail: (error: unknown) => void = () => undefined;
  const promise = new Promise<void>((resolve, reject) => {
    process.once("SIGINT", () => resolve());
    fail = reject;
  });
  return { promise, fail };
}
