import { searchMember } from "../../values/formatters/search-member";
import { withoutAliases } from "../../values/type-words";
import { findObject } from "../find-object";
import { plainWait } from "../wait";
import type { LeafContext, LeafFuture } from "./leaf";

/** What embassy-rp's functions wait for, by their names. */
const EDGES: Readonly<Record<string, string | undefined>> = {
  wait_for_low: "low level",
  wait_for_high: "high level",
  wait_for_falling_edge: "falling edge",
  wait_for_rising_edge: "rising edge",
  wait_for_any_edge: "any edge",
};

/** A pin of embassy-rp. What is waited for is not kept in the future: the function that made it says it. */
export const gpioLeaf: LeafFuture = {
  matches: /^embassy_rp::gpio::InputFuture$/,
  describe({ value, reader, callers }) {
    const pinAndBank = reader.count(searchMember(value, "pin_bank", reader));
    if (pinAndBank === undefined) return undefined;
    const name = `${pinAndBank >= 0x80 ? "QSPI pin" : "GPIO"} ${pinAndBank & 0x7f}`;
    const called = callers.at(-1)?.split("::").at(-1) ?? "";
    return plainWait("gpio", `${name} ${EDGES[called] ?? "to change"}`);
  },
};

const UART_WORDS: Readonly<Record<string, string | undefined>> = {
  read: "to receive a byte",
  fill_buf: "to receive a byte",
  write: "to have room for a byte",
  flush: "to have sent everything",
};

/**
 * The buffered UART of embassy-rp, which moves bytes in its interrupt. The other one leaves that to the DMA; what it
 * waits for beside is an error that ends the transfer.
 */
export const uartLeaf: LeafFuture = {
  matches: /^embassy_rp::uart::(?:\w+::)*[a-z]\w*$/,
  describe(context, key) {
    const uart = instanceOf(context, /UART\d/) ?? "UART";
    const isBuffered = key.startsWith("embassy_rp::uart::buffered::");
    const words = isBuffered ? UART_WORDS[key.split("::").at(-1) ?? ""] : "to report an error";
    return plainWait("uart", `${uart} ${words ?? "to raise its interrupt"}`);
  },
};

/** A FIFO or an interrupt flag of a PIO; which state machine is an argument of the type. */
export const pioLeaf: LeafFuture = {
  matches: /^embassy_rp::pio::(?:Fifo(?:In|Out)Future|IrqFuture)$/,
  describe({ value, reader }, key) {
    const [, pio, machine] = /\b(PIO\d)(?:, (\d+))?/.exec(value.type.name) ?? [];
    if (pio === undefined) return undefined;
    if (key.endsWith("::IrqFuture")) {
      const flag = reader.count(reader.member(value, "irq_no"));
      return flag === undefined ? undefined : plainWait("hardware", `${pio} to raise flag ${flag}`);
    }
    const who = machine === undefined ? pio : `${pio} state machine ${machine}`;
    const what = key.endsWith("::FifoInFuture") ? "to send a word" : "to have room for a word";
    return plainWait("hardware", `${who} ${what}`);
  },
};

/** The alarm of the real-time clock. */
export const alarmLeaf: LeafFuture = {
  matches: /^embassy_rp::rtc::wait_for_alarm$/,
  describe: () => plainWait("hardware", "alarm of the RTC"),
};

/** Any other future of embassy-rp waits for the interrupt of the block that its module is named after. */
export const hardwareLeaf: LeafFuture = {
  matches:
    /^embassy_rp::(?:adc|aon_timer|flash|i2c|i2c_slave|pio|rtc|spi|trng|usb)::(?:\w+::)*(?:[a-z]\w*|\w+Future|BackgroundRead)$/,
  describe(context, key) {
    const block = key
      .split("::")[1]!
      .replace(/_slave$/, "")
      .toUpperCase();
    const name = instanceOf(context, new RegExp(`\\b${block}\\d`)) ?? block;
    return plainWait("hardware", `interrupt of ${name}`);
  },
};

/** `yield_now`: it has woken its own task. */
export const yieldLeaf: LeafFuture = {
  matches: /(?:^|::)(?:YieldNow(?:Future)?|yield_now)$/,
  describe: () => plainWait("yield", "nothing: it lets other tasks run first"),
};

/** Which of several equal blocks: the interrupt that the driver keeps says so, a type argument, or where its state is. */
function instanceOf({ value, reader }: LeafContext, pattern: RegExp): string | undefined {
  const info = findObject(value, ["embassy_rp::uart::Info", "embassy_rp::i2c::Info"], reader);
  const interrupt = info && searchMember(info, "interrupt", reader);
  const type = interrupt && withoutAliases(interrupt.type);
  if (type?.kind === "plain-enum") {
    const number = reader.unsigned(interrupt);
    const name = type.enumerators.find((each) => each.value === number)?.name;
    const known = name && pattern.exec(name)?.[0];
    if (known !== undefined && known !== "") return known;
  }
  const state = findObject(value, ["embassy_rp::uart::DmaState"], reader);
  const address = state && reader.addressOf(state);
  const place = address === undefined ? undefined : reader.symbols.staticAt(address)?.name;
  return pattern.exec(`${value.type.name} ${place ?? ""}`)?.[0];
}
