// Framing of gdb's remote serial protocol (gdb manual, appendix E.1):
//
//     $ data # checksum      a packet; + and - acknowledge it
//     0x03                   interrupt what runs
//
// Data is text of one byte per character. `$`, `#` and `}` within it are written as `}` and the byte with bit 5
// turned; `*` too in what we send, where it would mean a repetition.

/** What a client has sent. */
export type Received =
  | { readonly kind: "packet"; readonly data: string }
  | { readonly kind: "interrupt" }
  | { readonly kind: "acknowledged" }
  /** The other side wants the last packet again. */
  | { readonly kind: "rejected" }
  /** A packet whose checksum is wrong. */
  | { readonly kind: "damaged" };

/** No client needs more; what is longer is noise. */
const LONGEST_PACKET = 1 << 20;

const INTERRUPT = "\u0003";

/** Cuts what arrives, in whatever portions, into packets. */
export class PacketReader {
  private pending = "";

  /** Takes bytes, one per character, and gives what is complete. */
  receive(bytes: string): Received[] {
    this.pending += bytes;
    const found: Received[] = [];
    for (;;) {
      const next = this.next();
      if (next === undefined) break;
      found.push(next);
    }
    return found;
  }

  private next(): Received | undefined {
    while (this.pending !== "") {
      const first = this.pending[0]!;
      if (first === "$") return this.packet();
      this.pending = this.pending.slice(1);
      if (first === INTERRUPT) return { kind: "interrupt" };
      if (first === "+") return { kind: "acknowledged" };
      if (first === "-") return { kind: "rejected" };
      // Anything else between packets is noise on the line.
    }
    return undefined;
  }

  private packet(): Received | undefined {
    const end = this.pending.indexOf("#");
    if (end < 0 || this.pending.length < end + 3) {
      if (this.pending.length <= LONGEST_PACKET) return undefined;
      this.pending = "";
      return { kind: "damaged" };
    }
    const escaped = this.pending.slice(1, end);
    const checksum = parseInt(this.pending.slice(end + 1, end + 3), 16);
    this.pending = this.pending.slice(end + 3);
    return checksum === checksumOf(escaped)
      ? { kind: "packet", data: unescape(escaped) }
      : { kind: "damaged" };
  }
}

/** A packet as it goes over the line. */
export function framePacket(data: string): string {
  const escaped = data.replaceAll(/[$#}*]/g, (character) => `}${turned(character)}`);
  return `$${escaped}#${checksumOf(escaped).toString(16).padStart(2, "0")}`;
}

function unescape(data: string): string {
  return data.replaceAll(/\}([\s\S])/g, (_, character: string) => turned(character));
}

function turned(character: string): string {
  return String.fromCharCode(character.charCodeAt(0) ^ 0x20);
}

function checksumOf(data: string): number {
  let sum = 0;
  for (let i = 0; i < data.length; i++) sum += data.charCodeAt(i);
  return sum & 0xff;
}
