import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import { pageHtml } from "./page-html";

const STYLES = ["trace.css", "timeline.css"];

/** Loads Pollscope's page into a webview: with scripts, and with nothing but what the extension brings. */
export function loadPage(webview: vscode.Webview, extension: string): void {
  const root = vscode.Uri.file(extension);
  const dist = vscode.Uri.joinPath(root, "dist");
  const style = vscode.Uri.joinPath(root, "webview", "style");
  webview.options = { enableScripts: true, localResourceRoots: [dist, style] };
  webview.html = pageHtml({
    cspSource: webview.cspSource,
    script: webview.asWebviewUri(vscode.Uri.joinPath(dist, "webview.js")).toString(),
    styles: STYLES.map((name) => webview.asWebviewUri(vscode.Uri.joinPath(style, name)).toString()),
    nonce: randomBytes(16).toString("base64url"),
  });
}
