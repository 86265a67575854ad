import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { judgeFindings } from "#extension/layouts/judge-findings";
import { readLayouts } from "#extension/layouts/read-layouts";
import { Linter } from "#extension/lints/linter";
import type { Rule } from "#extension/lints/rule";
import { guardAcrossAwait } from "#extension/lints/rules/guard-across-await";
import { NO_CRATE } from "#extension/lints/semantics/workspace";
import { testParser } from "#test/lints/rust-parser";

const parse = await testParser();

/** A rule that finds nothing in the text, so that all that is found is the build's. */
const sizeRule: Rule = {
  code: "large-local-across-await",
  severity: "note",
  summary: "",
  alsoAllowedBy: ["clippy::large_futures"],
  concerns: () => true,
  check: () => undefined,
};

interface Case {
  readonly elf: string;
  readonly source: string;
  /** Changes the text that is linted. No line may move, where it is to count as the text that was built. */
  readonly edit?: (text: string) => string;
  /** The text that was built, if it is another one than is linted. */
  readonly builtText?: (original: string) => string | null;
  readonly rules?: readonly Rule[];
}

const GUARD = {
  source: "samples/guard-across-await/src/bin/bad.rs",
  elf: "samples/prebuilt/guard-across-await-bad-release.elf",
};
const DROPPED = {
  source: "samples/guard-across-await/src/bin/good-drop.rs",
  elf: "samples/prebuilt/guard-across-await-good-drop-release.elf",
};
const SCOPED = {
  source: "samples/guard-across-await/src/bin/good-scope.rs",
  elf: "samples/prebuilt/guard-across-await-good-scope-release.elf",
};
const BIG = {
  source: "samples/big-future/src/bin/bad.rs",
  elf: "samples/prebuilt/big-future-bad-release.elf",
};

function ofFindings(name: string, profile = "release") {
  return {
    source: `test/firmware/findings/src/bin/${name}.rs`,
    elf: `test/firmware/findings/prebuilt/findings-${name.replaceAll("_", "-")}-${profile}.elf`,
  };
}

/** What is found, with the text alone and with the build: `LINE message`. */
async function judge({ source, elf, edit, builtText, rules = [guardAcrossAwait] }: Case) {
  const file = resolve(source);
  const original = readFileSync(source, "utf8");
  const text = edit?.(original) ?? original;
  const { futures } = await readLayouts({ elf, sourceMap: { "/pollscope": process.cwd() } });
  const own = futures.filter(({ place }) => place?.file === file);
  expect(own.length).toBeGreaterThan(0);
  const linter = new Linter(parse, rules);
  linter.put(file, text, { ...NO_CRATE, edition: 2024 });
  const built = { file, builtText: builtText === undefined ? text : builtText(original), futures: own };
  const shown = (judged: boolean) =>
    linter
      .findings(file, judged ? (found) => judgeFindings(found, built) : undefined)
      .map(({ start, message }) => `${text.slice(0, start).split("\n").length} ${message}`);
  return { byText: shown(false), judged: shown(true) };
}

/** Takes away what clippy's lint is allowed by. */
function withoutAllow(text: string): string {
  return text.replace("#[allow(clippy::await_holding_refcell_ref)]", "// Nothing is allowed.");
}

/** The same with types and methods that nothing is known of. */
function hidden(text: string): string {
  return withoutAllow(text)
    .replaceAll(/\b(?:RefMut|Ref|RefCell|Cell)\b(?=[<\b)])/g, "Hidden")
    .replaceAll(/\.(?:try_)?borrow(?:_mut)?\(\)/g, ".obtain()")
    .replace(/^use core::cell.*$/m, "");
}

const BORROWED = "held across an await: a task that borrows it meanwhile panics";

describe("a build confirms", () => {
  it("a guard that is kept across the await", async () => {
    const { byText, judged } = await judge({ ...GUARD, edit: withoutAllow });
    expect(byText).toEqual([`22 \`guard\` is a core::cell::RefMut and is ${BORROWED}`]);
    expect(judged).toEqual([`${byText[0]} (confirmed by the build, which keeps 8 B for it)`]);
  });

  it.each(["release", "dev"])("guards inside of other values, in %s", async (profile) => {
    const { byText, judged } = await judge(ofFindings("guard_inside", profile));
    expect(byText).toHaveLength(5);
    expect(judged.map((each) => each.replace(/, which keeps \d+ B/, ""))).toEqual(
      byText.map((each) => `${each} (confirmed by the build for it)`),
    );
  });

  it("guards of locks that spin", async () => {
    const { judged } = await judge(ofFindings("spin_guard"));
    expect(judged.map((each) => each.includes("confirmed by the build"))).toEqual([true, true]);
  });
});

