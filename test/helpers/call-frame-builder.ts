import { DW_CFA } from "#adapter/dwarf/constants";
import { ByteWriter } from "./dwarf-builder";
import { expression } from "./expression-text";

/** A common entry and the frame descriptions that refer to it. */
export interface CallFrameDescription {
  /** Default 4; in `.eh_frame` 1. */
  readonly version?: number;
  readonly augmentation?: string;
  /** What follows the return register where the augmentation begins with `z`. */
  readonly augmentationData?: readonly number[];
  readonly codeAlignment?: number;
  readonly dataAlignment?: number;
  readonly returnRegister?: number;
  readonly addressSize?: number;
  /** Written as `def_cfa 13 0; offset 14 1`. */
  readonly program?: string;
  readonly functions: readonly FunctionFrame[];
}

export interface FunctionFrame {
  readonly start: number;
  readonly size: number;
  readonly program?: string;
  /** Written in place of start and size. */
  readonly addresses?: Uint8Array;
  /** In `.eh_frame` where the augmentation begins with `z`. */
  readonly augmentationData?: readonly number[];
}

/** A `.debug_frame` section. */
export function debugFrame(...descriptions: readonly CallFrameDescription[]): Uint8Array {
  return buildSection(descriptions, false);
}

/** An `.eh_frame` section; its addresses are written as they are unless a function gives `addresses`. */
export function ehFrame(...descriptions: readonly CallFrameDescription[]): Uint8Array {
  return buildSection(descriptions, true);
}

function buildSection(descriptions: readonly CallFrameDescription[], isEh: boolean): Uint8Array {
  const writer = new ByteWriter();
  for (const description of descriptions) {
    const commonOffset = writer.length;
    addEntry(writer, isEh ? 0 : 0xffff_ffff, commonBody(description, isEh));
    for (const each of description.functions) {
      const pointer = isEh ? writer.length + 4 - commonOffset : commonOffset;
      addEntry(writer, pointer, functionBody(each, description));
    }
  }
  if (isEh) writer.u32(0);
  return writer.done();
}

function addEntry(writer: ByteWriter, id: number, body: Uint8Array): void {
  writer
    .u32(body.length + 4)
    .u32(id)
    .raw(body);
}

function commonBody(description: CallFrameDescription, isEh: boolean): Uint8Array {
  const { version = isEh ? 1 : 4, augmentation = "", augmentationData = [] } = description;
  const body = new ByteWriter().u8(version).text(augmentation);
  if (version === 4) body.u8(description.addressSize ?? 4, 0);
  body.uleb(description.codeAlignment ?? 1).sleb(description.dataAlignment ?? -4);
  body.u8(description.returnRegister ?? 14);
  if (augmentation.startsWith("z")) body.uleb(augmentationData.length).raw(augmentationData);
  return body.raw(callFrameProgram(description.program ?? "def_cfa 13 0")).done();
}

function functionBody(each: FunctionFrame, { augmentation = "" }: CallFrameDescription): Uint8Array {
  const body = new ByteWriter().raw(each.addresses ?? new ByteWriter().u32(each.start).u32(each.size).done());
  const data = each.augmentationData ?? [];
  if (augmentation.startsWith("z")) body.uleb(data.length).raw(data);
  return body.raw(callFrameProgram(each.program ?? "")).done();
}

const OPERANDS: Readonly<Record<string, readonly (number | "uleb" | "sleb" | "block")[]>> = {
  set_loc: [4],
  advance_loc1: [1],
  advance_loc2: [2],
  advance_loc4: [4],
  offset_extended: ["uleb", "uleb"],
  restore_extended: ["uleb"],
  undefined: ["uleb"],
  same_value: ["uleb"],
  register: ["uleb", "uleb"],
  def_cfa: ["uleb", "uleb"],
  def_cfa_register: ["uleb"],
  def_cfa_offset: ["uleb"],
  def_cfa_expression: ["block"],
  expression: ["uleb", "block"],
  offset_extended_sf: ["uleb", "sleb"],
  def_cfa_sf: ["uleb", "sleb"],
  def_cfa_offset_sf: ["sleb"],
  val_offset: ["uleb", "uleb"],
  val_offset_sf: ["uleb", "sleb"],
  val_expression: ["uleb", "block"],
  GNU_args_size: ["uleb"],
  GNU_negative_offset_extended: ["uleb", "uleb"],
};

/** The bytes of instructions written as `advance_loc 2; offset 14 1; val_expression 13 (breg7 8)`. */
export function callFrameProgram(text: string): Uint8Array {
  const writer = new ByteWriter();
  for (const step of text.split(";").map((each) => each.trim())) {
    if (step !== "") writeStep(writer, step);
  }
  return writer.done();
}

function writeStep(writer: ByteWriter, step: string): void {
  // Inside an expression, commas stand for semicolons.
  const words = step.match(/\([^)]*\)|\S+/g)!;
  const [name = "", ...operands] = words;
  if (!(name in DW_CFA)) throw new Error(`There is no instruction ${name}`);
  const code: number = DW_CFA[name as keyof typeof DW_CFA];
  if (code >= DW_CFA.advance_loc) {
    writer.u8(code | Number(operands[0]));
    if (code === DW_CFA.offset) writer.uleb(Number(operands[1]));
    return;
  }
  writer.u8(code);
  (OPERANDS[name] ?? []).forEach((kind, i) => {
    const operand = operands[i]!;
    if (kind === "uleb") writer.uleb(Number(operand));
    else if (kind === "sleb") writer.sleb(Number(operand));
    else if (kind === "block") {
      const bytes = expression(operand.slice(1, -1).replaceAll(",", ";"));
      writer.uleb(bytes.length).raw(bytes);
    } else writer.uint(Number(operand), kind);
  });
}
