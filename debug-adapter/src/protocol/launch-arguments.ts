/** What a launch configuration of type `pollscope` may say. */
export interface LaunchArguments {
  /** The firmware's ELF file. */
  readonly program: string;
  /** Things wired to the pins, as `pollscope trace --part` takes them: `tm1637:clk=2,dio=3`. */
  readonly parts?: readonly string[];
  /** Buttons pressed at instants of virtual time, as `pollscope trace --press` takes them: `15@1.2s`. */
  readonly presses?: readonly string[];
  /** Whether to stop before the first instruction. */
  readonly stopOnEntry?: boolean;
}