describe("a build refutes", () => {
  it("a guard that is not kept", async () => {
    // The text says that the guard is alive; what was built has no place for it.
    const edit = (text: string) =>
      withoutAllow(text)
        .replace("let measurements = {", "// no scope")
        .replace("guard.measurements\n", "let measurements = guard.measurements;\n")
        .replace("        };", "// no scope");
    const { byText, judged } = await judge({ ...SCOPED, edit });
    expect(byText).toHaveLength(1);
    expect(judged).toEqual([]);
  });

  it("what is large by the text, and small in the build", async () => {
    const rule: Rule = {
      ...sizeRule,
      check: ({ bodies }, report) => {
        const body = bodies.find(({ name }) => name === "record_task");
        const value = body?.values.find(({ name }) => name === "microphone");
        if (body === undefined || value === undefined) return;
        const awaits = body.awaits.map(({ node }) => node.ofKind("await")!.start);
        report({
          at: value.born,
          message: "large",
          facts: { function: body.name, awaits, variable: value.name },
        });
      },
    };
    const { byText, judged } = await judge({ ...BIG, rules: [rule] });
    expect(byText).toEqual(["18 large"]);
    expect(judged.filter((each) => each.includes("large"))).toEqual([]);
  });
});

describe("a build adds", () => {
  it("a guard whose type the text does not tell", async () => {
    const { byText, judged } = await judge({ ...GUARD, edit: hidden });
    expect(byText).toEqual([]);
    expect(judged).toEqual([`22 \`guard\` is a core::cell::RefMut and is ${BORROWED} (told by the build)`]);
  });

  it("guards inside of other values, but none that an option may have lost", async () => {
    const { byText, judged } = await judge({ ...ofFindings("guard_inside"), edit: hidden });
    expect(byText).toEqual(["43", "53"].flatMap(() => []));
    expect(judged.map((each) => each.slice(0, each.indexOf(",")))).toEqual([
      "36 `pair` has a core::cell::RefMut in it",
      "43 `journal` has a core::cell::RefMut in it",
      "62 `readers` has a core::cell::Ref in it",
    ]);
  });

  it("what is large, with its exact size, at each place where it is kept", async () => {
    const { byText, judged } = await judge({ ...BIG, rules: [sizeRule] });
    expect(byText).toEqual([]);
    expect(judged).toEqual([
      "20 `recording` takes 4096 bytes and is kept across an await, so the task's future has room for it all the time (told by the build)",
      "28 `recording` takes 4096 bytes and is kept across an await, so the task's future has room for it all the time (told by the build)",
    ]);
  });

  it("nothing for guards that have ended, although the compiler keeps places for them", async () => {
    for (const profile of ["release", "dev"]) {
      for (const edit of [withoutAllow, hidden]) {
        expect(await judge({ ...ofFindings("guard_ended", profile), edit })).toEqual({
          byText: [],
          judged: [],
        });
      }
    }
    expect(await judge({ ...DROPPED, edit: hidden })).toEqual({ byText: [], judged: [] });
  });

  it("nothing that is allowed: by an attribute, by a comment, by settings", async () => {
    const allowed = (text: string) =>
      hidden(text).replace("// Nothing is allowed.", "#[allow(clippy::await_holding_refcell_ref)]");
    expect((await judge({ ...GUARD, edit: allowed })).judged).toEqual([]);
    const comment = (text: string) =>
      hidden(text).replace("station.obtain();", "station.obtain(); // pollscope: allow(guard-across-await)");
    expect((await judge({ ...GUARD, edit: comment })).judged).toEqual([]);
    expect((await judge({ ...GUARD, edit: hidden, rules: [sizeRule] })).judged).toEqual([]);
  });
});

describe("a build that is older than the text", () => {
  const changed = (text: string) =>
    withoutAllow(text).replace("guard.measurements += 1;", "guard.measurements += 2;");

  it("neither confirms nor refutes in a function that has changed", async () => {
    const { byText, judged } = await judge({ ...GUARD, edit: changed, builtText: withoutAllow });
    expect(byText).toHaveLength(1);
    expect(judged).toEqual(byText);
    const edit = (text: string) => hidden(changed(text));
    expect((await judge({ ...GUARD, edit, builtText: hidden })).judged).toEqual([]);
  });

  it("takes no await beside a macro for the one in it", async () => {
    const rule: Rule = {
      ...sizeRule,
      check: ({ bodies }, report) => {
        const body = bodies.find(({ name }) => name === "record_task");
        const [value] = body?.values ?? [];
        const at = body?.awaits[0]?.node.start;
        if (body === undefined || value === undefined || at === undefined) return;
        report({
          at: value.born,
          message: "large",
          facts: { function: body.name, awaits: [at], variable: value.name },
        });
      },
    };
    // The finding is about the beginning of the line, as where a macro's name stands.
    const { judged } = await judge({ ...BIG, rules: [rule] });
    expect(judged).toContain("18 large");
  });

  it("says nothing where it is not known what was built", async () => {
    const { byText, judged } = await judge({ ...GUARD, edit: withoutAllow, builtText: () => null });
    expect(judged).toEqual(byText);
  });

  it("goes on telling of functions that have only moved", async () => {
    const edit = (text: string) =>
      text.replace("use core::cell::RefCell;", "// One line more.\nuse core::cell::RefCell;");
    const { judged } = await judge({
      ...GUARD,
      edit: (text) => edit(withoutAllow(text)),
      builtText: withoutAllow,
    });
    expect(judged).toEqual([
      `23 \`guard\` is a core::cell::RefMut and is ${BORROWED} (confirmed by the build, which keeps 8 B for it)`,
    ]);
  });
});
