import { RegisterBlock, repeat } from "../../register-block";

const all = { writable: 0xffff_ffff, isEmulated: false };
const NAMES: readonly string[] = [
  "MAIN_CTRL",
  "SOF_WR",
  "SOF_RD",
  "SIE_CTRL",
  "SIE_STATUS",
  "INT_EP_CTRL",
  "BUFF_STATUS",
  "BUFF_CPU_SHOULD_HANDLE",
  "EP_ABORT",
  "EP_ABORT_DONE",
  "EP_STALL_ARM",
  "NAK_POLL",
  "EP_STATUS_STALL_NAK",
  "USB_MUXING",
  "USB_PWR",
  "USBPHY_DIRECT",
  "USBPHY_DIRECT_OVERRIDE",
  "USBPHY_TRIM",
];
const INTERRUPTS = ["INTR", "INTE", "INTF", "INTS"];

/** The USB controller's registers (datasheet 4.1.4): names only, as if no cable were plugged in. */
export class Usbctrl extends RegisterBlock {
  constructor() {
    super(
      "USBCTRL",
      0x5011_0000,
      0x1000,
      {
        ...repeat(0x00, 4, 16, (n) => ({ name: n === 0 ? "ADDR_ENDP" : `ADDR_ENDP${n}`, ...all })),
        ...repeat(0x40, 4, NAMES.length, (n) => ({ name: NAMES[n]!, ...all })),
        ...repeat(0x8c, 4, 4, (n) => ({ name: INTERRUPTS[n]!, ...all })),
      },
      {},
    );
  }
}
