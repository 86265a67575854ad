import { basename } from "node:path";
import * as vscode from "vscode";
import type { ProtocolFinding } from "#adapter/protocol/findings";
import { OPEN_PAGE } from "./finding-pages";
import type { SessionFindings } from "./session-findings";

const ICONS = { error: "$(error)", warning: "$(warning)", note: "$(info)" };

interface FindingItem extends vscode.QuickPickItem {
  readonly finding: ProtocolFinding;
}

/** The command that lists findings: a choice goes to the line, a button to the page about its kind. */
export function registerShowFindings(findings: SessionFindings): vscode.Disposable {
  return vscode.commands.registerCommand("pollscope.showFindings", () => {
    const all = findings.all();
    if (all.length === 0) {
      void vscode.window.showInformationMessage(
        "Nothing wrong with any task has been found so far. What does not happen in a run is not found: let it run on, press buttons and send text.",
      );
      return;
    }
    const pick = vscode.window.createQuickPick<FindingItem>();
    const explain = { iconPath: new vscode.ThemeIcon("question"), tooltip: "What does this mean?" };
    pick.title = "What Is Wrong With the Tasks";
    pick.placeholder = "Go to the line of a finding";
    pick.matchOnDescription = true;
    pick.items = all.map((finding) => ({ ...itemOf(finding), buttons: [explain] }));
    pick.onDidTriggerItemButton(({ item }) => {
      pick.hide();
      void vscode.commands.executeCommand(OPEN_PAGE, item.finding.kind);
    });
    pick.onDidAccept(() => {
      const [item] = pick.selectedItems;
      pick.hide();
      if (item !== undefined) void goTo(item.finding);
    });
    pick.onDidHide(() => pick.dispose());
    pick.show();
  });
}

function itemOf(finding: ProtocolFinding): FindingItem {
  const { severity, title, kind, place, count, evidence } = finding;
  const where = place === null ? "" : ` · ${basename(place.path)}:${place.line}`;
  const times = count === 1 ? "" : ` · ${count} times`;
  return {
    label: `${ICONS[severity]} ${title}`,
    description: `${kind}${where}${times}`,
    detail: evidence[0] ?? "",
    finding,
  };
}

async function goTo({ place }: ProtocolFinding): Promise<void> {
  if (place === null) return;
  const at = new vscode.Position(Math.max(0, place.line - 1), 0);
  await vscode.window.showTextDocument(vscode.Uri.file(place.path), { selection: new vscode.Range(at, at) });
}
