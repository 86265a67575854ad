/** A word of an expression. `position` counts characters from 0. */
export type Token =
  | { readonly kind: "name"; readonly text: string; readonly position: number }
  | { readonly kind: "integer"; readonly value: bigint; readonly suffix: string; readonly position: number }
  | { readonly kind: "float"; readonly value: number; readonly suffix: string; readonly position: number }
  | { readonly kind: "char"; readonly value: number; readonly isByte: boolean; readonly position: number }
  | { readonly kind: "string"; readonly value: string; readonly position: number }
  | { readonly kind: "symbol"; readonly text: string; readonly position: number }
  | { readonly kind: "end"; readonly position: number };
