import type { Body } from "./flow/body";
import type {
  ItemFinding,
  ItemRelated,
  LintCode,
  LintFacts,
  LintFix,
  LintSeverity,
  TextRange,
} from "./finding";
import type { ItemWords } from "./rule-words";
import type { CrateFacts } from "./semantics/workspace";
import type { SyntaxNode } from "./syntax/node";

/** What users set, beside the severity of each code. */
export interface LintOptions {
  /** More functions that block, as paths: `my_hal::delay`. */
  readonly blockingFunctions: readonly string[];
  /** From how many bytes on a local is large, in firmware and on a host. */
  readonly largeLocal: { readonly firmware: number; readonly host: number };
}

export const DEFAULT_OPTIONS: LintOptions = {
  blockingFunctions: [],
  largeLocal: { firmware: 4096, host: 16_384 },
};

/** One item with all that rules ask about it. */
export interface RuleItem {
  readonly root: SyntaxNode;
  /** Bodies of its functions, each followed by those of closures and `async` blocks in it. */
  readonly bodies: readonly Body[];
  readonly crate: CrateFacts;
  readonly options: LintOptions;
  /** Whether the file is firmware: it uses Embassy, or has no `std`. */
  readonly isFirmware: boolean;
  /** Heads of the blocks around it, with their attributes. */
  readonly around: readonly string[];
  /** Whether the item is there for tests only. */
  readonly isTest: boolean;
  /** Whether the file says `#![no_std]`, and does not bring `std` back. */
  readonly hasNoStd: boolean;
}

/** A node, or a piece of the text of one in a macro. */
export interface ReportedPlace extends TextRange {
  readonly parent?: SyntaxNode | undefined;
}

export interface Report {
  /** What the finding is about, and what is underlined. */
  readonly at: ReportedPlace;
  readonly message: string;
  readonly related?: readonly ItemRelated[];
  readonly fixes?: readonly LintFix[];
  readonly facts?: LintFacts;
}

export interface Rule {
  readonly code: LintCode;
  readonly severity: LintSeverity;
  /** What it finds, in half a line, for lists. */
  readonly summary: string;
  /** Lints of clippy or rustc that are about the same: who allows them allows this. */
  readonly alsoAllowedBy: readonly string[];
  /** Whether there can be anything for it in an item, as far as words tell. Items that concern no rule are not parsed. */
  concerns(words: ItemWords): boolean;
  check(item: RuleItem, report: (finding: Report) => void): void;
}

/** The finding that a rule's report makes. */
export function itemFinding(rule: Rule, { at, message, related, fixes, facts }: Report): ItemFinding {
  return {
    code: rule.code,
    start: at.start,
    end: at.end,
    message,
    related: related ?? [],
    fixes: fixes ?? [],
    facts,
  };
}
