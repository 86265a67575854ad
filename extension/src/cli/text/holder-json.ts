import { hexAddress } from "#adapter/base/hex-address";
import type { WakerHolder } from "#adapter/futures/waker-holders/waker-holders";
import { placeText, type ShowPath } from "./event-json";

/** Who holds a waker, as `--json` prints it. */
export function holderJson(
  { kind, certainty, owner, text, address, place, reason }: WakerHolder,
  showPath: ShowPath,
): Record<string, unknown> {
  return {
    kind,
    certainty,
    owner,
    text,
    address: address === null ? null : hexAddress(address),
    at: place === null ? null : placeText(place, showPath),
    reason,
  };
}
