/** The RP2040's interrupt lines into each core's NVIC (datasheet 2.3.2, table 80). */
export const Interrupt = {
  TIMER_IRQ_0: 0,
  TIMER_IRQ_1: 1,
  TIMER_IRQ_2: 2,
  TIMER_IRQ_3: 3,
  PWM_IRQ_WRAP: 4,
  USBCTRL_IRQ: 5,
  XIP_IRQ: 6,
  PIO0_IRQ_0: 7,
  PIO0_IRQ_1: 8,
  PIO1_IRQ_0: 9,
  PIO1_IRQ_1: 10,
  DMA_IRQ_0: 11,
  DMA_IRQ_1: 12,
  IO_IRQ_BANK0: 13,
  IO_IRQ_QSPI: 14,
  SIO_IRQ_PROC0: 15,
  SIO_IRQ_PROC1: 16,
  CLOCKS_IRQ: 17,
  SPI0_IRQ: 18,
  SPI1_IRQ: 19,
  UART0_IRQ: 20,
  UART1_IRQ: 21,
  ADC_IRQ_FIFO: 22,
  I2C0_IRQ: 23,
  I2C1_IRQ: 24,
  RTC_IRQ: 25,
} as const;

/** The datasheet's name of an interrupt line, or undefined for the spare lines 26 to 31. */
export function interruptName(line: number): string | undefined {
  return NAMES[line];
}

const NAMES = Object.keys(Interrupt);
