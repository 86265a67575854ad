import { allowedLines, allows, isAllowedByAttribute } from "./allowed";
import { type ReadBodies, bodyReader } from "./flow/read-bodies";
import type { ItemFinding, LintCode, LintFinding, LintSeverity, TextRange } from "./finding";
import { LineIndex } from "./line-index";
import { type LiveAwait, liveAwaits } from "./live-awaits";
import { DEFAULT_OPTIONS, type LintOptions, type Rule, type RuleItem, itemFinding } from "./rule";
import { type Declaration, declarationsOf } from "./semantics/declarations";
import { Names } from "./semantics/names";
import { type CrateFacts, NO_CRATE, Workspace, moduleOf } from "./semantics/workspace";
import { type ItemText, splitItems } from "./syntax/items";
import type { SyntaxNode } from "./syntax/node";
import type { ParseRust, SyntaxTree } from "./syntax/rust-parser";

export interface LintSettings extends LintOptions {
  /** How grave each code is; `off` for codes that are not looked for. */
  readonly severities: Partial<Record<LintCode, LintSeverity | "off">>;
}

export const DEFAULT_SETTINGS: LintSettings = { ...DEFAULT_OPTIONS, severities: {} };

/** An item as it was parsed, kept until its text changes. */
interface KnownItem {
  readonly tree: SyntaxTree | undefined;
  readonly declarations: readonly Declaration[];
  /** What of it other items depend on, as one text. */
  readonly signature: string;
  findings: readonly ItemFinding[] | undefined;
  awaits: readonly LiveAwait[];
  /** The state of the workspace and the settings for which the findings hold. */
  foundAt: number;
}

interface KnownFile {
  readonly text: string;
  readonly items: readonly (ItemText & { readonly known: KnownItem })[];
  readonly byText: Map<string, KnownItem>;
  readonly crate: CrateFacts;
  readonly signature: string;
  readonly isFirmware: boolean;
  readonly hasNoStd: boolean;
}

/** What else is known of a file, as from a build, has a say in what is wrong with it. */
export type JudgeFindings = (found: FoundInText) => JudgedFindings;

export interface FoundInText {
  readonly text: string;
  readonly findings: readonly LintFinding[];
  readonly awaits: readonly LiveAwait[];
  /** From how many bytes on a local is large in this file. */
  readonly largeLocal: number;
  /** How grave findings of a code are; undefined for a code that is not looked for. */
  readonly severityOf: (code: LintCode) => LintSeverity | undefined;
}

export interface JudgedFindings {
  /** Of the findings those that stand, perhaps with more to say. */
  readonly kept: readonly LintFinding[];
  /** What the text alone does not tell. */
  readonly added: readonly LintFinding[];
}

/** A text of this length is not linted: no person wrote it. */
const LONGEST_FILE = 4_000_000;

/** Lints the files of a workspace, each again as it changes. It reads no files and knows no editor. */
export class Linter {
  private readonly workspace = new Workspace();
  private readonly files = new Map<string, KnownFile>();
  private readonly readBodies: ReadBodies;
  private settings = DEFAULT_SETTINGS;
  /** Counts changes of what items tell each other. */
  private version = 0;

  constructor(
    private readonly parse: ParseRust,
    private readonly rules: readonly Rule[],
  ) {
    this.readBodies = bodyReader(parse);
  }

  configure(settings: LintSettings): void {
    this.settings = settings;
    this.version++;
  }

  /** Takes in a file as it is now. True if findings in other files may have changed by it. */
  put(file: string, text: string, crate: CrateFacts = NO_CRATE): boolean {
    const before = this.files.get(file);
    const byText = new Map<string, KnownItem>();
    const pieces = text.length > LONGEST_FILE ? [] : splitItems(text);
    const items = pieces.map((item) => {
      const key = item.around.length === 0 ? item.text : `${item.text}\0${item.around.join("\0")}`;
      const known = byText.get(key) ?? before?.byText.get(key) ?? this.know(item);
      byText.set(key, known);
      return { ...item, known };
    });
    const signature = items.map(({ known, around }) => around.join() + known.signature).join("\n");
    const isChanged = before?.signature !== signature || before.crate !== crate;
    if (isChanged) this.version++;
    this.files.set(file, {
      text,
      items,
      byText,
      crate,
      signature,
      isFirmware: FIRMWARE.test(text),
      hasNoStd: NO_STD.test(text) && !WITH_STD.test(text),
    });
    this.workspace.put({
      file,
      crate,
      items: items.map(({ known, around, offset }) => ({ declarations: known.declarations, around, offset })),
    });
    return isChanged;
  }

  remove(file: string): void {
    if (!this.files.delete(file)) return;
    this.workspace.remove(file);
    this.version++;
  }

  private know({ text }: ItemText): KnownItem {
    const tree = this.parse({ text });
    const declarations = tree === undefined ? [] : declarationsOf(tree.root);
    const signature = declarations.length === 0 ? "" : JSON.stringify(declarations, withoutPlaces);
    return { tree, declarations, signature, findings: undefined, awaits: [], foundAt: -1 };
  }

