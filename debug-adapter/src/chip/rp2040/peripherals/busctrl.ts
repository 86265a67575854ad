import { RegisterBlock, repeat } from "../../register-block";

/** BUSCTRL (datasheet 2.1.5). Priorities have no one to compete with; the performance counters stand at 0. */
export class Busctrl extends RegisterBlock {
  constructor() {
    super(
      "BUSCTRL",
      0x4003_0000,
      0x1000,
      {
        0x00: { name: "BUS_PRIORITY", writable: 0x1111 },
        0x04: { name: "BUS_PRIORITY_ACK", reset: 1 },
        ...repeat(0x08, 8, 4, (n) => ({ name: `PERFCTR${n}`, isEmulated: false })),
        ...repeat(0x0c, 8, 4, (n) => ({ name: `PERFSEL${n}`, reset: 0x1f, writable: 0x1f })),
      },
      {},
    );
  }
}
