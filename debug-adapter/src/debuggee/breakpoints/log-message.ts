import { evaluateParsed } from "../../values/expression/evaluate";
import { ExpressionError } from "../../values/expression/expression-error";
import { parseExpression } from "../../values/expression/parser";
import type { Expression } from "../../values/expression/syntax";
import { valueText } from "../../values/value-text";
import type { HitEvaluation } from "./hit-scope";

/** A part of a log point's message. */
type Part = string | { readonly expression: Expression };

/** What a log point says. */
export class LogMessage {
  private constructor(private readonly parts: readonly Part[]) {}

  /** Reads a message; `{{` and `}}` stand for braces, as in Rust. A sentence if it cannot be understood. */
  static parse(text: string): LogMessage | string {
    const parts: Part[] = [];
    for (const [piece] of text.matchAll(PIECES)) {
      if (piece === "{{" || piece === "}}") parts.push(piece.slice(1));
      else if (piece === "{" || piece === "}")
        return `the message has a ${piece} alone; write ${piece}${piece} for one`;
      else if (!piece.startsWith("{")) parts.push(piece);
      else {
        const expression = parsed(piece.slice(1, -1));
        if (typeof expression === "string") return expression;
        parts.push({ expression });
      }
    }
    return new LogMessage(parts);
  }

  /** The message with the values of this instant; what cannot be evaluated stands in angle brackets. */
  text({ reader, scope }: HitEvaluation): string {
    const texts = this.parts.map((part) => {
      if (typeof part === "string") return part;
      const evaluation = evaluateParsed(part.expression, reader, scope);
      return evaluation.kind === "value" ? valueText(evaluation.value, reader) : `<${evaluation.message}>`;
    });
    return texts.join("");
  }
}

const PIECES = /\{\{|\}\}|\{[^{}]*\}|[{}]|[^{}]+/g;

/** An expression, or a sentence why it is none. */
export function parsed(text: string): Expression | string {
  try {
    return parseExpression(text);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    return `\`${text}\` cannot be understood: ${error.message}`;
  }
}
