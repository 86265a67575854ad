import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { pageHtml } from "./page-html";

/** What a page consists of: a bundle in `dist`, and style sheets in `webview/style`. */
export interface PageParts {
  readonly script: string;
  readonly styles: readonly string[];
}

/** A saved trace, or the timeline of a run. */
export const TRACE_PAGE: PageParts = {
  script: "webview.js",
  styles: ["base.css", "trace.css", "timeline.css"],
};

/** A panel beside a session. */
export const PANELS_PAGE: PageParts = {
  script: "panels.js",
  styles: [
    "base.css",
    "panels.css",
    "await-tree.css",
    "board.css",
    "cycle.css",
    "executor.css",
    "state-machine.css",
  ],
};

/** Loads a page of ours into a webview: with scripts, and with nothing but what the extension brings. */
export function loadPage(webview: vscode.Webview, extension: string, { script, styles }: PageParts): void {
  const root = vscode.Uri.file(extension);
  const dist = vscode.Uri.joinPath(root, "dist");
  const style = vscode.Uri.joinPath(root, "webview", "style");
  webview.options = { enableScripts: true, localResourceRoots: [dist, style] };
  webview.html = pageHtml({
    cspSource: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(dist, script)).toString(),
    styles: styles.map((name) => webview.asWebviewUri(vscode.Uri.joinPath(style, name)).toString()),
    nonce: randomBytes(16).toString("base64url"),
  });
}
