import { describe, expect, it } from "vitest";
import { nanoseconds } from "#adapter/base/brand";
import { type HandInput, touchBoard } from "#adapter/debuggee/board/board-hand";
import { boardState, launchOf } from "#adapter/debuggee/board/board-state";
import { Debuggee } from "#adapter/debuggee/debuggee";
import { loadFirmware } from "#adapter/debuggee/firmware";
import { parseParts } from "#adapter/debuggee/parts";
import { parseStimulus } from "#adapter/debuggee/stimulus";
import { encodeTrace } from "#adapter/trace/trace-file";
import { instant } from "#test/helpers/run-firmware";

interface Play {
  readonly file: string;
  readonly parts: readonly string[];
  readonly stimuli?: readonly string[];
  readonly for: string;
  readonly hand: readonly HandInput[];
}

const PLAYS: readonly Play[] = [
  {
    file: "button-or-timeout-release",
    parts: ["tm1637:clk=2,dio=3", "button:pin=15"],
    stimuli: ["press:15@1.9s"],
    for: "2.2s",
    hand: [
      { kind: "press", pin: 15 },
      { kind: "wire", part: "led:pin=25" },
      { kind: "release", pin: 15 },
      { kind: "unwire", part: "tm1637" },
      { kind: "press", pin: 15 },
    ],
  },
  {
    file: "uart-echo-release",
    parts: ["uart:tx=0,rx=1"],
    for: "1.5s",
    hand: [
      { kind: "type", uart: 0, text: "hello\n" },
      { kind: "type", uart: 0, text: "\u00fc \\ @ : 1s\r\n" },
      { kind: "wire", part: "uart:tx=16,rx=17" },
    ],
  },
  {
    file: "thermometer-release",
    parts: ["uart:tx=0,rx=1"],
    for: "3.2s",
    hand: [
      { kind: "wire", part: "tmp102:sda=4,scl=5" },
      { kind: "temperature", part: "tmp102@0x48", millicelsius: -12_500 },
      { kind: "unwire", part: "tmp102@0x48" },
    ],
  },
];

async function boot({
  file,
  parts,
  stimuli = [],
}: Pick<Play, "file" | "parts" | "stimuli">): Promise<Debuggee> {
  const firmware = await loadFirmware(`samples/prebuilt/${file}.elf`);
  return new Debuggee(firmware, { parts: parseParts(parts), inputs: stimuli.map(parseStimulus) });
}

describe.each(PLAYS)("$file, played with by hand", (play) => {
  it("gives the same trace, byte for byte, when it is launched with what was recorded", async () => {
    const end = instant(play.for);
    const debuggee = await boot(play);
    const { target } = debuggee;
    touchBoard(target.board!, { kind: "type", uart: 1, text: "nobody listens" });
    for (const [i, input] of play.hand.entries()) {
      await debuggee.run(nanoseconds(Math.round((end * (i + 1)) / (play.hand.length + 1)) + 4321));
      touchBoard(target.board!, input);
    }
    await debuggee.run(end);
    const recorded = launchOf(debuggee);
    expect(recorded.parts).toEqual(play.parts);
    expect(recorded.stimuli.length).toBeGreaterThan(1);

    const again = await boot({ file: play.file, ...recorded });
    await again.run(end);
    expect(Buffer.compare(encodeTrace(again.trace), encodeTrace(debuggee.trace))).toBe(0);
    expect(boardState(again, new Map())?.parts).toEqual(boardState(debuggee, new Map())?.parts);
    expect(launchOf(again)).toEqual(recorded);
  });
});

it("makes a press while the firmware stands still long enough to be seen", async () => {
  const debuggee = await boot({
    file: "button-or-timeout-release",
    parts: ["button:pin=15", "tm1637:clk=2,dio=3"],
  });
  await debuggee.run(instant("1s"));
  const { board } = debuggee.target;
  const pressed = touchBoard(board!, { kind: "press", pin: 15 });
  expect(pressed).toBe(debuggee.target.now);
  expect(board!.parts[0]!.display).toEqual({ kind: "button", isPressed: true });
  expect(board!.pins[15]!.isHigh).toBe(false);
  expect(touchBoard(board!, { kind: "release", pin: 15 })).toBe(pressed + 20e6);
  expect(touchBoard(board!, { kind: "press", pin: 15 })).toBe(pressed);
  await debuggee.run(instant("1.1s"));
  expect(board!.parts.map(({ display }) => ("text" in display ? display.text : display))).toEqual([
    { kind: "button", isPressed: true },
    "btn ",
  ]);
});
