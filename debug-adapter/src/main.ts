import { PollscopeSession } from "./session/debug-session";

// One session on stdin and stdout, as VS Code and other editors start it.
new PollscopeSession().start(process.stdin, process.stdout);
