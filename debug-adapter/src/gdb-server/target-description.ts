import { Register, REGISTER_NAMES } from "../target/architecture";

/**
 * Tells gdb which registers there are, in the order of `REGISTER_NAMES` (gdb manual, appendix G.5.3). With the two
 * stack pointers it can unwind exception frames of either stack.
 */
export const TARGET_DESCRIPTION = `<?xml version="1.0"?>
<!DOCTYPE target SYSTEM "gdb-target.dtd">
<target version="1.0">
<architecture>arm</architecture>
<feature name="org.gnu.gdb.arm.m-profile">
${registers(0, Register.msp)}
</feature>
<feature name="org.gnu.gdb.arm.m-system">
${registers(Register.msp, REGISTER_NAMES.length)}
</feature>
</target>
`;

function registers(first: number, end: number): string {
  const types: Readonly<Record<string, string>> = {
    sp: "data_ptr",
    pc: "code_ptr",
    msp: "data_ptr",
    psp: "data_ptr",
  };
  return REGISTER_NAMES.slice(first, end)
    .map(
      (name, i) => `<reg name="${name}" bitsize="32" regnum="${first + i}" type="${types[name] ?? "int"}"/>`,
    )
    .join("\n");
}
