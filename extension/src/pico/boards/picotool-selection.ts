import type { BootselBoard, RunningBoard } from "./board";

/** Which of several boards picotool is to take. */
export function picotoolSelection({ usb, serial }: BootselBoard | RunningBoard): string[] {
  // Boards of one kind may all have the same serial number in BOOTSEL mode, but never the same address.
  const numbers = usb?.usbNumbers;
  if (numbers !== undefined) return ["--bus", String(numbers.bus), "--address", String(numbers.address)];
  return serial === undefined ? [] : ["--ser", serial];
}