  /**
   * Everything that is wrong in a file, in the order of its text. Nothing for a file that is not known.
   * @param judge is heard before findings that are allowed are left out
   */
  findings(file: string, judge?: JudgeFindings): LintFinding[] {
    const known = this.files.get(file);
    if (known === undefined) return [];
    const inText: LintFinding[] = [];
    for (const item of known.items) {
      for (const each of this.itemFindings(file, known, item)) {
        const severity = this.severityOf(each.code);
        if (severity !== undefined) inText.push(this.placed(file, item, each, severity));
      }
    }
    const found = judge === undefined ? inText : this.judged(known, inText, judge);
    if (found.length === 0) return found;
    const lines = new LineIndex(known.text);
    const allowed = allowedLines(known.text, (offset) => lines.lineAt(offset));
    return found
      .filter(({ start, code }) => allowed.get(lines.lineAt(start))?.has(code) !== true)
      .filter(({ code }) => !this.isAllowedInFile(known, code))
      .sort((a, b) => a.start - b.start || a.end - b.end);
  }

  private judged(known: KnownFile, findings: readonly LintFinding[], judge: JudgeFindings): LintFinding[] {
    const { text, items, isFirmware } = known;
    const awaits = items.flatMap(({ known: { awaits: own }, offset }) =>
      own.map((each) => ({
        ...moved(each, offset),
        function: each.function,
        variables: each.variables.map((variable) => ({ ...variable, ...moved(variable, offset) })),
      })),
    );
    const { largeLocal } = this.settings;
    const { kept, added } = judge({
      text,
      findings,
      awaits,
      largeLocal: isFirmware ? largeLocal.firmware : largeLocal.host,
      severityOf: (code) => this.severityOf(code),
    });
    return [...kept, ...added.filter((each) => !this.isAllowedAt(known, each))];
  }

  private isAllowedAt({ items }: KnownFile, { code, start }: LintFinding): boolean {
    const rule = this.rules.find((each) => each.code === code);
    const item = items.findLast(({ offset }) => offset <= start);
    const root = item?.known.tree?.root;
    if (rule === undefined || item === undefined || root === undefined) return false;
    return isAllowedByAttribute(innermostAt(root, start - item.offset), rule, item.around);
  }

  private severityOf(code: LintCode): LintSeverity | undefined {
    const set = this.settings.severities[code];
    if (set === "off") return undefined;
    return set ?? this.rules.find((rule) => rule.code === code)?.severity;
  }

  private isAllowedInFile({ text }: KnownFile, code: LintCode): boolean {
    const rule = this.rules.find((each) => each.code === code);
    const inner = text.match(/^#!\[[^\]]*\]/gm) ?? [];
    return rule !== undefined && inner.some((attribute) => allows(attribute, rule));
  }

  private itemFindings(
    file: string,
    { crate, isFirmware, hasNoStd }: KnownFile,
    item: KnownFile["items"][number],
  ): readonly ItemFinding[] {
    const { known, around } = item;
    if (known.findings !== undefined && known.foundAt === this.version) return known.findings;
    known.foundAt = this.version;
    known.findings = [];
    known.awaits = [];
    // What the grammar did not understand may hide a `drop`.
    if (known.tree?.isWhole !== true) return known.findings;
    const { root } = known.tree;
    const { workspace } = this;
    const found: ItemFinding[] = [];
    const bodies = this.readBodies(root, { workspace, file, around, edition: crate.edition });
    known.awaits = liveAwaits(bodies);
    const ruleItem: RuleItem = {
      root,
      bodies,
      names: new Names(workspace, file, around),
      crate,
      options: this.settings,
      isFirmware,
      hasNoStd,
      around,
      isTest: /[\\/](?:tests|benches)[\\/]/.test(file) || /(?:^|::)tests?(?:::|$)/.test(moduleOf(around)),
    };
    for (const rule of this.rules) {
      if (this.severityOf(rule.code) === undefined) continue;
      rule.check(ruleItem, (report) => {
        if (!isAllowedByAttribute(report.at, rule, around)) found.push(itemFinding(rule, report));
      });
    }
    known.findings = found;
    return found;
  }

  /** Gives a finding its place in the file. */
  private placed(
    file: string,
    { offset }: ItemText,
    finding: ItemFinding,
    severity: LintSeverity,
  ): LintFinding {
    return {
      ...finding,
      ...moved(finding, offset),
      severity,
      related: finding.related.flatMap(({ message, within, ...range }) => {
        if (within === undefined) return [{ ...moved(range, offset), message, file }];
        const { declaration, owner } = within;
        const now = this.workspace
          .functions(declaration.name, owner?.name ?? "", within.file)
          .find((each) => each.file === within.file);
        return now === undefined ? [] : [{ ...moved(range, now.offset), message, file: now.file }];
      }),
      fixes: finding.fixes.map((fix) => ({
        ...fix,
        edits: fix.edits.map((edit) => ({ ...moved(edit, offset), text: edit.text })),
      })),
      facts:
        finding.facts === undefined
          ? undefined
          : { ...finding.facts, awaits: finding.facts.awaits.map((at) => at + offset) },
    };
  }
}

const FIRMWARE = /^#!\[no_std\]|\bembassy_(?:executor|time|sync|rp|stm32|nrf)\b/m;

function moved({ start, end }: TextRange, by: number): TextRange {
  return { start: start + by, end: end + by };
}

function innermostAt(root: SyntaxNode, offset: number): SyntaxNode {
  let node = root;
  for (let next: SyntaxNode | undefined = root; next !== undefined;) {
    node = next;
    next = node.children.find(({ start, end }) => start <= offset && offset < end);
  }
  return node;
}
const NO_STD = /^#!\[no_std\]/m;
const WITH_STD = /\bextern\s+crate\s+std\b/;

/** Editing a body moves what is in it, which is nobody else's business. */
function withoutPlaces(key: string, value: unknown): unknown {
  return key === "start" || key === "end" || key === "nameStart" ? undefined : value;
}
