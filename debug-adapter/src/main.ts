import { resolve } from "node:path";
import { PollscopeSession } from "./session/debug-session";
import { processWorld } from "./session/session-world";

// One session on stdin and stdout, as VS Code and other editors start it. The bundle lies in `dist`, one below the
// package's folder.
new PollscopeSession(processWorld(resolve(__dirname, ".."))).start(process.stdin, process.stdout);
