import { hexAddress } from "../../base/hex-address";
import { Register, REGISTER_NAMES, type RegisterNumber } from "../../target/architecture";
import type { FrameVariable } from "../../values/frame-variables";
import type { CoreFrame } from "../core-frame";
import type { Inspection } from "../inspection";
import type { MachineStackFrame } from "../stacks/stack-frame";
import type { Scope } from "./scope";
import { taskScope } from "./task-scope";
import { valueVariable } from "./value-variable";
import { fact, listOf, type Variable, type VariableList } from "./variable";

/** Arguments, locals, statics of the crate, registers; of the body of a task also the task. */
export function machineScopes(inspection: Inspection, frame: MachineStackFrame, core: CoreFrame): Scope[] {
  const { variables, statics } = core;
  const context = { reader: inspection.reader, scope: core };
  const shown = (isWanted: (each: FrameVariable) => boolean): VariableList => {
    const wanted = variables.filter(isWanted);
    return listOf(wanted.length, () =>
      wanted.map((each) => {
        const isHidden = variables.findLast(({ name }) => name === each.name) !== each;
        const name = isHidden ? `${each.name} (hidden by another)` : each.name;
        return valueVariable({ name, value: each.value }, isHidden ? [] : [each.name], context);
      }),
    );
  };
  const scopes: Scope[] = [];
  if (variables.some(({ isParameter }) => isParameter)) {
    scopes.push({ name: "Arguments", kind: "arguments", variables: shown(({ isParameter }) => isParameter) });
  }
  scopes.push({ name: "Locals", kind: "locals", variables: shown(({ isParameter }) => !isParameter) });
  if (frame.isTaskBody && frame.task !== undefined) scopes.push(taskScope(inspection, frame.task));
  if (statics.length > 0) {
    const list = listOf(statics.length, () =>
      statics.map(({ name, address, type }) =>
        valueVariable({ name, value: inspection.reader.at(type, address) }, [name], context),
      ),
    );
    scopes.push({ name: "Statics", kind: "statics", variables: list });
  }
  scopes.push({ name: "Registers", kind: "registers", variables: registers(inspection, frame, core) });
  return scopes;
}

/** All registers as they are in a frame. Only those of the innermost frame are the core's own, and can be set. */
function registers(
  { reader }: Inspection,
  { frame }: MachineStackFrame,
  { hasCoreRegisters }: CoreFrame,
): VariableList {
  const { state } = frame.machine;
  return listOf(REGISTER_NAMES.length, () =>
    REGISTER_NAMES.map((name, number): Variable => {
      const value = state.registers.get(number);
      if (value === undefined) return fact(name, "<not kept by the functions it has called>");
      const isCode = number === Register.pc || number === Register.lr;
      const code = isCode ? reader.symbols.functionAt((value & ~1) >>> 0) : undefined;
      return {
        ...fact(name, code === undefined ? hexAddress(value) : `${hexAddress(value)} (${code.name})`),
        type: "u32",
        memory: value,
        ...(hasCoreRegisters && { target: { kind: "register", register: number as RegisterNumber } }),
      };
    }),
  );
}
