import type { Address } from "#adapter/base/brand";
import { dumpUnit } from "#adapter/dwarf/dump";
import type { SectionSource } from "#adapter/dwarf/sections";
import { loadProgram, type Program } from "#adapter/symbols/program";
import { memberAt, unwrapped } from "#adapter/symbols/types/member-access";
import type { Type } from "#adapter/symbols/types/type";

/**
 * Asks a program everything that can be asked, as far as `patience` goes; `told` grows with each answer.
 * For damaged debug info: whatever it is, this must end, and must not throw.
 */
export function exercise(source: SectionSource, patience = 2000): { program: Program; told: number } {
  const program = loadProgram(source);
  let told = 0;
  for (const each of program.functions.all.slice(0, patience)) {
    told += each.name.length + each.path.length + (each.linkageName?.length ?? 0);
    told += each.declaration?.line ?? 0;
    told += each.typeArguments.length + (each.result?.byteSize ?? 0) + Number(each.isNoReturn);
    for (const { start, end } of each.ranges.slice(0, 3)) {
      told += program.framesAt(start as Address).length + program.framesAt((end - 1) as Address).length;
    }
  }
  for (const each of program.statics.all.slice(0, patience)) {
    told +=
      each.name.length + each.byteSize + (each.declaration?.line ?? 0) + (each.linkageName?.length ?? 0);
    told += program.statics.at(each.address) === undefined ? 0 : 1;
  }
  told += askTypes(program, patience) + askAsyncFunctions(program, patience) + askLines(program, patience);
  for (const unit of program.debugInfo.units.slice(0, 3)) told += dumpUnit(program.debugInfo, unit).length;
  return { program, told };
}

function askTypes({ types }: Program, patience: number): number {
  let told = 0;
  for (const row of types.rowsWhere(() => true).slice(0, patience)) told += askType(types.ofRow(row));
  told += types.withPath("embassy_executor::raw::TaskStorage").length;
  return told + types.allNamed("embassy_executor::raw::TaskHeader").length;
}

function askType(type: Type): number {
  let told = type.name.length + type.byteSize + type.alignment + unwrapped(type).offset;
  switch (type.kind) {
    case "struct":
    case "union":
    case "enum":
      for (const { name, type: inner } of [...type.members, ...type.typeArguments]) {
        told += name.length + inner.name.length + inner.byteSize;
        told += memberAt(type, [name, "value"])?.offset ?? 0;
      }
      if (type.kind !== "enum") break;
      told += type.discriminant?.type.byteSize ?? 0;
      for (const { name, payload } of type.variants) told += name.length + payload.type.byteSize;
      told += type.variantFor(3n)?.name.length ?? 0;
      break;
    case "plain-enum":
      told += type.enumerators.length + type.underlying.byteSize;
      break;
    case "pointer":
    case "alias":
      told += type.target.byteSize;
      break;
    case "array":
      told += type.element.name.length;
      break;
    case "subroutine":
      told += type.parameters.length + (type.result?.byteSize ?? 0);
      break;
    case "base":
    case "unknown":
      break;
  }
  return told;
}

function askAsyncFunctions({ asyncFunctions }: Program, patience: number): number {
  let told = 0;
  for (const { name, declaration, coroutine, body } of asyncFunctions.all.slice(0, patience)) {
    told += name.length + (declaration?.line ?? 0) + (body?.name.length ?? 0);
    for (const { locals, awaitee, place } of coroutine.states) {
      told += locals.length + (awaitee?.type.name.length ?? 0) + (place?.line ?? 0);
      if (awaitee && asyncFunctions.ofType(awaitee.type)) told++;
    }
  }
  return told;
}

function askLines({ lines, files }: Program, patience: number): number {
  let told = 0;
  for (const file of files.all.slice(0, 20)) {
    for (const line of lines.linesOf(file).slice(0, patience)) told += lines.addressesOf(file, line).length;
  }
  for (const { address } of lines.all()) {
    if (told++ > patience) break;
    told += lines.placeAt(address)?.line ?? 0;
  }
  return told;
}
