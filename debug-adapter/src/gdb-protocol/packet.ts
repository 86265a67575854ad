// Framing of gdb's remote serial protocol (gdb manual, appendix E.1):
//
//     $ data # checksum      a packet; + and - acknowledge it
//     0x03                   interrupt what runs
//
// Data is text of one byte per character. `$`, `#` and `}` within it are written as `}` and the byte with bit 5
// turned; `*` too in what we send, where it would mean a repetition. What a server sends may repeat: behind `*` comes a
// character that is 29 and the number of repetitions, so `0*` and a space are four zeros.

/** What the other side has sent. */
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

/** The least character that counts repetitions stands for three of them. */
const REPETITIONS = 29;

/** Cuts what arrives, in whatever portions, into packets. */
export class PacketReader {
  private pending = "";

  /** @param sender who sends: only servers repeat characters */
  constructor(private readonly sender: "client" | "server" = "client") {}

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
    if (checksum !== checksumOf(escaped)) return { kind: "damaged" };
    return { kind: "packet", data: unescape(this.sender === "server" ? repeated(escaped) : escaped) };
  }
}

/** A packet as it goes over the line. */
export function framePacket(data: string): string {
  const escaped = data.replaceAll(/[$#}*]/g, (character) => `}${turned(character)}`);
  return `$${escaped}#${checksumOf(escaped).toString(16).padStart(2, "0")}`;
}

/** An escaped `*` repeats nothing. */
function repeated(data: string): string {
  return data.replaceAll(/(\}[\s\S]|[^}])\*([\s\S])/g, (_, character: string, count: string) =>
    character.repeat(1 + Math.max(0, count.charCodeAt(0) - REPETITIONS)),
  );
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
