import { resolve } from "node:path";
import { PollscopeSession } from "./session/debug-session";

// One session on stdin and stdout, as VS Code and other editors start it. The bundle lies in `dist`, one below the
// package's folder.
new PollscopeSession({ packageFolder: resolve(__dirname, ".."), environment: process.env }).start(
  process.stdin,
  process.stdout,
);
