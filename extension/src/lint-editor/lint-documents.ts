import * as vscode from "vscode";
import type { BuiltFile } from "../layouts/judge-findings";
import type { LintCode } from "../lints/finding";
import { fileOf, toDiagnostic, toUri } from "./lint-diagnostics";
import type { FromLinter, ShownFinding } from "./lint-messages";
import { isLintingEnabled, lintSettings } from "./lint-settings";
import { LintThread } from "./lint-thread";

interface Findings {
  readonly version: number;
  readonly findings: readonly ShownFinding[];
}

/** What builds tell of documents. */
export interface BuiltFiles {
  readonly onDidChange: vscode.Event<unknown>;
  /** What the last build tells of a document; undefined where there is none. */
  of(document: vscode.TextDocument): Promise<BuiltFile | undefined>;
}

export interface LintDocumentsOptions {
  /** The folder of the extension. */
  readonly extension: string;
  readonly pageOf: (code: LintCode) => vscode.Uri;
  readonly builtFiles: BuiltFiles;
  readonly log: vscode.LogOutputChannel;
}

/** Open Rust documents, and what is wrong in each as it stands. */
export class LintDocuments implements vscode.Disposable {
  private readonly collection = vscode.languages.createDiagnosticCollection("pollscope-lints");
  private readonly thread: LintThread;
  private readonly known = new Map<string, Findings>();
  /** Folders whose settings the thread has, by their names for it. */
  private readonly configured = new Set<string>();
  private readonly opened = new Set<string>();
  private readonly subscriptions: vscode.Disposable[] = [];

  constructor(private readonly options: LintDocumentsOptions) {
    this.thread = new LintThread(options.extension, {
      onMessage: (message) => this.take(message),
      onDied: (error, isFinal) => this.startAgain(error, isFinal),
    });
    this.subscriptions.push(
      vscode.workspace.onDidOpenTextDocument((document) => this.open(document)),
      vscode.workspace.onDidChangeTextDocument((event) => this.change(event)),
      vscode.workspace.onDidCloseTextDocument((document) => this.close(document)),
      vscode.workspace.onDidChangeConfiguration((event) => this.configureAgain(event)),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.openAll()),
      options.builtFiles.onDidChange(() => this.tellAllBuilt()),
      this.watchFiles(),
    );
    this.openAll();
  }

  /** What is wrong in a document as it is now; empty as long as that is not known. */
  findings(document: vscode.TextDocument): readonly ShownFinding[] {
    const known = this.known.get(fileOf(document));
    return known?.version === document.version ? known.findings : [];
  }

  private watchFiles(): vscode.Disposable {
    const watcher = vscode.workspace.createFileSystemWatcher("**/{*.rs,Cargo.toml,Cargo.lock}");
    const tell = (uri: vscode.Uri) => {
      const isBuilt = /[\\/]target[\\/]/.test(uri.fsPath);
      if (this.opened.size > 0 && !isBuilt) this.thread.post({ kind: "saved-elsewhere", file: uri.fsPath });
    };
    watcher.onDidChange(tell);
    watcher.onDidCreate(tell);
    watcher.onDidDelete(tell);
    return watcher;
  }

  private openAll(): void {
    for (const document of vscode.workspace.textDocuments) {
      this.close(document);
      this.open(document);
    }
  }

  private open(document: vscode.TextDocument): void {
    const { uri, languageId, version } = document;
    if (languageId !== "rust" || (uri.scheme !== "file" && uri.scheme !== "untitled")) return;
    if (!isLintingEnabled(document)) return;
    const folder = this.folderOf(document);
    this.opened.add(fileOf(document));
    this.thread.post({ kind: "open", folder, file: fileOf(document), version, text: document.getText() });
    void this.tellBuilt(document);
  }

  private tellAllBuilt(): void {
    for (const document of vscode.workspace.textDocuments) {
      if (this.opened.has(fileOf(document))) void this.tellBuilt(document);
    }
  }

  /** Findings do not wait for the build: they are looked at again once it is known. */
  private async tellBuilt(document: vscode.TextDocument): Promise<void> {
    try {
      const built = await this.options.builtFiles.of(document);
      const file = fileOf(document);
      if (this.opened.has(file)) this.thread.post({ kind: "built", file, built: built ?? null });
    } catch (error) {
      this.options.log.error(
        `The build cannot be asked: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
      );
    }
  }

  private folderOf(document: vscode.TextDocument): string {
    const uri = vscode.workspace.getWorkspaceFolder(document.uri)?.uri;
    const folder = uri?.toString() ?? "";
    if (!this.configured.has(folder)) {
      this.configured.add(folder);
      this.thread.post({ kind: "configure", folder, settings: lintSettings(uri) });
    }
    return folder;
  }

  private change({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
    const file = fileOf(document);
    if (!this.opened.has(file) || contentChanges.length === 0) return;
    const changes = contentChanges.map(({ rangeOffset, rangeLength, text }) => ({
      offset: rangeOffset,
      length: rangeLength,
      text,
    }));
    this.thread.post({ kind: "change", file, version: document.version, changes });
  }

  private close(document: vscode.TextDocument): void {
    const file = fileOf(document);
    if (!this.opened.delete(file)) return;
    this.known.delete(file);
    this.collection.delete(document.uri);
    this.thread.post({ kind: "close", file });
  }

  private configureAgain(event: vscode.ConfigurationChangeEvent): void {
    if (!event.affectsConfiguration("pollscope.lints")) return;
    for (const folder of this.configured) {
      const scope = folder === "" ? undefined : vscode.Uri.parse(folder);
      this.thread.post({ kind: "configure", folder, settings: lintSettings(scope) });
    }
    if (event.affectsConfiguration("pollscope.lints.enabled")) this.openAll();
  }

  private take(message: FromLinter): void {
    if (message.kind === "fault") {
      this.options.log.error(`Lints failed in ${message.file}: ${message.message}`);
      return;
    }
    const { file, version, findings } = message;
    if (!this.opened.has(file)) return;
    const uri = toUri(file);
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri.toString());
    // What is typed meanwhile is on its way, and its findings after it.
    if (document?.version !== version) return;
    this.known.set(file, { version, findings });
    this.collection.set(
      uri,
      findings.map((each) => toDiagnostic(each, this.options.pageOf)),
    );
  }

  private startAgain(error: Error, isFinal: boolean): void {
    this.options.log.error(`The thread that lints has ended: ${error.stack ?? error.message}`);
    this.collection.clear();
    this.known.clear();
    this.configured.clear();
    this.opened.clear();
    if (!isFinal) this.openAll();
  }

  dispose(): void {
    for (const each of this.subscriptions) each.dispose();
    this.collection.dispose();
    this.thread.dispose();
  }
}
