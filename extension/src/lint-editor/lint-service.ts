import { type BuiltFile, judgeFindings } from "../layouts/judge-findings";
import { Crates } from "../lints/crates";
import type { LintFinding } from "../lints/finding";
import { LineIndex } from "../lints/line-index";
import { Linter } from "../lints/linter";
import type { Rule } from "../lints/rule";
import { readSource, rustFilesIn } from "../lints/rust-files";
import type { ParseRust } from "../lints/syntax/rust-parser";
import type { DocumentChange, FromLinter, ShownFinding, ShownRange, ToLinter } from "./lint-messages";

/** A crate's other files are read to know what they declare; one with more is known in part. */
const MOST_FILES = 3000;

interface OpenFile {
  readonly folder: string;
  version: number;
  text: string;
}

interface Folder {
  readonly linter: Linter;
  /** Crates whose files are read already, or are being read. */
  readonly crates: Set<string>;
}

export interface LintServiceOptions {
  readonly parse: ParseRust;
  readonly rules: readonly Rule[];
  readonly post: (message: FromLinter) => void;
  /** Runs the next piece of work after messages that have come meanwhile. */
  readonly later: (work: () => void) => void;
}

/** Keeps the findings of open documents up to date, a piece of work at a time; nothing stale is ever posted. */
export class LintService {
  private readonly folders = new Map<string, Folder>();
  private readonly open = new Map<string, OpenFile>();
  private readonly crates = new Crates();
  private readonly built = new Map<string, BuiltFile>();
  /** Open files whose findings may have changed, in the order in which they are looked at. */
  private readonly dirty = new Set<string>();
  private readonly toRead: { readonly folder: string; readonly files: Iterator<string>; left: number }[] = [];
  private isScheduled = false;

  constructor(private readonly options: LintServiceOptions) {}

  handle(message: ToLinter): void {
    switch (message.kind) {
      case "configure":
        this.folder(message.folder).linter.configure(message.settings);
        this.markFolder(message.folder);
        break;
      case "open":
        this.open.set(message.file, message);
        this.dirty.add(message.file);
        this.readCrate(message.folder, message.file);
        break;
      case "change":
        this.change(message.file, message.version, message.changes);
        break;
      case "close":
        this.close(message.file);
        break;
      case "built":
        this.takeBuilt(message.file, message.built);
        break;
      case "saved-elsewhere":
        this.savedElsewhere(message.file);
        break;
    }
    this.schedule();
  }

  private folder(name: string): Folder {
    let folder = this.folders.get(name);
    if (folder === undefined) {
      folder = { linter: new Linter(this.options.parse, this.options.rules), crates: new Set() };
      this.folders.set(name, folder);
    }
    return folder;
  }

  private change(file: string, version: number, changes: readonly DocumentChange[]): void {
    const open = this.open.get(file);
    if (open === undefined) return;
    for (const { offset, length, text } of changes) {
      open.text = open.text.slice(0, offset) + text + open.text.slice(offset + length);
    }
    open.version = version;
    // What somebody types in comes first.
    const others = [...this.dirty].filter((each) => each !== file);
    this.dirty.clear();
    for (const each of [file, ...others]) this.dirty.add(each);
  }

  private takeBuilt(file: string, built: BuiltFile | null): void {
    if (built === null) this.built.delete(file);
    else this.built.set(file, built);
    if (this.open.has(file)) this.dirty.add(file);
  }

  /** What is closed counts as it is on the disk. */
  private close(file: string): void {
    const open = this.open.get(file);
    if (open === undefined) return;
    this.open.delete(file);
    this.dirty.delete(file);
    this.built.delete(file);
    this.readFile(open.folder, file);
  }

  private savedElsewhere(file: string): void {
    if (!file.endsWith(".rs")) {
      this.crates.clear();
      for (const each of this.open.keys()) this.dirty.add(each);
      return;
    }
    if (this.open.has(file)) return;
    const { root } = this.crates.of(file);
    for (const [name, folder] of this.folders) if (folder.crates.has(root)) this.readFile(name, file);
  }

  private readFile(name: string, file: string): void {
    const { linter } = this.folder(name);
    const text = readSource(file);
    if (text === undefined) linter.remove(file);
    else if (!linter.put(file, text, this.crates.of(file))) return;
    this.markFolder(name);
  }

  private markFolder(name: string): void {
    for (const [file, { folder }] of this.open) if (folder === name) this.dirty.add(file);
  }

  private readCrate(name: string, file: string): void {
    const { root } = this.crates.of(file);
    const { crates } = this.folder(name);
    if (root === "" || crates.has(root)) return;
    crates.add(root);
    this.toRead.push({ folder: name, files: rustFilesIn(root), left: MOST_FILES });
  }

  private schedule(): void {
    if (this.isScheduled || (this.dirty.size === 0 && this.toRead.length === 0)) return;
    this.isScheduled = true;
    this.options.later(() => {
      this.isScheduled = false;
      this.workOnce();
      this.schedule();
    });
  }

  private workOnce(): void {
    const [file] = this.dirty;
    if (file !== undefined) {
      this.dirty.delete(file);
      this.lint(file);
      return;
    }
    const reading = this.toRead[0];
    if (reading === undefined) return;
    const next = reading.files.next();
    if (next.done === true || --reading.left < 0) this.toRead.shift();
    else if (!this.open.has(next.value)) this.readFile(reading.folder, next.value);
  }

  private lint(file: string): void {
    const open = this.open.get(file);
    if (open === undefined) return;
    const { linter } = this.folder(open.folder);
    try {
      const isForeignAffair = linter.put(file, open.text, this.crates.of(file));
      const built = this.built.get(file);
      const findings = linter.findings(file, built && ((found) => judgeFindings(found, built)));
      this.options.post({
        kind: "findings",
        file,
        version: open.version,
        findings: this.shown(findings, file),
      });
      if (!isForeignAffair) return;
    } catch (error) {
      // A fault of a rule must not leave findings of an older text behind.
      this.options.post({ kind: "findings", file, version: open.version, findings: [] });
      this.options.post({
        kind: "fault",
        file,
        message: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return;
    }
    for (const [other, { folder }] of this.open)
      if (other !== file && folder === open.folder) this.dirty.add(other);
  }

  private shown(findings: readonly LintFinding[], file: string): ShownFinding[] {
    const indices = new Map<string, LineIndex>();
    const range = (
      where: string,
      { start, end }: { readonly start: number; readonly end: number },
    ): ShownRange => {
      const index =
        indices.get(where) ?? new LineIndex(this.open.get(where)?.text ?? readSource(where) ?? "");
      indices.set(where, index);
      return { start: index.position(start), end: index.position(end) };
    };
    return findings.map((each) => ({
      code: each.code,
      severity: each.severity,
      message: each.message,
      range: range(file, each),
      related: each.related.map(({ file: where, message, ...place }) => ({
        file: where,
        message,
        range: range(where, place),
      })),
      fixes: each.fixes.map(({ title, isSafe, edits }) => ({
        title,
        isSafe,
        edits: edits.map((edit) => ({ range: range(file, edit), text: edit.text })),
      })),
    }));
  }
}
