import * as vscode from "vscode";
import { showError } from "../platform/show-error";

/** What a timeline can be saved as. */
export type ExportForm = "svg" | "png" | "perfetto" | "trace";

/** A timeline that is shown somewhere. */
export interface Exportable {
  readonly forms: readonly ExportForm[];
  saveAs(form: ExportForm): Promise<void> | void;
}

const FORMS: Readonly<Record<ExportForm, vscode.QuickPickItem>> = {
  svg: {
    label: "SVG picture",
    detail: "What the timeline shows now, with all its tracks; sharp at any size",
  },
  png: { label: "PNG picture", detail: "The same in pixels, two for each of the screen's" },
  perfetto: { label: "Perfetto trace", detail: "All of it, for ui.perfetto.dev" },
  trace: { label: "Pollscope trace", detail: "All of it, to open here or elsewhere without a session" },
};

/** The timelines that are open, the one that was looked at last in front. */
export class Exportables {
  private readonly open: Exportable[] = [];

  /** A timeline is looked at. */
  lookedAt(exportable: Exportable): void {
    this.forget(exportable);
    this.open.unshift(exportable);
  }

  /** A timeline is closed. */
  forget(exportable: Exportable): void {
    const at = this.open.indexOf(exportable);
    if (at >= 0) this.open.splice(at, 1);
  }

  get latest(): Exportable | undefined {
    return this.open[0];
  }
}

/** "Save Timeline As": of the timeline that was looked at last. */
export function registerExportCommand(
  exportables: Exportables,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  return vscode.commands.registerCommand("pollscope.saveTimeline", async () => {
    const { latest } = exportables;
    try {
      if (latest !== undefined) await chooseForm(latest);
    } catch (error) {
      showError(error, log);
    }
  });
}

/** Asks what a timeline is to be saved as, and does that. */
export async function chooseForm(exportable: Exportable): Promise<void> {
  const items = exportable.forms.map((form) => ({ ...FORMS[form], form }));
  const picked = await vscode.window.showQuickPick(items, {
    title: "Save Timeline As",
    placeHolder: "What to make of it",
    matchOnDetail: true,
  });
  if (picked !== undefined) await exportable.saveAs(picked.form);
}
