const GENERAL = `pollscope: see every poll and every wake of async Rust firmware

Usage: pollscope COMMAND FIRMWARE.elf [options]

Commands:
  trace       run the firmware in an emulated Raspberry Pi Pico and print what its tasks do
  check       run the firmware and print what is wrong with its tasks; the exit status is for CI
  futures     list the state machines that the compiler made of each async fn
  tasks       run to an instant and print what each task awaits, and what it keeps
  stack       run to an instant and print what the core is in the middle of
  print       run to an instant and print a value of the firmware
  why         run to an instant and say why a task is not running
  export      write a saved trace in a form that other tools read
  lint        find mistakes of async Rust in sources, without a build
  gdb-server  let gdb debug the firmware in the emulated Pico
  flash       bring the firmware into an attached Pico or Pico 2, and start it
  boards      list the boards and debug probes that are attached
  uf2         make a UF2 file for the BOOTSEL drive
  console     show what an attached board prints
  dap         debug for an editor that speaks the Debug Adapter Protocol

  --help      this text, or after a command its options
  --version

Exit status: 0 done; 1 the firmware or a file could not be used; 2 the command line was wrong;
3 \`pollscope check\` or \`pollscope lint\` has found something.
`;

const BOARD = `  --press PIN@TIME    press a button that pulls GPIO PIN low, for 100 ms; PIN@TIME+LENGTH for longer
  --type TEXT@TIME    send TEXT to UART0; \\n and \\r are understood; 1:TEXT@TIME for UART1
  --part KIND:WIRING  wire a part to the board: tm1637:clk=2,dio=3  led:pin=25  button:pin=15
                      tmp102:sda=4,scl=5
`;

const TRACE = `pollscope trace: run firmware in an emulated Raspberry Pi Pico and print what its tasks do

Usage: pollscope trace FIRMWARE.elf [options]

  --for TIME          how long to run, in the firmware's own time: 2s (default), 500ms, 3min
  --task NAME         only the events of this task; repeats of a pool are NAME[0], NAME[1], ...
${BOARD}  --json              one JSON object a line, then a summary
  --save FILE         also keep the trace in FILE (.pollscope)

Times are virtual: what a real Pico's clock would show since power-on. The same command gives the
same output, whatever machine it runs on.
`;

const CHECK = `pollscope check: run firmware in an emulated Pico and print what is wrong with its tasks

Usage: pollscope check FIRMWARE.elf [options]

  --for TIME          how long to run, in the firmware's own time: 10s (default), 500ms, 3min
${BOARD}  --fail-on SEVERITY  exit with 3 if there is a finding of at least this severity: error (default),
                      warning, note
  --threshold NAME=VALUE
                      from where on something is a finding: starvation=10ms  long-poll=5ms  busy=1s
                      stuck=1s  backpressure=500ms  future-bytes=8192  (these are the defaults)
  --guard-type TYPE   a type of your own that is the guard of a lock which nobody can wait for, as
                      my_crate::LockGuard
  --json              the findings as one JSON array
  --sarif FILE        also write them as SARIF 2.1.0, which GitHub shows at the lines

What it finds: starvation, long-poll, busy-self-wake, wake-storm, timer-drift, backpressure,
poll-after-end, guard-across-await, cancelled-mid-way, never-polled, moved-after-poll, lost-wake,
deadlock, oversized-future. Each is computed from what the run has done, so what does not happen is
not found: press buttons, send text, run longer.
A comment at the line, or above it, allows a finding: // pollscope: allow(starvation)
`;

const FUTURES = `pollscope futures: the state machine that the compiler made of each async fn

Usage: pollscope futures FIRMWARE.elf [options]

  --own     only those of your own crates
  --json    as one JSON array

For each: its size, its states with the line of the .await that parks there, and what is saved in
each state, with offset and bytes; the largest first.
`;

const TASKS = `pollscope tasks: run firmware to an instant and print what each task awaits

Usage: pollscope tasks FIRMWARE.elf --at TIME [options]

  --at TIME           when to look, in the firmware's own time since power-on: 1.5s, 378.3ms
  --task NAME         only this task; repeats of a pool are NAME[0], NAME[1], ...
${BOARD}  --json              the trees as one JSON object

For each task: its state, the futures it awaits from its own function down to the last, the line of
each .await, the values kept there, and who has to act before it goes on.
`;

const STACK = `pollscope stack: run firmware to an instant and print what the core is in the middle of

Usage: pollscope stack FIRMWARE.elf --at TIME [options]

  --at TIME           when to look, in the firmware's own time since power-on: 1.5s, 378.3ms
${BOARD}  --json              frames, with their variables, and registers as one JSON object

The innermost function first, with those that the compiler inlined, through interrupts, down to
where the program begins; for each its arguments and variables, and at the end the core's registers.
What the compiler did not keep is <optimized out>.
`;

const PRINT = `pollscope print: run firmware to an instant and print a value of it

Usage: pollscope print FIRMWARE.elf --at TIME EXPRESSION [options]

  --at TIME           when to look, in the firmware's own time since power-on: 1.5s, 378.3ms
  --frame N           name the variables of the function that \`pollscope stack\` shows as N; 0
                      (default) is the innermost
${BOARD}  --json              the value and its parts as one JSON object

EXPRESSION is written as in Rust, without calls: arguments and variables of the function, statics by
name or path (BEATS, my_crate::BEATS), fields, indices, slices, *, &, arithmetic, comparison, casts.
`;

