import { describe, expect, it } from "vitest";
import { ProblemList } from "../base/errors";
import { ByteWriter } from "#test/helpers/dwarf-builder";
import { DW_FORM, DW_LNCT, DW_LNE, DW_LNS } from "./constants";
import { type LineFile, type LineHeader, readLineHeader } from "./line-header";
import { LineRows, runLineProgram } from "./line-program";
import { readSections } from "./sections";
import { DwarfStrings } from "./strings";

const OPCODE_BASE = 13;
const LINE_BASE = -5;
const LINE_RANGE = 14;

interface ProgramDescription {
  readonly version?: number;
  readonly minInstructionLength?: number;
  readonly lineRange?: number;
  readonly tables?: ByteWriter;
  readonly program: ByteWriter;
}

const OLD_TABLES = () =>
  new ByteWriter().text("src").text("/lib").u8(0).text("a.rs").u8(1, 0, 0).text("b.rs").u8(2, 0, 0).u8(0);

function lineSection({
  version = 4,
  minInstructionLength = 1,
  lineRange = LINE_RANGE,
  tables,
  program,
}: ProgramDescription) {
  const header = new ByteWriter().u8(minInstructionLength);
  if (version >= 4) header.u8(1);
  header.u8(1).uint(LINE_BASE, 1).u8(lineRange, OPCODE_BASE).u8(0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1);
  header.raw((tables ?? OLD_TABLES()).done());
  const unit = new ByteWriter().uint(version, 2);
  if (version >= 5) unit.u8(4, 0);
  unit.u32(header.length).raw(header.done()).raw(program.done());
  return new ByteWriter().u32(unit.length).raw(unit.done()).done();
}

function run(description: ProgramDescription): {
  rows: string[];
  header: LineHeader;
  defined: LineFile[];
  problems: string[];
} {
  const line = lineSection(description);
  const problems = new ProblemList();
  const lineStr = new ByteWriter().text("/home").text("sub").text("five.rs").done();
  const sections = readSections(
    {
      section: (name) =>
        name === ".debug_line" ? line : name === ".debug_line_str" ? lineStr : Uint8Array.of(0),
    },
    problems,
  );
  const header = readLineHeader(sections, new DwarfStrings(sections), 0);
  const rows = new LineRows();
  const defined: LineFile[] = [];
  const found = new ProblemList();
  runLineProgram(line, header, rows, { idOf: (file) => file, define: (file) => defined.push(file) }, found);
  const texts = Array.from({ length: rows.count }, (_, row) =>
    [
      rows.addresses.at(row).toString(16),
      rows.files.at(row),
      rows.lines.at(row),
      rows.columns.at(row),
      rows.flags.at(row),
    ].join(" "),
  );
  return { rows: texts, header, defined, problems: found.list().map(({ what }) => what) };
}

const special = (addressAdvance: number, lineAdvance: number) =>
  OPCODE_BASE + addressAdvance * LINE_RANGE + (lineAdvance - LINE_BASE);
const setAddress = (program: ByteWriter, address: number) =>
  program.u8(0, 5, DW_LNE.set_address).u32(address);
const endSequence = (program: ByteWriter) => program.u8(0, 1, DW_LNE.end_sequence);

describe("line programs", () => {
  it("advance address and line by special and standard opcodes", () => {
    const program = setAddress(new ByteWriter(), 0x1000);
    program.u8(DW_LNS.advance_line).sleb(99).u8(DW_LNS.set_column, 7, DW_LNS.set_prologue_end, DW_LNS.copy);
    program.u8(special(4, -3), DW_LNS.negate_stmt, special(2, 1));
    program.u8(DW_LNS.const_add_pc, DW_LNS.set_file, 2, DW_LNS.set_basic_block, DW_LNS.copy);
    program.u8(DW_LNS.fixed_advance_pc).uint(0x100, 2).u8(DW_LNS.advance_pc).uleb(0x20);
    program.u8(DW_LNS.set_epilogue_begin, DW_LNS.set_isa, 3);
    const { rows, problems } = run({ program: endSequence(program) });
    expect(rows).toEqual([
      "1000 1 100 7 5",
      "1004 1 97 7 1",
      "1006 1 98 7 0",
      "1017 2 98 7 2",
      "1137 2 98 7 24",
    ]);
    expect(problems).toEqual([]);
  });

  it("count addresses in instructions", () => {
    const program = setAddress(new ByteWriter(), 0x1000).u8(special(4, 0), DW_LNS.const_add_pc, DW_LNS.copy);
    program.u8(DW_LNS.advance_pc, 3);
    const { rows } = run({ minInstructionLength: 2, program: endSequence(program) });
    expect(rows.map((row) => row.split(" ")[0])).toEqual(["1008", "102a", "1030"]);
  });

  it("leave out sequences of code that the linker dropped", () => {
    const program = new ByteWriter();
    for (const address of [0, 0x2000, 1, 0xffff_fffe]) {
      endSequence(setAddress(program, address).u8(DW_LNS.copy, special(1, 1)));
    }
    expect(run({ program }).rows).toEqual(["2000 1 1 0 1", "2001 1 2 0 1", "2001 1 2 0 17"]);
  });

  it("start every sequence afresh", () => {
    const program = setAddress(new ByteWriter(), 0x1000).u8(
      DW_LNS.set_file,
      2,
      DW_LNS.set_column,
      9,
      special(1, 3),
    );
    program.u8(0, 2, DW_LNE.set_discriminator, 4);
    setAddress(endSequence(program), 0x2000).u8(DW_LNS.copy);
    expect(run({ program: endSequence(program) }).rows[2]).toBe("2000 1 1 0 1");
  });

  it("skip what is not known by the lengths that stand beside it", () => {
    const program = setAddress(new ByteWriter(), 0x1000).u8(0, 4, 0x80, 1, 2, 3, DW_LNS.copy);
    expect(run({ program: endSequence(program) }).rows[0]).toBe("1000 1 1 0 1");
  });

  it("may define files themselves", () => {
    const program = new ByteWriter().u8(0, 9, DW_LNE.define_file).text("c.rs").u8(1, 0, 0);
    expect(run({ program }).defined).toEqual([{ name: "c.rs", directory: 1 }]);
  });
});

