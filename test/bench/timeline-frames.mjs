// node test/bench/timeline-frames.mjs [EVENTS]: frames of the timeline in a headless Chromium, while it is zoomed and moved.
// Needs what the end-to-end tests need (test/e2e/README.md). Prints milliseconds, and what the page's process takes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import webpack from "webpack";
import configurations from "../../webpack.config.mjs";
import { CHROMIUM, missingRequirement } from "../e2e/host/requirements.mjs";

const root = resolve(import.meta.dirname, "../..");
const events = Number(process.argv[2] ?? 10_000_000);
const missing = missingRequirement();
if (missing !== undefined) {
  console.error(`The frames of the timeline cannot be measured here: ${missing}.`);
  process.exit(3);
}

const folder = mkdtempSync(join(tmpdir(), "pollscope-frames-"));
try {
  await bundle(folder);
  const styles = ["base.css", "trace.css", "timeline.css"].map((name) =>
    readFileSync(join(root, "webview/style", name), "utf8"),
  );
  const html = `<!doctype html><style>${styles.join("")}main{height:100vh}</style><body><script src="page.js"></script></body>`;
  writeFileSync(join(folder, "index.html"), html);
  const { chromium } = createRequire(join(root, "test/e2e/host/package.json"))("playwright-core");
  const browser = await chromium.launch({
    executablePath: CHROMIUM,
    args: ["--no-sandbox", "--disable-gpu"],
  });
  const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  await page.goto(pathToFileURL(join(folder, "index.html")).href);
  const { drawing, between } = await page.evaluate((count) => globalThis.timelineFrames(count), events);
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  const memory = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => residentBytes(id));
  console.log(`${events.toLocaleString("en")} events, ${drawing.length} frames`);
  console.log(
    `a frame, query and drawing:   median ${at(drawing, 0.5)} ms, 95 % ${at(drawing, 0.95)} ms  (goal: median < 16 ms)`,
  );
  console.log(`from frame to frame:          median ${at(between, 0.5)} ms, 95 % ${at(between, 0.95)} ms`);
  console.log(`memory of the page's process: ${Math.round(Math.max(...memory) / 1e6)} MB  (goal: < 1000 MB)`);
  await browser.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function bundle(path) {
  const { module, resolve: resolution, target } = configurations.find(({ name }) => name === "webview");
  const entry = { page: "./test/bench/timeline-page.mjs" };
  const output = { path, filename: "[name].js" };
  const compiler = webpack({
    mode: "production",
    devtool: false,
    context: root,
    target,
    module,
    resolve: resolution,
    entry,
    output,
  });
  const stats = await promisify(compiler.run.bind(compiler))();
  await promisify(compiler.close.bind(compiler))();
  if (stats.hasErrors()) throw new Error(stats.toString("errors-only"));
}

function at(values, share) {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * share)].toFixed(1);
}

/** What Linux counts of a process; elsewhere not known. */
function residentBytes(pid) {
  const line = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  return line === null ? NaN : Number(line[1]) * 1024;
}
