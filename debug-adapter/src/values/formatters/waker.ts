import { hexAddress } from "../../base/hex-address";
import { placeText } from "../pointers";
import type { Formatter } from "../shape";
import { searchMember } from "./search-member";

/** A waker carries a pointer to what it wakes: in Embassy a task, whose static names it. */
export const wakerFormatter: Formatter = {
  types: ["core::task::wake::Waker"],
  shape(value, reader) {
    const data = reader.count(searchMember(value, "data", reader));
    if (data === undefined) return undefined;
    const place = placeText(data, reader) ?? hexAddress(data);
    return { kind: "wrapped", name: "Waker", inner: undefined, notes: [place] };
  },
};
