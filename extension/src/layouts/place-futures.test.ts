import { describe, expect, it } from "vitest";
import type { FutureLayout, LayoutFacts, StateLayout } from "./layout-facts";
import { lensText } from "./lens-text";
import { builtSource, placeFutures, sourceText } from "./place-futures";
import { pointsAt } from "./points-at";

const BUILT = `#[embassy_executor::task]
async fn blink(
    led: Output<'static>,
) -> ! {
    loop {
        tick().await;
    }
}

async fn tick() {
    first().await; second().await;
    let both = third().await + 1;
}
`.split("\n");

const FILE = "/app/src/main.rs";

function suspended(number: number, line: number, file = FILE): StateLayout {
  return { kind: "suspended", name: `Suspend${number}`, place: { file, line }, saved: [], bytes: 4 };
}

function future(
  name: string,
  line: number,
  endLine: number,
  states: StateLayout[],
  rest: Partial<FutureLayout> = {},
): FutureLayout {
  return {
    kind: "fn",
    name,
    generics: "",
    crate: "app",
    isOwn: true,
    task: null,
    place: { file: FILE, line },
    endLine,
    bytes: 24,
    alignment: 4,
    states,
    tasks: 1,
    ...rest,
  };
}

const FUTURES = [
  future("app::blink", 2, 8, [suspended(0, 6)]),
  future("app::tick", 10, 13, [suspended(0, 11), suspended(1, 11), suspended(2, 12)]),
];

function facts(futures: readonly FutureLayout[] = FUTURES): LayoutFacts {
  return { elf: "app", futures, pools: [], ram: { kind: "unknown", reason: "" }, problems: [] };
}

/** What is placed in a text: `fn blink 2 current`, `point 6`. */
function placed(lines: readonly string[], builtLines: readonly string[] | null, futures = FUTURES): string[] {
  const { functions, pointsOn } = placeFutures(facts(futures), { file: FILE, lines, builtLines });
  return [
    ...functions.map(({ name, line, isCurrent }) => `fn ${name} ${line} ${isCurrent ? "current" : "stale"}`),
    ...lines.flatMap((_, i) => pointsOn(i + 1)).map(({ line, state }) => `point ${line} ${state.name}`),
  ];
}

const ALL = ["fn blink 2 current", "fn tick 10 current", "point 6 Suspend0"];
const TICK = ["point 11 Suspend0", "point 11 Suspend1", "point 12 Suspend2"];

describe("the futures of a text", () => {
  it("are where they were built if nothing has changed", () => {
    expect(placed(BUILT, BUILT)).toEqual([...ALL, ...TICK]);
  });

  it("move with lines that come before them", () => {
    const lines = ["// a comment", "", ...BUILT];
    expect(placed(lines, BUILT)).toEqual([
      "fn blink 4 current",
      "fn tick 12 current",
      "point 8 Suspend0",
      "point 13 Suspend0",
      "point 13 Suspend1",
      "point 14 Suspend2",
    ]);
  });

  it("say nothing of awaits in a function that has changed, and say that its size is that of the last build", () => {
    const lines = BUILT.toSpliced(5, 0, "        let x = 1;");
    expect(placed(lines, BUILT)).toEqual([
      "fn blink 2 stale",
      "fn tick 11 current",
      "point 12 Suspend0",
      "point 12 Suspend1",
      "point 13 Suspend2",
    ]);
  });

  it("are known by their names alone where the built text is not known", () => {
    expect(placed(["", ...BUILT], null)).toEqual(["fn blink 3 stale", "fn tick 11 stale"]);
  });

  it("are nowhere if their name is gone, or not the only one", () => {
    expect(
      placed(
        BUILT.map((line) => line.replace("fn tick", "fn tock")),
        null,
      ),
    ).toEqual(["fn blink 2 stale"]);
    expect(placed([...BUILT, "async fn tick() {}"], null)).toEqual(["fn blink 2 stale"]);
  });

  it("are told from others of the same name by their text", () => {
    const futures = [
      future("app::A::run", 2, 4, [suspended(0, 3)]),
      future("app::B::run", 7, 9, [suspended(0, 8)]),
    ];
    const built = [
      "impl A {",
      "async fn run() {",
      "a().await",
      "}",
      "}",
      "impl B {",
      "async fn run() {",
      "b().await",
      "}",
      "}",
    ];
    expect(placed(["", ...built], built, futures)).toEqual([
      "fn run 3 current",
      "fn run 8 current",
      "point 4 Suspend0",
      "point 9 Suspend0",
    ]);
  });

  it("are not taken for another function that is the last one left of the name", () => {
    const futures = [future("app::A::run", 2, 4, [suspended(0, 3)])];
    const built = [
      "impl A {",
      "async fn run() {",
      "a().await",
      "}",
      "}",
      "impl B {",
      "async fn run() {",
      "b().await",
      "}",
      "}",
    ];
    expect(placed(built.slice(5), built, futures)).toEqual([]);
    const both = [...futures, future("app::B::run", 7, 9, [suspended(0, 8)])];
    expect(placed(built.slice(5), null, both)).toEqual([]);
    expect(placed(built.slice(5), built, both)).toEqual(["fn run 2 current", "point 3 Suspend0"]);
  });

  it("are not taken for what stands at their line now", () => {
    // The facts are of another version of the file, although nothing tells so.
    expect(placed(["", "", ...BUILT], BUILT.slice())).toEqual(expect.arrayContaining(["fn blink 4 current"]));
    const other = BUILT.map(() => "fn other() {");
    expect(placed(other, other)).toEqual([]);
  });

  it("are not at awaits inside a macro, which is another place", () => {
    const futures = [future("app::blink", 2, 8, [suspended(0, 6, "/lib/macros.rs"), suspended(1, 7)])];
    expect(placed(BUILT, BUILT, futures)).toEqual(["fn blink 2 current"]);
  });

  it("are found below the attribute that has made the function", () => {
    const lines = [
      "#[embassy_executor::main]",
      "// why",
      "async fn main(spawner: Spawner) {",
      "nap().await",
      "}",
    ];
    const main = [future("app::main", 1, 1, [suspended(0, 4)])];
    expect(placed(lines, lines, main)).toEqual(["fn main 3 current", "point 4 Suspend0"]);
    expect(placed(["", ...lines], lines, main)).toEqual(["fn main 4 current", "point 5 Suspend0"]);
  });

  it("keep their lines whatever the line ends are", () => {
    const lines = BUILT.map((line) => `${line}\r`);
    expect(placed(lines, BUILT)).toEqual([...ALL, ...TICK]);
  });
});

