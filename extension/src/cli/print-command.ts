import { hexAddress } from "#adapter/base/hex-address";
import { UserError } from "#adapter/base/errors";
import { type CoreBacktrace, coreBacktrace } from "#adapter/debuggee/core-backtrace";
import { type Children, childrenOf } from "#adapter/values/children";
import { evaluate, type ExpressionScope, NO_SCOPE } from "#adapter/values/expression/evaluate";
import type { ValueReader } from "#adapter/values/reader";
import type { NamedValue, Value } from "#adapter/values/value";
import { valueText } from "#adapter/values/value-text";
import { launchTo } from "./launch";
import { noteProblems, type Output } from "./output";
import type { PrintRequest } from "./requests";
import { frameNumbers } from "./text/frame-numbers";

/** Elements of an array or collection that are printed one to a line. */
const MOST_ELEMENTS = 100;

/**
 * Runs a firmware to an instant and prints what an expression amounts to there, with its parts. It may name the
 * variables of one frame, of the innermost if none is given, and statics.
 * @throws UserError if the expression makes no sense, there is no such frame, or the firmware has no debug info
 */
export async function runPrint(request: PrintRequest, output: Output): Promise<void> {
  const debuggee = await launchTo(request, output);
  if (!debuggee.firmware.elf.hasDebugInfo) {
    throw new UserError(
      `${request.firmware} has no debug info, so its variables are not known`,
      "build with `debug = 2` in the profile and without `strip`",
    );
  }
  const backtrace = await coreBacktrace(debuggee);
  const { reader } = backtrace;
  const value = evaluated(request.expression, reader, scopeOf(backtrace, request.frame));
  const children = childrenOf(value, reader);
  if (request.isJson) {
    await output.write(
      `${JSON.stringify(valueJson(request.expression, value, { children, reader }), null, 2)}\n`,
    );
  } else {
    await output.write(`${valueLines(value, { children, reader }, output).join("\n")}\n`);
  }
  noteProblems(output, debuggee.problems);
  debuggee.dispose();
}

/** The frame of a number; the core may stand where no function is known. */
function scopeOf({ frames }: CoreBacktrace, wanted: number): ExpressionScope {
  const numbers = frameNumbers(frames);
  const found = frames[numbers.indexOf(wanted)];
  if (found !== undefined) return found;
  if (wanted === 0) return NO_SCOPE;
  const last = Math.max(0, ...numbers.map((number) => number ?? 0));
  throw new UserError(
    `There is no frame ${wanted}`,
    last === 0 ? "there is only frame 0" : `\`pollscope stack\` lists them: they are 0 to ${last}`,
  );
}

interface Seen {
  readonly children: Children;
  readonly reader: ValueReader;
}

function evaluated(expression: string, reader: ValueReader, scope: ExpressionScope): Value {
  const result = evaluate(expression, reader, scope);
  if (result.kind === "value") return result.value;
  const pointer = `${expression}\n${" ".repeat(result.position)}^`;
  throw new UserError(
    `The expression cannot be evaluated: ${result.message}`,
    `\`pollscope print --help\` says what can be written\n${pointer}`,
  );
}

/** The type and address, the value, and a line for each part. */
function valueLines(value: Value, { children, reader }: Seen, { style }: Output): string[] {
  const address = reader.addressOf(value);
  const where = address === undefined ? "" : ` at ${hexAddress(address)}`;
  const parts = partsOf(children).map(({ name, value: part }) => `  ${name}: ${valueText(part, reader)}`);
  const left = children.indexed - MOST_ELEMENTS;
  return [
    style.dim(value.type.name + where),
    style.bold(valueText(value, reader)),
    ...parts,
    ...(left > 0 ? [style.dim(`  … ${left} more, as \`[${MOST_ELEMENTS}..]\``)] : []),
  ];
}

function valueJson(expression: string, value: Value, { children, reader }: Seen) {
  const address = reader.addressOf(value);
  return {
    expression,
    type: value.type.name,
    address: address === undefined ? null : hexAddress(address),
    value: valueText(value, reader),
    elements: children.indexed,
    parts: partsOf(children).map(({ name, value: part }) => ({
      name,
      type: part.type.name,
      value: valueText(part, reader),
    })),
  };
}

function partsOf(children: Children): NamedValue[] {
  return [...children.elements(0, MOST_ELEMENTS), ...children.named];
}
