// Numbers of the DWARF format with their names (DWARF 5 section 7), for reading and, backwards, for dumps.
// Keys are spelt as in the standard without prefix, so `DW_TAG.structure_type` greps like the text of the standard.

/** What an entry describes (DWARF 5 table 7.3). */
export const DW_TAG = {
  array_type: 0x01,
  class_type: 0x02,
  entry_point: 0x03,
  enumeration_type: 0x04,
  formal_parameter: 0x05,
  imported_declaration: 0x08,
  label: 0x0a,
  lexical_block: 0x0b,
  member: 0x0d,
  pointer_type: 0x0f,
  reference_type: 0x10,
  compile_unit: 0x11,
  string_type: 0x12,
  structure_type: 0x13,
  subroutine_type: 0x15,
  typedef: 0x16,
  union_type: 0x17,
  unspecified_parameters: 0x18,
  variant: 0x19,
  common_block: 0x1a,
  inheritance: 0x1c,
  inlined_subroutine: 0x1d,
  module: 0x1e,
  ptr_to_member_type: 0x1f,
  subrange_type: 0x21,
  base_type: 0x24,
  const_type: 0x26,
  constant: 0x27,
  enumerator: 0x28,
  subprogram: 0x2e,
  template_type_parameter: 0x2f,
  template_value_parameter: 0x30,
  variant_part: 0x33,
  variable: 0x34,
  volatile_type: 0x35,
  restrict_type: 0x37,
  namespace: 0x39,
  imported_module: 0x3a,
  unspecified_type: 0x3b,
  partial_unit: 0x3c,
  imported_unit: 0x3d,
  type_unit: 0x41,
  rvalue_reference_type: 0x42,
  template_alias: 0x43,
  atomic_type: 0x47,
  call_site: 0x48,
  call_site_parameter: 0x49,
  skeleton_unit: 0x4a,
  immutable_type: 0x4b,
  GNU_call_site: 0x4109,
  GNU_call_site_parameter: 0x410a,
} as const;

/** What is said about an entry (DWARF 5 table 7.5, and the GNU numbers that LLVM writes into DWARF 4). */
export const DW_AT = {
  sibling: 0x01,
  location: 0x02,
  name: 0x03,
  ordering: 0x09,
  byte_size: 0x0b,
  bit_size: 0x0d,
  stmt_list: 0x10,
  low_pc: 0x11,
  high_pc: 0x12,
  language: 0x13,
  discr: 0x15,
  discr_value: 0x16,
  visibility: 0x17,
  import: 0x18,
  string_length: 0x19,
  comp_dir: 0x1b,
  const_value: 0x1c,
  containing_type: 0x1d,
  default_value: 0x1e,
  inline: 0x20,
  lower_bound: 0x22,
  producer: 0x25,
  prototyped: 0x27,
  return_addr: 0x2a,
  upper_bound: 0x2f,
  abstract_origin: 0x31,
  accessibility: 0x32,
  address_class: 0x33,
  artificial: 0x34,
  base_types: 0x35,
  calling_convention: 0x36,
  count: 0x37,
  data_member_location: 0x38,
  decl_column: 0x39,
  decl_file: 0x3a,
  decl_line: 0x3b,
  declaration: 0x3c,
  discr_list: 0x3d,
  encoding: 0x3e,
  external: 0x3f,
  frame_base: 0x40,
  macro_info: 0x43,
  specification: 0x47,
  static_link: 0x48,
  type: 0x49,
  use_location: 0x4a,
  virtuality: 0x4c,
  vtable_elem_location: 0x4d,
  allocated: 0x4e,
  associated: 0x4f,
  data_location: 0x50,
  byte_stride: 0x51,
  entry_pc: 0x52,
  use_UTF8: 0x53,
  extension: 0x54,
  ranges: 0x55,
  trampoline: 0x56,
  call_column: 0x57,
  call_file: 0x58,
  call_line: 0x59,
  description: 0x5a,
  explicit: 0x63,
  object_pointer: 0x64,
  elemental: 0x66,
  pure: 0x67,
  recursive: 0x68,
  signature: 0x69,
  main_subprogram: 0x6a,
  data_bit_offset: 0x6b,
  const_expr: 0x6c,
  enum_class: 0x6d,
  linkage_name: 0x6e,
  string_length_bit_size: 0x6f,
  string_length_byte_size: 0x70,
  rank: 0x71,
  str_offsets_base: 0x72,
  addr_base: 0x73,
  rnglists_base: 0x74,
  dwo_name: 0x76,
  reference: 0x77,
  rvalue_reference: 0x78,
  macros: 0x79,
  call_all_calls: 0x7a,
  call_all_source_calls: 0x7b,
  call_all_tail_calls: 0x7c,
  call_return_pc: 0x7d,
  call_value: 0x7e,
  call_origin: 0x7f,
  call_parameter: 0x80,
  call_pc: 0x81,
  call_tail_call: 0x82,
  call_target: 0x83,
  call_target_clobbered: 0x84,
  call_data_location: 0x85,
  call_data_value: 0x86,
  noreturn: 0x87,
  alignment: 0x88,
  export_symbols: 0x89,
  deleted: 0x8a,
  defaulted: 0x8b,
  loclists_base: 0x8c,
  MIPS_linkage_name: 0x2007,
  GNU_call_site_value: 0x2111,
  GNU_all_tail_call_sites: 0x2116,
  GNU_all_call_sites: 0x2117,
  GNU_pubnames: 0x2134,
  GNU_discriminator: 0x2136,
} as const;

