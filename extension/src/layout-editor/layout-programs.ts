import { join } from "node:path";
import * as vscode from "vscode";
import type { Surroundings } from "../platform/surroundings";
import { type BundledSample, readSamples } from "../samples/bundled-samples";
import { CargoTargets } from "./cargo-targets";
import { builtLayoutProgram, BuiltTexts, type LayoutProgram, sampleLayoutProgram } from "./layout-program";

/** Under this name the program that the user has chosen is remembered. */
const CHOSEN = "layouts.program";

/** The programs whose layouts can be shown: what cargo has built, and the bundled samples whose sources are open. */
export class LayoutPrograms implements vscode.Disposable {
  private readonly targets: CargoTargets;
  private readonly texts = new BuiltTexts();
  private readonly changed = new vscode.EventEmitter<undefined>();
  private samples: Promise<readonly BundledSample[]> | undefined;
  /** Fires when other programs, or another one first, may be given. */
  readonly onDidChange = this.changed.event;

  constructor(private readonly surroundings: Surroundings) {
    this.targets = new CargoTargets(surroundings.log);
    this.targets.onDidChange(() => this.changed.fire(undefined));
  }

  /** The programs that were built from a file, the one that the user has chosen first, then the newest. */
  async ofFile(file: string): Promise<LayoutProgram[]> {
    const built = (await this.targets.ofFile(file)).map((each) => builtLayoutProgram(each, this.texts));
    const programs = [...built, ...(await this.samplesOf(file))];
    return this.chosenFirst(programs.filter(({ sources }) => sources === null || sources.includes(file)));
  }

  /** The programs of the open folders, and those of a file; the one that the user has chosen first, then the newest. */
  async ofWorkspace(file: string | undefined): Promise<LayoutProgram[]> {
    const built = (await this.targets.ofWorkspace()).map((each) => builtLayoutProgram(each, this.texts));
    const own = file === undefined ? [] : await this.ofFile(file);
    const folders = vscode.workspace.workspaceFolders ?? [];
    const samples = await Promise.all(folders.map(({ uri }) => this.samplesIn(uri.fsPath)));
    const byElf = new Map([...own, ...built, ...samples.flat()].map((each) => [each.elf, each]));
    return this.chosenFirst([...byElf.values()]);
  }

  /** The file of the program that the user has chosen; undefined if none is. */
  get chosen(): string | undefined {
    return this.surroundings.memory.get<string>(CHOSEN);
  }

  async choose(elf: string | undefined): Promise<void> {
    await this.surroundings.memory.update(CHOSEN, elf);
    this.changed.fire(undefined);
  }

  /** Looks again at what has been built. */
  refresh(): void {
    this.targets.refresh();
  }

  dispose(): void {
    this.targets.dispose();
    this.changed.dispose();
  }

  /** A project may also be built for the machine itself, to test it: that program comes last. */
  private chosenFirst(programs: readonly LayoutProgram[]): LayoutProgram[] {
    const { chosen } = this;
    const rank = ({ elf, isFirmware }: LayoutProgram) => (elf === chosen ? 2 : Number(isFirmware));
    return programs.toSorted((a, b) => rank(b) - rank(a));
  }

  private async samplesOf(file: string): Promise<LayoutProgram[]> {
    return (await this.allSamples()).filter(({ sources }) => sources?.includes(file) === true);
  }

  /** The samples whose sources lie in an open folder. */
  private async samplesIn(folder: string): Promise<LayoutProgram[]> {
    const isInside = (file: string) => file.startsWith(join(folder, "/"));
    return (await this.allSamples()).filter(({ sources }) => sources?.some(isInside) === true);
  }

  /** Each sample, once for the extension's own sources and once for the copy that users work on. */
  private async allSamples(): Promise<LayoutProgram[]> {
    const { samples: bundled, samplesCopy } = this.surroundings;
    this.samples ??= readSamples(bundled);
    const samples = await this.samples;
    // A release build is what ends up in the chip.
    const sorted = samples.toSorted((a, b) => Number(a.profile === "dev") - Number(b.profile === "dev"));
    return [samplesCopy, bundled].flatMap((opened) =>
      sorted.map((sample) => sampleLayoutProgram(sample, bundled, opened)),
    );
  }
}
