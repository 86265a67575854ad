/** The characters that a page keeps of a terminal; what came before is not shown any more. */
const KEPT = 60_000;

/** What a chip has sent to a terminal, as it comes in pieces of bytes. */
export class TerminalText {
  /** Number of the character behind the last that is known. */
  known = 0;
  private bytes = "";
  private shown: { readonly bytes: string; readonly text: string } = { bytes: "", text: "" };

  /** Takes the characters from number `from` on, or all anew where they do not follow on what is known. */
  add({ from, text }: { readonly from: number; readonly text: string }): void {
    const end = from + text.length;
    if (end < this.known) {
      // Another run: the next look brings all that it has sent.
      this.known = 0;
      this.bytes = "";
      return;
    }
    const follows = from <= this.known;
    this.bytes = ((follows ? this.bytes : "") + (follows ? text.slice(this.known - from) : text)).slice(
      -KEPT,
    );
    this.known = end;
  }

  /** As text for reading: UTF-8, line ends of all kinds as one, other control characters as their pictures. */
  get text(): string {
    if (this.shown.bytes !== this.bytes) this.shown = { bytes: this.bytes, text: readable(this.bytes) };
    return this.shown.text;
  }
}

function readable(bytes: string): string {
  const text = new TextDecoder().decode(Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)));
  return (
    text
      .replaceAll(/\r\n?/g, "\n")
      // eslint-disable-next-line no-control-regex -- that is what is looked for
      .replaceAll(/[\u0000-\u0008\u000b-\u001f]/g, (control) =>
        String.fromCharCode(0x2400 + control.charCodeAt(0)),
      )
  );
}
