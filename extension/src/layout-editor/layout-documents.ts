import { relative } from "node:path";
import * as vscode from "vscode";
import { UserError } from "#adapter/base/errors";
import { shortName } from "../layouts/await-text";
import type { LayoutFacts, LayoutPlace } from "../layouts/layout-facts";
import { layoutText } from "../layouts/layout-text";
import type { LayoutProgram } from "./layout-program";
import type { Layouts } from "./layouts";

/** Documents that VS Code asks us for. */
const SCHEME = "pollscope-layout";

/** What the address of a layout holds: all that it takes to make it again after a restart. */
interface LayoutAddress {
  readonly elf: string;
  readonly sourceMap: Readonly<Record<string, string>>;
  readonly label: string;
  /** The full name of the async function. */
  readonly name: string;
}

/** The address of the layout of an async function. */
export function layoutUri({ elf, sourceMap, label }: LayoutProgram, name: string): vscode.Uri {
  const address: LayoutAddress = { elf, sourceMap, label, name };
  return vscode.Uri.from({
    scheme: SCHEME,
    path: `/${shortName(name)} (layout)`,
    query: JSON.stringify(address),
  });
}

/** Layouts as read-only documents, whose places lead to the sources; they follow the build. */
export function registerLayoutDocuments(layouts: Layouts): vscode.Disposable {
  const changed = new vscode.EventEmitter<vscode.Uri>();
  const places = new Map<string, ReadonlyMap<string, LayoutPlace>>();
  const selector = { scheme: SCHEME };
  return vscode.Disposable.from(
    changed,
    layouts.programs.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) if (uri.scheme === SCHEME) changed.fire(uri);
    }),
    vscode.workspace.registerTextDocumentContentProvider(SCHEME, {
      onDidChange: changed.event,
      provideTextDocumentContent: async (uri) => {
        const { text, shown } = await layoutDocument(uri, layouts);
        places.set(uri.toString(), shown);
        return text;
      },
    }),
    vscode.languages.registerDocumentLinkProvider(selector, {
      provideDocumentLinks: (document) => linksIn(document, places.get(document.uri.toString()) ?? new Map()),
    }),
  );
}

async function layoutDocument(
  uri: vscode.Uri,
  layouts: Layouts,
): Promise<{ text: string; shown: ReadonlyMap<string, LayoutPlace> }> {
  const shown = new Map<string, LayoutPlace>();
  const showPlace = (place: LayoutPlace) => {
    const text = `${shownPath(place.file)}:${place.line}`;
    shown.set(text, place);
    return text;
  };
  try {
    const address = JSON.parse(uri.query) as LayoutAddress;
    const facts = await layouts.of(address);
    const instances = facts.futures.filter(({ name }) => name === address.name);
    const path = shownPath(address.elf);
    // Where a sample lies within the extension is of no interest.
    const build = path === address.elf ? address.label : `${address.label} (${path})`;
    const options = { build, showPlace };
    const text = instances.length === 0 ? goneText(address, facts) : layoutText(instances, facts, options);
    return { text, shown };
  } catch (error) {
    if (!(error instanceof UserError || error instanceof SyntaxError)) throw error;
    return { text: `${error.message}\n`, shown };
  }
}

function goneText({ name, label }: LayoutAddress, { futures }: LayoutFacts): string {
  return (
    `${label} has no async fn ${name} (any more): it has another name now, or nothing calls it.\n` +
    `The build has ${futures.length} others.\n`
  );
}

/** A path as it is said in this window. */
function shownPath(file: string): string {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  return folder === undefined ? file : relative(folder.uri.fsPath, file);
}

function linksIn(
  document: vscode.TextDocument,
  places: ReadonlyMap<string, LayoutPlace>,
): vscode.DocumentLink[] {
  const text = document.getText();
  return [...places].flatMap(([shown, { file, line }]) => {
    const links: vscode.DocumentLink[] = [];
    for (let at = text.indexOf(shown); at >= 0; at = text.indexOf(shown, at + shown.length)) {
      const end = at + shown.length;
      if (/\d/.test(text.charAt(end))) continue;
      const range = new vscode.Range(document.positionAt(at), document.positionAt(end));
      links.push(new vscode.DocumentLink(range, vscode.Uri.file(file).with({ fragment: `L${line}` })));
    }
    return links;
  });
}
