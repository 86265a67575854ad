// `npm run docs`: writes the pages of docs/ that are made from package.json.
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import { launchPage, settingsPage } from "./manifest-docs.mjs";

const root = resolve(import.meta.dirname, "../..");
const manifest = JSON.parse(readFileSync(resolve(root, "package.json"), "utf8"));

for (const [name, text] of [
  ["docs/settings.md", settingsPage(manifest)],
  ["docs/launch.md", launchPage(manifest)],
]) {
  const file = resolve(root, name);
  writeFileSync(file, await format(text, { ...(await resolveConfig(file)), filepath: file }));
}
