// Makes the file that VS Code installs: a zip in the Open Packaging Conventions with a manifest of its own beside the
// extension ("Publishing Extensions" in VS Code's documentation; vsce writes the same).
import { execFileSync } from "node:child_process";
import { createWriteStream, readFileSync, statSync } from "node:fs";
import { extname, join, resolve } from "node:path";
import { finished } from "node:stream/promises";
import yazl from "yazl";

const root = resolve(import.meta.dirname, "../..");

/** The same content gives the same file, whenever it is made. */
const MODIFIED = new Date("2026-01-01T00:00:00Z");

const CONTENT_TYPES = {
  ".json": "application/json",
  ".vsixmanifest": "text/xml",
  ".js": "application/javascript",
  ".md": "text/markdown",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".png": "image/png",
};

/** Source maps weigh more than all bundles; what is thrown still names functions, since nothing is minified.
 * npm takes along every README. */
const LEFT_OUT = /\.map$|^(?:extension|webview)\/README\.md$/;

/** The files of the package, relative to the repository: those that package.json lists, and that exist. */
export function packedFiles() {
  const words = ["pack", "--dry-run", "--json", "--ignore-scripts", "--loglevel=error"];
  const [list] = JSON.parse(execFileSync("npm", words, { cwd: root, encoding: "utf8" }));
  return list.files.map(({ path }) => path).filter((path) => !LEFT_OUT.test(path));
}

/** Writes the extension to a `.vsix` file and gives the number of files in it. */
export async function writeVsix(file) {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const files = packedFiles();
  const zip = new yazl.ZipFile();
  const add = (text, name) => zip.addBuffer(Buffer.from(text), name, { mtime: MODIFIED, mode: 0o100644 });
  add(vsixManifest(manifest), "extension.vsixmanifest");
  add(contentTypes(files), "[Content_Types].xml");
  for (const path of files) {
    add(readFileSync(join(root, path)), `extension/${path}`);
  }
  zip.end();
  await finished(zip.outputStream.pipe(createWriteStream(file)));
  return { files: files.length, bytes: statSync(file).size };
}

function vsixManifest({
  name,
  displayName,
  description,
  version,
  publisher,
  engines,
  categories,
  keywords,
  icon,
}) {
  return `<?xml version="1.0" encoding="utf-8"?>
<PackageManifest Version="2.0.0" xmlns="http://schemas.microsoft.com/developer/vsx-schema/2011">
  <Metadata>
    <Identity Language="en-US" Id="${xml(name)}" Version="${xml(version)}" Publisher="${xml(publisher)}" />
    <DisplayName>${xml(displayName)}</DisplayName>
    <Description xml:space="preserve">${xml(description)}</Description>
    <Tags>${xml(keywords.join(","))}</Tags>
    <Categories>${xml(categories.join(","))}</Categories>
    <GalleryFlags>Public</GalleryFlags>
    <Properties>
      <Property Id="Microsoft.VisualStudio.Code.Engine" Value="${xml(engines.vscode)}" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionDependencies" Value="" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionPack" Value="" />
      <Property Id="Microsoft.VisualStudio.Code.ExtensionKind" Value="workspace" />
      <Property Id="Microsoft.VisualStudio.Code.LocalizedLanguages" Value="" />
    </Properties>
    <License>extension/LICENSE</License>
    <Icon>extension/${xml(icon)}</Icon>
  </Metadata>
  <Installation>
    <InstallationTarget Id="Microsoft.VisualStudio.Code" />
  </Installation>
  <Dependencies />
  <Assets>
    <Asset Type="Microsoft.VisualStudio.Code.Manifest" Path="extension/package.json" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.Details" Path="extension/README.md" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.Changelog" Path="extension/CHANGELOG.md" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Content.License" Path="extension/LICENSE" Addressable="true" />
    <Asset Type="Microsoft.VisualStudio.Services.Icons.Default" Path="extension/${xml(icon)}" Addressable="true" />
  </Assets>
</PackageManifest>
`;
}

/** The packaging conventions want a content type for every ending; a file without one is named. */
function contentTypes(files) {
  const endings = new Set([
    ".vsixmanifest",
    ...files.map((file) => extname(file)).filter((ending) => ending !== ""),
  ]);
  const defaults = [...endings].sort().map((ending) => {
    const type = CONTENT_TYPES[ending] ?? "application/octet-stream";
    return `  <Default Extension="${xml(ending)}" ContentType="${type}" />\n`;
  });
  const others = files
    .filter((file) => extname(file) === "")
    .map((file) => {
      return `  <Override PartName="/extension/${xml(file)}" ContentType="application/octet-stream" />\n`;
    });
  return (
    '<?xml version="1.0" encoding="utf-8"?>\n' +
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">\n' +
    `${defaults.join("")}${others.join("")}</Types>\n`
  );
}

function xml(text) {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
