import { address } from "../../base/brand";
import { UserError } from "../../base/errors";
import { assignmentTo } from "../../values/expression/assignment";
import { evaluate, type ExpressionScope } from "../../values/expression/evaluate";
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
  const value = assignable(found.value, reader);
  if (value !== undefined) return { kind: "value", value };
  throw cannotBeSet(text);
}

export function cannotBeSet(name: string): UserError {
  return new UserError(
    `${name} cannot be set`,
    "set a number, bool, char, pointer or enum without data that is in RAM",
  );
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
