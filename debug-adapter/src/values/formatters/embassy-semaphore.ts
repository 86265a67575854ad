import { counted } from "../../base/counted";
import { placeText, thinPointer } from "../pointers";
import type { Formatter } from "../shape";
import { shortName, withoutAliases } from "../type-words";
import { dequeShape } from "./heapless";
import { searchMember } from "./search-member";

/** `GreedySemaphore(1 permit free)`, `FairSemaphore(0 permits free, 2 waiting)`. */
export const semaphoreFormatter: Formatter = {
  types: ["embassy_sync::semaphore::GreedySemaphore", "embassy_sync::semaphore::FairSemaphore"],
  shape(value, reader) {
    const permits = reader.count(searchMember(value, "permits", reader));
    if (permits === undefined) return undefined;
    const queue = searchMember(value, "wakers", reader);
    const waiting = queue && dequeShape("", queue, reader)?.count;
    const notes = [
      `${counted(permits, "permit")} free`,
      ...(waiting === undefined ? [] : [`${waiting} waiting`]),
    ];
    return { kind: "wrapped", name: shortName(value.type), inner: undefined, notes };
  },
};

/** What has been acquired: `SemaphoreReleaser(2 permits of sample::BUFFERS)`. */
export const semaphoreReleaserFormatter: Formatter = {
  types: ["embassy_sync::semaphore::SemaphoreReleaser"],
  shape(value, reader) {
    const permits = reader.count(reader.member(value, "permits"));
    const pointer = reader.member(value, "semaphore");
    const type = pointer && withoutAliases(pointer.type);
    const semaphore = type?.kind === "pointer" ? thinPointer(pointer!, type, reader) : undefined;
    if (permits === undefined || semaphore === undefined) return undefined;
    const place = placeText(semaphore.address, reader);
    const of = place === undefined ? "" : ` of ${place}`;
    return {
      kind: "wrapped",
      name: "SemaphoreReleaser",
      inner: undefined,
      notes: [`${counted(permits, "permit")}${of}`],
    };
  },
};
