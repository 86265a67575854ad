import * as vscode from "vscode";
import type { Board, ProbeBoard } from "../pico/boards/board";
import { findBoards } from "../pico/boards/find-boards";
import { listProbes, withProbes } from "../pico/boards/probe-list";
import { isLookCheap } from "../pico/boards/usb-devices";
import type { Computer } from "../pico/computer/computer";
import { setting } from "../platform/settings";
import { type WatchedLooks, watchedLooks } from "./watched-looks";

/** Milliseconds between two looks that read some small files, and between two that start programs. */
const LOOK_EVERY = 2000;
const DEAR_LOOK_EVERY = 5000;

/** Milliseconds for probe-rs to list the probes. */
const ANSWER_TIME = 5000;

/** The boards that are attached, looked for while somebody watches, and whenever a command asks. */
export class AttachedBoards implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  private readonly looks: WatchedLooks;
  private known = "";
  private looking: Promise<readonly Board[]> | undefined;
  private probes: readonly ProbeBoard[] = [];
  /** As of the last look. */
  all: readonly Board[] = [];
  readonly onDidChange = this.changed.event;

  constructor(private readonly computer: Computer) {
    const rest = isLookCheap(computer) ? LOOK_EVERY : DEAR_LOOK_EVERY;
    this.looks = watchedLooks(() => this.look(), rest);
  }

  /** Keeps `all` true until it is disposed of. */
  watch(): { dispose(): void } {
    return this.looks.watch();
  }

  /** Looks now, and asks probe-rs too, which would disturb probes in use if it were asked again and again. */
  async lookClosely(): Promise<readonly Board[]> {
    if (!vscode.workspace.isTrusted) return this.all;
    this.probes = await listProbes(this.computer, AbortSignal.timeout(ANSWER_TIME)).catch(() => []);
    return this.look();
  }

  /** Looks now, or takes the look that is under way. */
  look(): Promise<readonly Board[]> {
    this.looking ??= this.lookOnce().finally(() => (this.looking = undefined));
    return this.looking;
  }

  private async lookOnce(): Promise<readonly Board[]> {
    // A restricted workspace may have set the folders to look in.
    if (!vscode.workspace.isTrusted) return this.all;
    const found = await findBoards(this.computer, { driveFolders: setting("boards.driveFolders") });
    this.all = withProbes(found, this.probes);
    const now = JSON.stringify(this.all);
    if (now !== this.known) this.changed.fire();
    this.known = now;
    return this.all;
  }

  dispose(): void {
    this.looks.dispose();
    this.changed.dispose();
  }
}
