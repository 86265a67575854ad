// `npm run package`: the extension as one file that VS Code installs.
import { resolve } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import { writeVsix } from "./vsix.mjs";

const file = `${manifest.name}-${manifest.version}.vsix`;
const { files, bytes } = await writeVsix(resolve(import.meta.dirname, "../..", file));
console.log(`${file}: ${files} files, ${(bytes / 1e6).toFixed(1)} MB`);
console.log(`install it with: code --install-extension ${file}`);