describe("a lens", () => {
  const lens = (instances: FutureLayout[], isCurrent = true) =>
    lensText({ name: "f", line: 1, instances, isCurrent });

  it("tells size, suspend points and tasks", () => {
    expect(lens([FUTURES[0]!])).toBe("future 24 B, 1 suspend point, 1 task");
    expect(lens([{ ...FUTURES[1]!, tasks: 2 }])).toBe("future 24 B, 3 suspend points, 2 tasks");
    expect(lens([{ ...FUTURES[1]!, tasks: 0 }])).toBe("future 24 B, 3 suspend points");
  });

  it("tells the range of several instances", () => {
    const instances = [FUTURES[1]!, { ...FUTURES[1]!, bytes: 312, tasks: 3 }];
    expect(lens(instances)).toBe("future 24 to 312 B, 3 suspend points, 2 instances, 4 tasks");
  });

  it("says when it is of an older text", () => {
    expect(lens([FUTURES[0]!], false)).toBe("future 24 B, 1 suspend point, 1 task, as of the last build");
  });
});

describe("the suspend points at a place", () => {
  const layouts = placeFutures(facts(), { file: FILE, lines: BUILT, builtLines: BUILT });
  const at = (line: number, column: number) =>
    pointsAt(layouts, BUILT[line - 1]!, { line, column }).map(({ state }) => state.name);

  it("are those of the line", () => {
    expect(at(12, 0)).toEqual(["Suspend2"]);
    expect(at(12, 25)).toEqual(["Suspend2"]);
    expect(at(13, 0)).toEqual([]);
  });

  it("are that of the await under the pointer where a line has several", () => {
    expect(at(11, BUILT[10]!.indexOf("first"))).toEqual(["Suspend0"]);
    expect(at(11, BUILT[10]!.indexOf("await"))).toEqual(["Suspend0"]);
    expect(at(11, BUILT[10]!.indexOf("second"))).toEqual(["Suspend1"]);
    expect(at(11, BUILT[10]!.lastIndexOf("await"))).toEqual(["Suspend1"]);
  });
});

describe("a source text beside the one that was built", () => {
  it("is the same whatever its line ends, and another with another line", () => {
    const unix = "fn a() {}\n\nfn b() {}\n";
    const same = (text: string, built: string) => {
      const { lines, builtLines } = sourceText(FILE, text, builtSource(built));
      return builtLines === lines;
    };
    expect(same(unix, unix)).toBe(true);
    expect(same(unix.replaceAll("\n", "\r\n"), unix)).toBe(true);
    expect(same(unix, unix.replaceAll("\n", "\r\n"))).toBe(true);
    expect(same(`${unix}\n`, unix)).toBe(false);
    expect(same(unix.replace("b", "c"), unix)).toBe(false);
    expect(sourceText(FILE, unix, undefined).builtLines).toBeNull();
  });
});
