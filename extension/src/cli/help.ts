const GENERAL = `pollscope: see every poll and every wake of async Rust firmware

Usage: pollscope COMMAND FIRMWARE.elf [options]

Commands:
  trace      run the firmware in an emulated Raspberry Pi Pico and print what its tasks do
  futures    list the state machines that the compiler made of each async fn

  --help     this text, or after a command its options
  --version

Exit status: 0 done; 1 the firmware or a file could not be used; 2 the command line was wrong.
`;

const TRACE = `pollscope trace: run firmware in an emulated Raspberry Pi Pico and print what its tasks do

Usage: pollscope trace FIRMWARE.elf [options]

  --for TIME          how long to run, in the firmware's own time: 2s (default), 500ms, 3min
  --task NAME         only the events of this task; repeats of a pool are NAME[0], NAME[1], ...
  --press PIN@TIME    press a button that pulls GPIO PIN low, for 100 ms; PIN@TIME+LENGTH for longer
  --type TEXT@TIME    send TEXT to UART0; \\n and \\r are understood; 1:TEXT@TIME for UART1
  --part KIND:WIRING  wire a part to the board: tm1637:clk=2,dio=3  led:pin=25  button:pin=15
                      tmp102:sda=4,scl=5
  --json              one JSON object a line, then a summary
  --save FILE         also keep the trace in FILE (.pollscope)

Times are virtual: what a real Pico's clock would show since power-on. The same command gives the
same output, whatever machine it runs on.
`;

const FUTURES = `pollscope futures: the state machine that the compiler made of each async fn

Usage: pollscope futures FIRMWARE.elf [options]

  --own     only those of your own crates
  --json    as one JSON array

For each: its size, its states with the line of the .await that parks there, and what is saved in
each state, with offset and bytes; the largest first.
`;

/** The help for a command, or the general one. */
export function helpText(topic: string | undefined): string {
  if (topic === "trace") return TRACE;
  if (topic === "futures") return FUTURES;
  return GENERAL;
}