const WHY = `pollscope why: run firmware to an instant and say why a task is not running

Usage: pollscope why FIRMWARE.elf --at TIME [TASK] [options]

  --at TIME           when to look, in the firmware's own time since power-on: 1.5s, 378.3ms
${BOARD}  --json              the chains as one JSON object

From the task along what it awaits to who has to act: a timer, an interrupt, the task that holds a
lock. All RAM is searched for who holds the task's waker: if nobody does, it can never run again.
Without TASK: all that are alive.
`;

const LINT = `pollscope lint: find mistakes of async Rust in sources, without a build

Usage: pollscope lint [PATHS] [options]

  PATHS               files and folders; the working folder if there are none
  --fix               make the changes that are safe, and lint again
  --fail-on SEVERITY  exit with 3 if there is a finding of at least this severity: error,
                      warning (default), note
  --severity CODE=SEVERITY
                      how grave a lint is: error, warning, note, or off
  --elf FIRMWARE.elf  let a build of these sources judge: it confirms with exact bytes, refutes, and
                      adds guards and large values whose types the sources do not tell; may be
                      given several times; none is looked for, so that the same sources give
                      the same findings on every machine
  --json              the findings as one JSON array
  --sarif FILE        also write them as SARIF 2.1.0, which GitHub shows at the lines

What it finds is listed in docs/lints. A comment at the line, or above it, allows a finding:
// pollscope: allow(guard-across-await). Attributes that allow clippy's lint of the same matter count too.
`;

const GDB_SERVER = `pollscope gdb-server: let gdb debug the firmware in the emulated Pico

Usage: pollscope gdb-server FIRMWARE.elf [options]

  --port N            the TCP port of this machine to listen on: 3333 (default), 0 for any free one
${BOARD}
It prints what to type in gdb-multiarch or arm-none-eabi-gdb.
`;

const DAP = `pollscope dap: debug for an editor that speaks the Debug Adapter Protocol

Usage: pollscope dap

The editor starts it, and speaks to it on standard input and output. What to debug is in its launch
configuration, for example { "program": "target/thumbv6m-none-eabi/debug/blink" } or
{ "sample": "blink" }; "parts", "stimuli", "stopOnEntry" and "sourceMap" are understood as well.
`;

const FLASH = `pollscope flash: bring firmware into an attached Pico or Pico 2, and start it

Usage: pollscope flash FIRMWARE.elf [options]

  --board NAME        which board, where there are several: its serial number, USB port or drive, as
                      \`pollscope boards\` shows them
  --route ROUTE       how: uf2 (the BOOTSEL drive), picotool, picoboot (as picotool does it, by the
                      npm package \`usb\`), probe-rs; what fits the board if not given
  --verify            read back what was written (not with uf2: over the drive the boot ROM counts
                      every block anyway)
  --no-run            do not start the program (not with uf2)
  --flash-size SIZE   flash of the board, where it is not 2M (Pico) or 4M (Pico 2): 16M
  --drives FOLDER     also look for BOOTSEL drives in this folder; may be given several times

A running program that listens for it is sent to BOOTSEL mode first. Nothing is written to a drive
that is not a boot ROM's. Ctrl-C stops; the board can be flashed again.
`;

const BOARDS = `pollscope boards: list the boards and debug probes that are attached

Usage: pollscope boards [options]

  --json              as one JSON array
  --drives FOLDER     also look for BOOTSEL drives in this folder; may be given several times
  --udev-rules        print rules that let you use boards and probes on Linux
`;

const UF2 = `pollscope uf2: make a UF2 file for the BOOTSEL drive

Usage: pollscope uf2 FIRMWARE.elf -o OUT.uf2 [options]

  -o, --out FILE      the file to write
  --family FAMILY     whose boot ROM is to take it: rp2040, rp2350-arm-s, rp2350-arm-ns,
                      rp2350-riscv, absolute, data; what the firmware is made for if not given
  --no-e10            leave out the block that heals RP2350-E10 (a file with it is never wrong)
`;

const CONSOLE = `pollscope console: show what an attached board prints

Usage: pollscope console [FIRMWARE.elf] [options]

  --board NAME        which board, where there are several: its serial number or USB port
  --port PORT         a serial port instead of a board: /dev/ttyACM0
  --baud N            bits per second of a UART: 115200 (default)
  --defmt             what comes over the port is defmt, although the firmware also has RTT
  --filter TEXT       only lines with this text
  --save FILE         also write every line to FILE
  --times             the time of day before each line

With FIRMWARE.elf its defmt messages are decoded: over a debug probe (RTT, by probe-rs), and over a
serial port if the firmware logs there. A board that goes away is waited for. Ctrl-C ends it.
`;

const EXPORT = `pollscope export: write a saved trace in a form that other tools read

Usage: pollscope export TRACE.pollscope --perfetto OUT

  --perfetto FILE     for Perfetto (https://ui.perfetto.dev): a track for each task, the core, interrupts,
                      pins and wires, slices with what is known of them, and flows from wakes to polls

\`pollscope trace FIRMWARE.elf --save TRACE.pollscope\` makes such a trace.
`;

const TOPICS: Readonly<Record<string, string>> = {
  trace: TRACE,
  check: CHECK,
  futures: FUTURES,
  tasks: TASKS,
  stack: STACK,
  print: PRINT,
  why: WHY,
  export: EXPORT,
  lint: LINT,
  "gdb-server": GDB_SERVER,
  dap: DAP,
  flash: FLASH,
  boards: BOARDS,
  uf2: UF2,
  console: CONSOLE,
};

/** The help for a command, or the general one. */
export function helpText(topic: string | undefined): string {
  return (topic !== undefined && Object.hasOwn(TOPICS, topic) ? TOPICS[topic] : undefined) ?? GENERAL;
}
