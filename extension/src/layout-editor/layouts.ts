import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import type * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import type { BuiltFile } from "../layouts/judge-findings";
import type { LayoutFacts } from "../layouts/layout-facts";
import { LayoutReader } from "../layouts/layout-reader";
import {
  type BuiltSource,
  type PlacedLayouts,
  builtSource,
  placeFutures,
  sourceText,
} from "../layouts/place-futures";
import type { Surroundings } from "../platform/surroundings";
import type { LayoutProgram } from "./layout-program";
import { LayoutPrograms } from "./layout-programs";

/** What is known of the layouts of an open file. */
export interface DocumentLayouts {
  readonly program: LayoutProgram;
  readonly facts: LayoutFacts;
  readonly placed: PlacedLayouts;
  /** Whether the program was built from the very text that is in the editor. */
  readonly isCurrent: boolean;
}

/** What was found for a version of a document: lenses and hovers ask for it again and again. */
interface KnownLayouts extends Pick<FoundLayouts, "facts" | "built"> {
  readonly version: number;
  readonly layouts: DocumentLayouts;
}

interface FoundLayouts extends Pick<DocumentLayouts, "program" | "facts"> {
  readonly built: BuiltSource | undefined;
}

/** The layouts of everything that is open, of the programs that were built last. */
export class Layouts implements vscode.Disposable {
  readonly programs: LayoutPrograms;
  private readonly reader: LayoutReader;
  private readonly placed = new WeakMap<vscode.TextDocument, KnownLayouts>();
  private readonly builtSources = new WeakMap<vscode.TextDocument, BuiltSource>();

  constructor(private readonly surroundings: Surroundings) {
    this.programs = new LayoutPrograms(surroundings);
    this.reader = new LayoutReader(join(surroundings.extension, "dist", "layout-worker.js"));
  }

  /** What the builds tell of documents, for lints. */
  get builtFiles() {
    return {
      onDidChange: this.programs.onDidChange,
      of: (document: vscode.TextDocument) => this.builtFile(document),
    };
  }

  /** What is known of a file; undefined where nothing is, as before the first build. */
  async ofDocument(document: vscode.TextDocument): Promise<DocumentLayouts | undefined> {
    const found = await this.find(document);
    if (found === undefined) return undefined;
    const { version } = document;
    const known = this.placed.get(document);
    if (known?.version === version && known.facts === found.facts && known.built === found.built)
      return known.layouts;
    const { program, facts, built } = found;
    const text = sourceText(document.uri.fsPath, document.getText(), built);
    await setImmediate();
    const isCurrent = text.builtLines === text.lines;
    const layouts = { program, facts, placed: placeFutures(facts, text), isCurrent };
    this.placed.set(document, { version, facts, built, layouts });
    return layouts;
  }

  private async builtFile(document: vscode.TextDocument): Promise<BuiltFile | undefined> {
    const found = await this.find(document);
    if (found === undefined) return undefined;
    const file = document.uri.fsPath;
    const futures = found.facts.futures.filter((each) => each.place?.file === file);
    return { file, builtText: found.built?.text ?? null, futures };
  }

  /** A program that was built from this very text tells more than a newer one that was built from another. */
  private async find(document: vscode.TextDocument): Promise<FoundLayouts | undefined> {
    if (document.uri.scheme !== "file") return undefined;
    const file = document.uri.fsPath;
    const [first, ...others] = await this.programs.ofFile(file);
    if (first === undefined) return undefined;
    const text = await readFile(file, "utf8").catch(() => undefined);
    let program = first;
    let builtText = await first.builtText(file);
    for (const other of builtText === text ? [] : others) {
      const otherText = await other.builtText(file);
      if (otherText !== text || otherText === undefined) continue;
      [program, builtText] = [other, otherText];
      break;
    }
    const built = builtText === undefined ? undefined : await this.built(document, builtText);
    const facts = await this.read(program);
    return facts && { program, facts, built };
  }

  /** Taking a text apart and placing futures in it are pieces of work of their own, with other work between them. */
  private async built(document: vscode.TextDocument, text: string): Promise<BuiltSource> {
    let built = this.builtSources.get(document);
    if (built?.text !== text) {
      built = builtSource(text);
      this.builtSources.set(document, built);
      await setImmediate();
    }
    return built;
  }

  /**
   * The layouts of a program.
   * @throws UserError if it cannot be read
   */
  of({ elf, sourceMap }: Pick<LayoutProgram, "elf" | "sourceMap">): Promise<LayoutFacts> {
    return this.reader.read({ elf, sourceMap });
  }

  dispose(): void {
    this.programs.dispose();
    this.reader.dispose();
  }

  /** A lens is no place for errors: the view of async memory tells them. */
  private async read(program: LayoutProgram): Promise<LayoutFacts | undefined> {
    try {
      return await this.of(program);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      this.surroundings.log.debug(`no layouts: ${error.message}`);
      return undefined;
    }
  }
}
