/** At which of its hits a breakpoint counts. */
export type HitCondition = (count: number) => boolean;

const FORM = /^\s*(==?|>=?|<=?|%)?\s*(\d+)\s*$/;

/**
 * Reads `5` (the fifth hit), `>= 5`, `> 5`, `< 5`, `<= 5`, `== 5` or `% 10` (every tenth). A sentence if it is none of
 * these.
 */
export function parseHitCondition(text: string): HitCondition | string {
  const [, operator, digits] = FORM.exec(text) ?? [];
  if (digits === undefined) {
    return `${JSON.stringify(text)} is no hit condition; write a number, or one behind ==, >, >=, <, <= or %`;
  }
  const number = Number(digits);
  switch (operator) {
    case ">":
      return (count) => count > number;
    case ">=":
      return (count) => count >= number;
    case "<":
      return (count) => count < number;
    case "<=":
      return (count) => count <= number;
    case "%":
      if (number === 0) return "no hit is a multiple of 0; write % 1 or more";
      return (count) => count % number === 0;
    default:
      return (count) => count === number;
  }
}
