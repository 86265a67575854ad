import { afterLeb, u32At, ulebAt } from "./bytes";
import { DW_OP } from "./constants";

/**
 * The address of a variable that lies at a fixed place: an expression of DW_OP_addr (or addrx), perhaps with an
 * offset. Undefined for any other expression: those need registers, memory or pieces and are evaluated where a
 * stopped machine is at hand.
 *
 * @param unit the unit that the expression belongs to, for its part of `.debug_addr`
 */
export function staticAddress(
  expression: Uint8Array,
  unit: { addressAt(index: number): number },
): number | undefined {
  let address: number;
  let at: number;
  switch (expression[0]) {
    case DW_OP.addr:
      if (expression.length < 5) return undefined;
      address = u32At(expression, 1);
      at = 5;
      break;
    case DW_OP.addrx:
    case DW_OP.GNU_addr_index:
      address = unit.addressAt(ulebAt(expression, 1));
      at = afterLeb(expression, 1);
      break;
    default:
      return undefined;
  }
  if (expression[at] === DW_OP.plus_uconst) {
    address = (address + ulebAt(expression, at + 1)) >>> 0;
    at = afterLeb(expression, at + 1);
  }
  return at === expression.length ? address : undefined;
}

/** Whether an expression that begins with this operator may be a static's. */
export function isAddressOperator(operator: number | undefined): boolean {
  return operator === DW_OP.addr || operator === DW_OP.addrx || operator === DW_OP.GNU_addr_index;
}