describe("line headers", () => {
  it("of version 4 count directories and files from 1", () => {
    const { header } = run({ program: new ByteWriter() });
    expect(header.directories).toEqual(["", "src", "/lib"]);
    expect(header.files).toEqual([undefined, { name: "a.rs", directory: 1 }, { name: "b.rs", directory: 2 }]);
  });

  it("of version 5 describe their tables", () => {
    const tables = new ByteWriter().u8(1).uleb(DW_LNCT.path).uleb(DW_FORM.line_strp).uleb(2).u32(0).u32(6);
    tables.u8(3).uleb(DW_LNCT.path).uleb(DW_FORM.string);
    tables.uleb(DW_LNCT.directory_index).uleb(DW_FORM.udata).uleb(DW_LNCT.MD5).uleb(DW_FORM.data16);
    tables
      .uleb(2)
      .text("zero.rs")
      .uleb(0)
      .raw(new Uint8Array(16))
      .text("one.rs")
      .uleb(1)
      .raw(new Uint8Array(16));
    const { header } = run({ version: 5, tables, program: new ByteWriter() });
    expect(header.directories).toEqual(["/home", "sub"]);
    expect(header.files).toEqual([
      { name: "zero.rs", directory: 0 },
      { name: "one.rs", directory: 1 },
    ]);
  });

  it("with an absurd count or without fields are a fault, not a long wait", () => {
    const many = new ByteWriter()
      .u8(1)
      .uleb(DW_LNCT.path)
      .uleb(DW_FORM.string)
      .uleb(2 ** 40);
    expect(() => run({ version: 5, tables: many, program: new ByteWriter() })).toThrow("do not fit");
    const empty = new ByteWriter().u8(0).uleb(3);
    expect(() => run({ version: 5, tables: empty, program: new ByteWriter() })).toThrow("do not fit");
  });
});

describe("faults of line programs", () => {
  it("descending addresses lose the sequence", () => {
    const program = setAddress(new ByteWriter(), 0x2000).u8(DW_LNS.copy);
    endSequence(setAddress(program, 0x1000).u8(DW_LNS.copy));
    const { rows, problems } = run({ program });
    expect(rows).toEqual([]);
    expect(problems).toEqual(["addresses of the sequence at 0x2000 descend"]);
  });

  it("a missing end loses the sequence, not those before", () => {
    const program = endSequence(setAddress(new ByteWriter(), 0x1000).u8(DW_LNS.copy));
    setAddress(program, 0x2000).u8(DW_LNS.copy, DW_LNS.copy);
    const { rows, problems } = run({ program });
    expect(rows).toHaveLength(2);
    expect(problems).toEqual(["the last sequence has no end"]);
  });

  it("division by a line range of 0 and addresses past 32 bits end the program", () => {
    expect(run({ lineRange: 0, program: new ByteWriter().u8(200) }).problems[0]).toContain(
      "need a line range",
    );
    const far = setAddress(new ByteWriter(), 0xffff_0000).u8(DW_LNS.advance_pc).uleb(0x10000).u8(DW_LNS.copy);
    expect(run({ program: far }).problems[0]).toContain("exceeds 32 bits");
  });

  it("an opcode that leads outside ends the program", () => {
    const { problems } = run({ program: new ByteWriter().u8(0, 100, DW_LNE.set_address) });
    expect(problems).toEqual(["the line program is cut short: an extended opcode leads outside the program"]);
  });
});
