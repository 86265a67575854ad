/** Registers of the DW_apb_i2c and their bits (datasheet 4.3.17). */
export const CON = 0x00;
export const TAR = 0x04;
export const SAR = 0x08;
export const DATA_CMD = 0x10;
export const SS_SCL_HCNT = 0x14;
export const SS_SCL_LCNT = 0x18;
export const FS_SCL_HCNT = 0x1c;
export const FS_SCL_LCNT = 0x20;
export const INTR_STAT = 0x2c;
export const INTR_MASK = 0x30;
export const RAW_INTR_STAT = 0x34;
export const RX_TL = 0x38;
export const TX_TL = 0x3c;
export const CLR_INTR = 0x40;
export const CLR_RX_UNDER = 0x44;
export const CLR_RX_OVER = 0x48;
export const CLR_TX_OVER = 0x4c;
export const CLR_RD_REQ = 0x50;
export const CLR_TX_ABRT = 0x54;
export const CLR_RX_DONE = 0x58;
export const CLR_ACTIVITY = 0x5c;
export const CLR_STOP_DET = 0x60;
export const CLR_START_DET = 0x64;
export const CLR_GEN_CALL = 0x68;
export const ENABLE = 0x6c;
export const STATUS = 0x70;
export const TXFLR = 0x74;
export const RXFLR = 0x78;
export const SDA_HOLD = 0x7c;
export const TX_ABRT_SOURCE = 0x80;
export const DMA_CR = 0x88;
export const ENABLE_STATUS = 0x9c;
export const CLR_RESTART_DET = 0xa8;

// IC_CON
export const CON_RESTART_EN = 1 << 5;

// IC_DATA_CMD
export const CMD_READ = 1 << 8;
export const CMD_STOP = 1 << 9;
export const CMD_RESTART = 1 << 10;
export const FIRST_DATA_BYTE = 1 << 11;

// Interrupts
export const RX_UNDER = 1 << 0;
export const RX_OVER = 1 << 1;
export const RX_FULL = 1 << 2;
export const TX_OVER = 1 << 3;
export const TX_EMPTY = 1 << 4;
export const RD_REQ = 1 << 5;
export const TX_ABRT = 1 << 6;
export const RX_DONE = 1 << 7;
export const ACTIVITY = 1 << 8;
export const STOP_DET = 1 << 9;
export const START_DET = 1 << 10;
export const GEN_CALL = 1 << 11;
export const RESTART_DET = 1 << 12;

// IC_TX_ABRT_SOURCE
export const ABRT_7B_ADDR_NOACK = 1 << 0;
export const ABRT_TXDATA_NOACK = 1 << 3;
export const ARB_LOST = 1 << 12;
export const ABRT_USER_ABRT = 1 << 16;
export const TX_FLUSH_CNT_SHIFT = 23;

// IC_STATUS
export const STATUS_ACTIVITY = 1 << 0;
export const STATUS_TFNF = 1 << 1;
export const STATUS_TFE = 1 << 2;
export const STATUS_RFNE = 1 << 3;
export const STATUS_RFF = 1 << 4;
export const STATUS_MST_ACTIVITY = 1 << 5;

// IC_DMA_CR
export const RDMAE = 1 << 0;
export const TDMAE = 1 << 1;

/** Which cause each clear-on-read register clears. */
export const CLEARS: Readonly<Record<number, number>> = {
  [CLR_INTR]:
    RX_UNDER | RX_OVER | TX_OVER | RD_REQ | TX_ABRT | RX_DONE | ACTIVITY | STOP_DET | START_DET | GEN_CALL,
  [CLR_RX_UNDER]: RX_UNDER,
  [CLR_RX_OVER]: RX_OVER,
  [CLR_TX_OVER]: TX_OVER,
  [CLR_RD_REQ]: RD_REQ,
  [CLR_TX_ABRT]: TX_ABRT,
  [CLR_RX_DONE]: RX_DONE,
  [CLR_ACTIVITY]: ACTIVITY,
  [CLR_STOP_DET]: STOP_DET,
  [CLR_START_DET]: START_DET,
  [CLR_GEN_CALL]: GEN_CALL,
  [CLR_RESTART_DET]: RESTART_DET,
};
