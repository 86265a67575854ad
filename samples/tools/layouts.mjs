// How the compiler lays out the state machines of async functions, in its own words.
//
// `-Zprint-type-sizes` prints the layout of every type that is used in a crate:
//
//     print-type-size type: `{async fn body of nap()}`: 24 bytes, alignment: 8 bytes
//     print-type-size     discriminant: 1 bytes
//     print-type-size     variant `Suspend0`: 23 bytes
//     print-type-size         upvar `.seconds`: 8 bytes, offset: 0 bytes, alignment: 8 bytes
//     print-type-size         padding: 4 bytes
//     print-type-size         local `.__awaitee`: 16 bytes, alignment: 8 bytes, type: Timer
//
// Where there is no offset, a field begins where the one before it ended (the first after the discriminant's size),
// after the padding (rustc_session::code_stats).

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { BuildError, output, run } from "./process.mjs";
import { compare } from "./programs.mjs";

/**
 * The layouts of a program's coroutines, one line for each and one for each of its states:
 *
 *     {async fn body of nap()} 24 bytes, aligned to 8
 *       Suspend0: seconds @0 (8), __awaitee @8 (16)
 *
 * @param {object} options
 * @param {string} options.package of the program
 * @param {string} options.binary its name
 * @param {string[]} options.args what cargo is told besides: target, profile
 * @param {string} options.kept where the print is kept: cargo prints nothing for a crate that is up to date
 */
export function readLayouts({ package: name, binary, args, kept, cwd, env, remedy }) {
  const own = {
    RUSTC_WORKSPACE_WRAPPER: join(import.meta.dirname, "unstable-rustc.sh"),
    // Compiling incrementally, rustc prints no layout that it knows from before.
    CARGO_INCREMENTAL: "0",
  };
  const options = { cwd, env: { ...env, ...own }, remedy };
  if (!existsSync(kept)) {
    run("cargo", ["clean", "--quiet", "--package", name, ...args], options);
  }
  const which = ["--locked", "--quiet", "--package", name, "--bin", binary, ...args];
  const printed = output("cargo", ["rustc", ...which, "--", "-Zprint-type-sizes"], options);
  if (printed.includes("print-type-size type:")) {
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, printed);
  }
  return layoutText(readFileSync(kept, "utf8"));
}

/** @param {string} printed what `-Zprint-type-sizes` prints */
export function layoutText(printed) {
  const layouts = printed
    .split(/^print-type-size type: /m)
    .filter((block) => /^`\{async (?:fn body|block|closure body)\b/.test(block))
    .map((block) => coroutineText(block.split("\n")));
  return layouts.sort(compare).join("");
}

function coroutineText([head, ...lines]) {
  const [, name, byteSize, alignment] = /^`(.*)`: (\d+) bytes, alignment: (\d+) bytes$/.exec(head);
  let discriminantSize = 0;
  let end = 0;
  const states = [];
  for (const line of lines) {
    const [, depth, text] = /^print-type-size( +)(.*)$/.exec(line) ?? ["", "", ""];
    const discriminant = /^discriminant: (\d+) bytes$/.exec(text);
    const variant = /^variant `(\w+)`: \d+ bytes$/.exec(text);
    const padding = /^padding: (\d+) bytes$/.exec(text);
    const field = /^\w+ `\.([.\w]+)`: (\d+) bytes(?:, offset: (\d+) bytes)?/.exec(text);
    if (discriminant !== null) {
      discriminantSize = Number(discriminant[1]);
    } else if (variant !== null) {
      states.push({ name: variant[1], fields: [] });
      end = discriminantSize;
    } else if (padding !== null) {
      end += Number(padding[1]);
    } else if (field !== null) {
      const offset = field[3] === undefined ? end : Number(field[3]);
      states.at(-1).fields.push(`${field[1]} @${offset} (${field[2]})`);
      end = offset + Number(field[2]);
    } else if (text !== "" && !/^end padding: /.test(text)) {
      throw new BuildError(
        `rustc prints layouts in an unknown form (${depth}${text}): adapt tools/layouts.mjs.`,
      );
    }
  }
  const rows = states.map((state) => `  ${`${state.name}: ${state.fields.join(", ")}`.trim()}\n`);
  return `${name} ${byteSize} bytes, aligned to ${alignment}\n${rows.join("")}`;
}
