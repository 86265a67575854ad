/** Terminal styles (ECMA-48 8.3.117, SGR); every function is the identity when colours are off. */
export interface TextStyle {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  blue(text: string): string;
  magenta(text: string): string;
  cyan(text: string): string;
}

/** Colours for a terminal, plain text for a file or pipe; NO_COLOR (no-color.org) and FORCE_COLOR are obeyed. */
export function textStyle(isTerminal: boolean, environment: NodeJS.ProcessEnv): TextStyle {
  const isOff = (environment["NO_COLOR"] ?? "") !== "";
  const isForced = (environment["FORCE_COLOR"] ?? "") !== "" && environment["FORCE_COLOR"] !== "0";
  const hasColour = !isOff && (isForced || (isTerminal && environment["TERM"] !== "dumb"));
  const style = (on: number, off: number) => (text: string) =>
    hasColour && text !== "" ? `\u001b[${on}m${text}\u001b[${off}m` : text;
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    red: style(31, 39),
    green: style(32, 39),
    yellow: style(33, 39),
    blue: style(34, 39),
    magenta: style(35, 39),
    cyan: style(36, 39),
  };
}