/** How a value is encoded (DWARF 5 table 7.6). */
export const DW_FORM = {
  addr: 0x01,
  block2: 0x03,
  block4: 0x04,
  data2: 0x05,
  data4: 0x06,
  data8: 0x07,
  string: 0x08,
  block: 0x09,
  block1: 0x0a,
  data1: 0x0b,
  flag: 0x0c,
  sdata: 0x0d,
  strp: 0x0e,
  udata: 0x0f,
  ref_addr: 0x10,
  ref1: 0x11,
  ref2: 0x12,
  ref4: 0x13,
  ref8: 0x14,
  ref_udata: 0x15,
  indirect: 0x16,
  sec_offset: 0x17,
  exprloc: 0x18,
  flag_present: 0x19,
  strx: 0x1a,
  addrx: 0x1b,
  ref_sup4: 0x1c,
  strp_sup: 0x1d,
  data16: 0x1e,
  line_strp: 0x1f,
  ref_sig8: 0x20,
  implicit_const: 0x21,
  loclistx: 0x22,
  rnglistx: 0x23,
  ref_sup8: 0x24,
  strx1: 0x25,
  strx2: 0x26,
  strx3: 0x27,
  strx4: 0x28,
  addrx1: 0x29,
  addrx2: 0x2a,
  addrx3: 0x2b,
  addrx4: 0x2c,
  GNU_addr_index: 0x1f01,
  GNU_str_index: 0x1f02,
  GNU_ref_alt: 0x1f20,
  GNU_strp_alt: 0x1f21,
} as const;

/** Kinds of units (DWARF 5 table 7.2). */
export const DW_UT = {
  compile: 0x01,
  type: 0x02,
  partial: 0x03,
  skeleton: 0x04,
  split_compile: 0x05,
  split_type: 0x06,
} as const;

/** How a base type's bits are read (DWARF 5 table 7.11). */
export const DW_ATE = {
  address: 0x01,
  boolean: 0x02,
  complex_float: 0x03,
  float: 0x04,
  signed: 0x05,
  signed_char: 0x06,
  unsigned: 0x07,
  unsigned_char: 0x08,
  UTF: 0x10,
} as const;

/** Location operators that a static's address is made of (DWARF 5 section 7.7.1). */
export const DW_OP = {
  addr: 0x03,
  deref: 0x06,
  const1u: 0x08,
  plus_uconst: 0x23,
  piece: 0x93,
  stack_value: 0x9f,
  addrx: 0xa1,
  GNU_addr_index: 0xfb,
} as const;

/** Standard opcodes of a line program (DWARF 5 table 7.25). */
export const DW_LNS = {
  copy: 1,
  advance_pc: 2,
  advance_line: 3,
  set_file: 4,
  set_column: 5,
  negate_stmt: 6,
  set_basic_block: 7,
  const_add_pc: 8,
  fixed_advance_pc: 9,
  set_prologue_end: 10,
  set_epilogue_begin: 11,
  set_isa: 12,
} as const;

/** Extended opcodes of a line program (DWARF 5 table 7.26). */
export const DW_LNE = { end_sequence: 1, set_address: 2, define_file: 3, set_discriminator: 4 } as const;

/** Fields of a directory or file of a line program (DWARF 5 table 7.27). */
export const DW_LNCT = { path: 1, directory_index: 2, timestamp: 3, size: 4, MD5: 5 } as const;

/** Entries of a range list (DWARF 5 table 7.30). */
export const DW_RLE = {
  end_of_list: 0,
  base_addressx: 1,
  startx_endx: 2,
  startx_length: 3,
  offset_pair: 4,
  base_address: 5,
  start_end: 6,
  start_length: 7,
} as const;

/** Source languages (DWARF 5 table 7.17): those that end up in firmware. */
const DW_LANG = {
  C89: 0x01,
  C: 0x02,
  C_plus_plus: 0x04,
  C99: 0x0c,
  C_plus_plus_11: 0x1a,
  Rust: 0x1c,
  C11: 0x1d,
  C_plus_plus_14: 0x21,
  Mips_Assembler: 0x8001,
} as const;

/** DWARF 5 table 7.14. */
const DW_ACCESS = { public: 1, protected: 2, private: 3 } as const;

/** DWARF 5 table 7.19. */
const DW_CC = { normal: 1, program: 2, nocall: 3, pass_by_reference: 4, pass_by_value: 5 } as const;

/** DWARF 5 table 7.20. */
const DW_INL = { not_inlined: 0, inlined: 1, declared_not_inlined: 2, declared_inlined: 3 } as const;

export const tagName = namer("DW_TAG", DW_TAG);
export const attributeName = namer("DW_AT", DW_AT);
export const formName = namer("DW_FORM", DW_FORM);

/** For attributes whose values are names: the name of a value. */
export const VALUE_NAMES: ReadonlyMap<number, (value: number) => string> = new Map([
  [DW_AT.encoding, namer("DW_ATE", DW_ATE)],
  [DW_AT.language, namer("DW_LANG", DW_LANG)],
  [DW_AT.accessibility, namer("DW_ACCESS", DW_ACCESS)],
  [DW_AT.calling_convention, namer("DW_CC", DW_CC)],
  [DW_AT.inline, namer("DW_INL", DW_INL)],
]);

function namer(prefix: string, values: Readonly<Record<string, number>>): (value: number) => string {
  const names = new Map(Object.entries(values).map(([name, value]) => [value, `${prefix}_${name}`]));
  return (value) => names.get(value) ?? `${prefix}_unknown_${value.toString(16)}`;
}
