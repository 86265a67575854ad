/** An expression as a tree. `position` is where an error about it is shown. */
export type Expression =
  | { readonly kind: "integer"; readonly value: bigint; readonly suffix: string; readonly position: number }
  | { readonly kind: "float"; readonly value: number; readonly suffix: string; readonly position: number }
  | { readonly kind: "bool"; readonly value: boolean; readonly position: number }
  | { readonly kind: "char"; readonly value: number; readonly isByte: boolean; readonly position: number }
  | { readonly kind: "string"; readonly value: string; readonly position: number }
  | { readonly kind: "path"; readonly name: string; readonly position: number }
  | { readonly kind: "field"; readonly of: Expression; readonly name: string; readonly position: number }
  | { readonly kind: "index"; readonly of: Expression; readonly index: Expression; readonly position: number }
  | {
      readonly kind: "slice";
      readonly of: Expression;
      readonly start: Expression | undefined;
      readonly end: Expression | undefined;
      readonly isInclusive: boolean;
      readonly position: number;
    }
  | {
      readonly kind: "unary";
      readonly operator: UnaryOperator;
      readonly operand: Expression;
      readonly position: number;
    }
  | {
      readonly kind: "binary";
      readonly operator: BinaryOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly position: number;
    }
  | {
      readonly kind: "cast";
      readonly operand: Expression;
      readonly type: TypeSyntax;
      readonly position: number;
    };

export type UnaryOperator = "*" | "&" | "-" | "!";

export type BinaryOperator =
  | "*"
  | "/"
  | "%"
  | "+"
  | "-"
  | "<<"
  | ">>"
  | "&"
  | "^"
  | "|"
  | "=="
  | "!="
  | "<"
  | ">"
  | "<="
  | ">="
  | "&&"
  | "||";

/** A type after `as`. */
export type TypeSyntax =
  | { readonly kind: "named"; readonly name: string; readonly position: number }
  | {
      readonly kind: "pointer";
      readonly prefix: "*const " | "*mut " | "&" | "&mut ";
      readonly target: TypeSyntax;
      readonly position: number;
    }
  | {
      readonly kind: "array";
      readonly element: TypeSyntax;
      readonly length: number;
      readonly position: number;
    };
