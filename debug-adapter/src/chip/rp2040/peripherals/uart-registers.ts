/** Registers of the PL011 and their bits (datasheet 4.2.8). */
export const DR = 0x00;
export const RSR = 0x04;
export const FR = 0x18;
export const ILPR = 0x20;
export const IBRD = 0x24;
export const FBRD = 0x28;
export const LCR_H = 0x2c;
export const CR = 0x30;
export const IFLS = 0x34;
export const IMSC = 0x38;
export const RIS = 0x3c;
export const MIS = 0x40;
export const ICR = 0x44;
export const DMACR = 0x48;

export const NAMES: Readonly<Record<number, string>> = {
  [DR]: "UARTDR",
  [RSR]: "UARTRSR",
  [FR]: "UARTFR",
  [ILPR]: "UARTILPR",
  [IBRD]: "UARTIBRD",
  [FBRD]: "UARTFBRD",
  [LCR_H]: "UARTLCR_H",
  [CR]: "UARTCR",
  [IFLS]: "UARTIFLS",
  [IMSC]: "UARTIMSC",
  [RIS]: "UARTRIS",
  [MIS]: "UARTMIS",
  [ICR]: "UARTICR",
  [DMACR]: "UARTDMACR",
  0xfe0: "UARTPERIPHID0",
  0xfe4: "UARTPERIPHID1",
  0xfe8: "UARTPERIPHID2",
  0xfec: "UARTPERIPHID3",
  0xff0: "UARTPCELLID0",
  0xff4: "UARTPCELLID1",
  0xff8: "UARTPCELLID2",
  0xffc: "UARTPCELLID3",
};

/** UARTPERIPHID0-3 and UARTPCELLID0-3. */
export const IDENTIFICATION: Readonly<Record<number, number>> = {
  0xfe0: 0x11,
  0xfe4: 0x10,
  0xfe8: 0x34,
  0xfec: 0x00,
  0xff0: 0x0d,
  0xff4: 0xf0,
  0xff8: 0x05,
  0xffc: 0xb1,
};

// UARTFR
export const CTS = 1 << 0;
export const BUSY = 1 << 3;
export const RXFE = 1 << 4;
export const TXFF = 1 << 5;
export const RXFF = 1 << 6;
export const TXFE = 1 << 7;

// UARTLCR_H
export const BRK = 1 << 0;
export const PEN = 1 << 1;
export const STP2 = 1 << 3;
export const FEN = 1 << 4;

// UARTCR
export const CR_UARTEN = 1 << 0;
export const CR_LBE = 1 << 7;
export const CR_TXE = 1 << 8;
export const CR_RXE = 1 << 9;
export const CR_CTSEN = 1 << 15;

// UARTIMSC, UARTRIS, UARTMIS, UARTICR
export const RX = 1 << 4;
export const TX = 1 << 5;
export const RT = 1 << 6;
export const FE = 1 << 7;
export const OE = 1 << 10;

// UARTDMACR
export const RXDMAE = 1 << 0;
export const TXDMAE = 1 << 1;
