import { hexAddress } from "#adapter/base/hex-address";
import type { CoreFrame } from "#adapter/debuggee/core-frame";
import type { ValueReader } from "#adapter/values/reader";
import { valueText } from "#adapter/values/value-text";
import { placeText, type ShowPath } from "./event-json";

/** A frame as `--json` prints it. Fields are never left out; what is not known is null. */
export function frameJson(
  frame: CoreFrame,
  reader: ValueReader,
  showPath: ShowPath,
): Record<string, unknown> {
  const { name, kind, isInlined, place, address, variables, registers } = frame;
  return {
    function: name,
    kind,
    inlined: isInlined,
    at: place === null ? null : placeText(place, showPath),
    pc: hexAddress(address),
    variables: variables.map(({ name, value, isParameter, isHidden }) => {
      const at = reader.addressOf(value);
      return {
        name,
        argument: isParameter,
        hidden: isHidden,
        type: value.type.name,
        address: at === undefined ? null : hexAddress(at),
        value: valueText(value, reader),
      };
    }),
    registers: Object.fromEntries(registers.map((each) => [each.name, each.value])),
  };
}
