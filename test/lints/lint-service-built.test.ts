import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import type { BuiltFile } from "#extension/layouts/judge-findings";
import { readLayouts } from "#extension/layouts/read-layouts";
import type { FromLinter } from "#extension/lint-editor/lint-messages";
import { LintService } from "#extension/lint-editor/lint-service";
import { guardAcrossAwait } from "#extension/lints/rules/guard-across-await";
import { testParser } from "#test/lints/rust-parser";

const FILE = resolve("test/firmware/findings/src/bin/borrow_panic.rs");
const ELF = "test/firmware/findings/prebuilt/findings-borrow-panic-release.elf";
const parse = await testParser();

it("what a build tells of an open document changes what is found, until the text changes, and is gone with it", async () => {
  const text = readFileSync(FILE, "utf8");
  const { futures } = await readLayouts({ elf: ELF, sourceMap: { "/pollscope": process.cwd() } });
  const built: BuiltFile = {
    file: FILE,
    builtText: text,
    futures: futures.filter(({ place }) => place?.file === FILE),
  };
  const posted: string[] = [];
  const work: (() => void)[] = [];
  const post = (message: FromLinter) => {
    const words =
      message.kind === "fault"
        ? message.message
        : message.findings
            .map((each) => (each.message.includes("confirmed by the build") ? "confirmed" : "found"))
            .join();
    posted.push(message.kind === "fault" ? words : `${message.version} ${words}`);
  };
  const service = new LintService({
    parse,
    rules: [guardAcrossAwait],
    post,
    later: (next) => work.push(next),
  });
  const finish = () => {
    for (let next = work.shift(); next !== undefined; next = work.shift()) next();
    return posted.splice(0).at(-1);
  };
  service.handle({ kind: "open", folder: "", file: FILE, version: 1, text });
  expect(finish()).toBe("1 found");
  service.handle({ kind: "built", file: FILE, built });
  expect(finish()).toBe("1 confirmed");
  // Above everything: the function has moved.
  service.handle({
    kind: "change",
    file: FILE,
    version: 2,
    changes: [{ offset: 0, length: 0, text: "// new\n" }],
  });
  expect(finish()).toBe("2 confirmed");
  const statement = "cell.borrow_mut();";
  const at = text.indexOf(statement) + statement.length + "// new\n".length;
  service.handle({
    kind: "change",
    file: FILE,
    version: 3,
    changes: [{ offset: at, length: 0, text: " // changed" }],
  });
  expect(finish()).toBe("3 found");
  service.handle({ kind: "built", file: FILE, built: null });
  expect(finish()).toBe("3 found");
});
