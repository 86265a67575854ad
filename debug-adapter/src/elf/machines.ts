/** `e_machine` values that a user may hand to us by mistake. */
const MACHINES: ReadonlyMap<number, string> = new Map([
  [2, "SPARC"],
  [3, "x86"],
  [4, "68000"],
  [8, "MIPS"],
  [20, "PowerPC"],
  [21, "64-bit PowerPC"],
  [22, "IBM Z"],
  [40, "ARM"],
  [43, "64-bit SPARC"],
  [62, "x86-64"],
  [83, "AVR"],
  [94, "Xtensa"],
  [105, "MSP430"],
  [164, "Hexagon"],
  [183, "AArch64"],
  [243, "RISC-V"],
  [247, "BPF"],
  [258, "LoongArch"],
]);

/** What a user calls the machine of an ELF header. */
export function machineName(machine: number): string {
  return MACHINES.get(machine) ?? `machine ${machine}`;
}
