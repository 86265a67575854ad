export { parsePartSpecs as parseParts } from "../chip/parts/part-spec";
