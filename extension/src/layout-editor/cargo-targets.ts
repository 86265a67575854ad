import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { projectOf } from "../cargo/find-projects";
import { readProject } from "../debugging/cargo-tools";
import { type BuiltProgram, findBuiltPrograms, profileFolders } from "../layouts/built-programs";

/** Cargo writes many files at the end of a build; so long after the last of them they are looked at, in milliseconds. */
const QUIET = 250;

/** What cargo has built in the projects of this window: found once, and again when it changes. */
export class CargoTargets implements vscode.Disposable {
  private readonly targets = new Map<string, Promise<string>>();
  private readonly programs = new Map<string, Promise<readonly BuiltProgram[]>>();
  private readonly watchers = new Map<string, vscode.Disposable>();
  private readonly changed = new vscode.EventEmitter<undefined>();
  private timer: NodeJS.Timeout | undefined;
  /** Fires when a program may have been built, or cleaned away. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly log: vscode.LogOutputChannel) {}

  /** The programs of the project that a file is in, the newest first; none where the file is in no project. */
  async ofFile(file: string): Promise<readonly BuiltProgram[]> {
    const open = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file))?.uri.fsPath;
    const project = open === undefined ? undefined : projectOf(file, open);
    return project === undefined ? [] : this.ofProject(project);
  }

  /** The programs of the open folders, the newest first. */
  async ofWorkspace(): Promise<readonly BuiltProgram[]> {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === "file");
    const projects = folders.flatMap(
      ({ uri }) => projectOf(join(uri.fsPath, "Cargo.toml"), uri.fsPath) ?? [],
    );
    const all = new Set([...projects, ...this.targets.keys()]);
    const found = await Promise.all([...all].map((each) => this.ofProject(each)));
    const byElf = new Map(found.flat().map((each) => [each.elf, each]));
    return [...byElf.values()].sort((a, b) => b.modified - a.modified);
  }

  /** Looks again at what has been built. */
  refresh(): void {
    this.programs.clear();
    this.changed.fire(undefined);
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const watcher of this.watchers.values()) watcher.dispose();
    this.changed.dispose();
  }

  private async ofProject(project: string): Promise<readonly BuiltProgram[]> {
    let target = this.targets.get(project);
    if (target === undefined) {
      target = this.targetOf(project);
      this.targets.set(project, target);
    }
    return this.inTarget(await target);
  }

  private inTarget(target: string): Promise<readonly BuiltProgram[]> {
    let found = this.programs.get(target);
    if (found === undefined) {
      found = findBuiltPrograms(target);
      this.programs.set(target, found);
      void this.watchTarget(target);
    }
    return found;
  }

  /** Cargo itself knows where it builds; where it may not be run, or cannot, it is where it is by default. */
  private async targetOf(project: string): Promise<string> {
    if (vscode.workspace.isTrusted) {
      try {
        return (await readProject(project, new AbortController().signal)).targetDirectory;
      } catch (error) {
        this.log.debug(
          `the target folder is guessed: ${error instanceof Error ? error.message : String(error)}`,
        );
      }
    }
    return join(project, "target");
  }

  private async watchTarget(target: string): Promise<void> {
    const profiles = await profileFolders(target);
    this.watch(target);
    for (const profile of profiles) {
      if (dirname(profile) !== target) this.watch(dirname(profile));
      this.watch(profile);
      this.watch(join(profile, "examples"));
    }
  }

  /** The files of a folder, and not what is below: `deps` and `build` are of no interest, and large. */
  private watch(folder: string): void {
    if (this.watchers.has(folder)) return;
    const watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.file(folder), "*"),
    );
    const changed = () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.refresh(), QUIET);
    };
    const listeners = [
      watcher.onDidChange(changed),
      watcher.onDidCreate(changed),
      watcher.onDidDelete(changed),
    ];
    this.watchers.set(folder, vscode.Disposable.from(watcher, ...listeners));
  }
}
