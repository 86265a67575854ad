import { address } from "../../base/brand";
import { UserError } from "../../base/errors";
import type { Type } from "../../symbols/types/type";
import { assignmentTo } from "../../values/expression/assignment";
import { evaluate, type ExpressionScope } from "../../values/expression/evaluate";
import { withoutAliases } from "../../values/type-words";
import type { Inspection } from "../inspection";
import { assignable } from "./value-variable";
import type { AssignmentTarget } from "./variable";

/**
 * Sets what a variable stands for to what an expression amounts to. What was inspected before is not true any more.
 * @throws UserError if the expression is wrong, or is no value of the type
 */
export async function assign(
  target: AssignmentTarget,
  text: string,
  { debuggee, reader }: Inspection,
  scope: ExpressionScope,
): Promise<void> {
  if (target.kind === "register") {
    await debuggee.target.writeRegister(target.register, registerValue(text, { reader, scope }));
    return;
  }
  const assignment = assignmentTo(target.value.type, text, reader, scope);
  if (assignment.kind === "error") throw new UserError(assignment.message, "write a value of that type");
  if (target.kind === "held") {
    await debuggee.target.writeRegister(target.register, extended(assignment.bytes, target.value.type));
    return;
  }
  const at = reader.addressOf(target.value);
  if (at === undefined)
    throw new UserError("The value is not in memory", "set it in the frame that keeps it");
  await debuggee.target.writeMemory(address(at), assignment.bytes);
}

/**
 * What `text` names, to be set.
 * @throws UserError if it names nothing that can be set
 */
export function assignmentTarget(
  text: string,
  { reader }: Inspection,
  scope: ExpressionScope,
): AssignmentTarget {
  const found = evaluate(text, reader, scope);
  if (found.kind === "error")
    throw new UserError(found.message, "name a variable, a static or a part of one");
  const target = assignable(found.value, { reader, scope });
  if (target !== undefined) return target;
  throw cannotBeSet(text);
}

export function cannotBeSet(name: string): UserError {
  return new UserError(
    `${name} cannot be set`,
    "set a number, bool, char, pointer or enum without data that is in RAM, or whole in a register of the innermost frame",
  );
}

/** A value as a whole register: signed numbers keep their sign, others have zeros in front (AAPCS32 6.3). */
function extended(bytes: Uint8Array, type: Type): number {
  const number = bytes.reduceRight((value, byte) => value * 256 + byte, 0);
  const plain = withoutAliases(type);
  const isNegative = plain.kind === "base" && plain.encoding === "signed" && (bytes.at(-1)! & 0x80) !== 0;
  return isNegative ? (number - 2 ** (8 * bytes.length)) >>> 0 : number;
}

function registerValue(
  text: string,
  { reader, scope }: Pick<Inspection, "reader"> & { readonly scope: ExpressionScope },
): number {
  const found = evaluate(text, reader, scope);
  if (found.kind === "error") throw new UserError(found.message, "write a number");
  const number = reader.unsigned(found.value);
  if (number !== undefined && number <= 0xffff_ffffn) return Number(number);
  throw new UserError(`${text} does not fit a register`, "write a number from 0 to 0xffffffff");
}
