import { join } from "node:path";
import * as vscode from "vscode";
import { FINDING_KINDS, type FindingKind, KIND_WORDS } from "#adapter/protocol/findings";
import type { Surroundings } from "../platform/surroundings";

export const OPEN_PAGE = "pollscope.openFindingPage";

/** A link that opens the page about a kind of finding. */
export function pageLink(kind: FindingKind): vscode.Uri {
  return vscode.Uri.parse(`command:${OPEN_PAGE}?${encodeURIComponent(JSON.stringify([kind]))}`);
}

/** The command that shows the page about a kind of finding; without one it asks. */
export function registerFindingPages({ extension }: Surroundings): vscode.Disposable {
  return vscode.commands.registerCommand(OPEN_PAGE, async (given: unknown) => {
    const kind = FINDING_KINDS.find((each) => each === given) ?? (await pickKind());
    if (kind === undefined) return;
    const page = vscode.Uri.file(join(extension, "docs/findings", `${kind}.md`));
    await vscode.commands.executeCommand("markdown.showPreview", page);
  });
}

async function pickKind(): Promise<FindingKind | undefined> {
  const items = FINDING_KINDS.map((kind) => ({
    label: KIND_WORDS[kind].label,
    detail: KIND_WORDS[kind].meaning,
    about: kind,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: "Which kind of finding?" }))?.about;
}
