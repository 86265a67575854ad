import * as vscode from "vscode";
import { savedAcross } from "../layouts/await-text";
import type { PlacedPoint } from "../layouts/place-futures";
import { pointsAt } from "../layouts/points-at";
import { setting } from "../platform/settings";
import { DEBUG_TYPE } from "../debugging/debug-type";
import { literal } from "../platform/markdown";
import type { Layouts } from "./layouts";

/** So many instances of a generic function are told apart. */
const MOST_INSTANCES = 4;

/** A hover over `.await`: what is saved across it. While firmware is debugged, hovers tell what its tasks wait for. */
export function registerSavedHover(layouts: Layouts): vscode.Disposable {
  return vscode.languages.registerHoverProvider(
    { language: "rust", scheme: "file" },
    { provideHover: (document, position) => hoverAt(document, position, layouts) },
  );
}

async function hoverAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  layouts: Layouts,
): Promise<vscode.Hover | undefined> {
  if (!setting("layouts.showInHover") || vscode.debug.activeDebugSession?.type === DEBUG_TYPE)
    return undefined;
  const range = document.getWordRangeAtPosition(position, /\.\s*await\b/);
  if (range === undefined) return undefined;
  const found = await layouts.ofDocument(document);
  if (found === undefined) return undefined;
  const { text } = document.lineAt(position.line);
  const points = pointsAt(found.placed, text, { line: position.line + 1, column: position.character });
  if (points.length === 0) return undefined;
  const shown = points.slice(0, MOST_INSTANCES).map(pointMarkdown);
  const omitted = points.length - shown.length;
  const source = `as built: ${found.program.label}${omitted > 0 ? `, which has ${omitted} more instances` : ""}`;
  return new vscode.Hover([...shown, new vscode.MarkdownString(literal(source))], range);
}

function pointMarkdown(point: PlacedPoint): vscode.MarkdownString {
  const { heading, rows, omitted } = savedAcross(point);
  const table = rows.map(
    ({ bytes, name, type, note }) =>
      `| ${literal(bytes)} | ${literal(name)} | ${literal(type)} | ${literal(note)} |`,
  );
  const head = ["| | kept | type | |", "|---:|:---|:---|:---|"];
  const more = omitted > 0 ? `\n\nand ${omitted} smaller` : "";
  return new vscode.MarkdownString(
    `**${literal(heading)}**\n\n${rows.length === 0 ? "nothing" : [...head, ...table].join("\n")}${more}`,
  );
}
