import { RegisterBlock } from "../../register-block";

const CTRL = 0x00;
const FLUSH = 0x04;
const STAT = 0x08;
const ERR_BADWRITE = 1 << 1;
const FIFO_EMPTY = 1 << 1;
const FLUSH_READY = 1 << 0;

/**
 * The XIP cache's control block (datasheet 2.6.3.6). There is no cache to be seen: every access takes as long as a
 * hit. Streaming is not emulated; its FIFO stays empty.
 */
export class XipCtrl extends RegisterBlock {
  constructor() {
    super(
      "XIP_CTRL",
      0x1400_0000,
      0x20,
      {
        [CTRL]: { name: "CTRL", reset: 3, writable: 0xb },
        [FLUSH]: { name: "FLUSH" },
        [STAT]: { name: "STAT", reset: FIFO_EMPTY | FLUSH_READY },
        0x0c: { name: "CTR_HIT", isEmulated: false },
        0x10: { name: "CTR_ACC", isEmulated: false },
        0x14: { name: "STREAM_ADDR", writable: 0xffff_fffc, isEmulated: false },
        0x18: { name: "STREAM_CTR" },
        0x1c: { name: "STREAM_FIFO", isEmulated: false },
      },
      {},
    );
  }

  /** Whether a write to an uncached alias of the flash is a bus fault. */
  get doesBadWriteFault(): boolean {
    return (this.registers[CTRL >> 2]! & ERR_BADWRITE) !== 0;
  }
}
