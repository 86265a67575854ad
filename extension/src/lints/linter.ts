import { allowedLines, allows, isAllowedByAttribute } from "./allowed";
import { type ReadBodies, allBodies, bodyReader } from "./flow/read-bodies";
import type { ItemFinding, LintCode, LintFinding, LintSeverity, TextRange } from "./finding";
import { type ItemFindings, KnownItem } from "./known-item";
import { LineIndex } from "./line-index";
import { type LiveAwait, liveAwaits } from "./live-awaits";
import { DEFAULT_OPTIONS, type LintOptions, type Rule, type RuleItem, itemFinding } from "./rule";
import { wordsOf } from "./rule-words";
import type { Declaration } from "./semantics/declarations";
import { type CrateFacts, NO_CRATE, Workspace, moduleOf } from "./semantics/workspace";
import { type ItemText, type SplitText, resplitItems, splitItems } from "./syntax/items";
import type { SyntaxNode } from "./syntax/node";
import type { ParseRust } from "./syntax/rust-parser";

export interface LintSettings extends LintOptions {
  /** How grave each code is; `off` for codes that are not looked for. */
  readonly severities: Partial<Record<LintCode, LintSeverity | "off">>;
}

export const DEFAULT_SETTINGS: LintSettings = { ...DEFAULT_OPTIONS, severities: {} };

/** An item where it stands now. */
interface PlacedItem extends ItemText {
  readonly known: KnownItem;
}

interface KnownFile {
  readonly text: string;
  readonly items: readonly PlacedItem[];
  readonly fits: boolean;
  readonly crate: CrateFacts;
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

const NOTHING_FOUND: Omit<ItemFindings, "version"> = { findings: [], awaits: [], asked: new Set() };

const NOTHING: SplitText = { items: [], fits: true };

/** Lints the files of a workspace, each again as it changes. It reads no files and knows no editor. */
export class Linter {
  private readonly workspace = new Workspace();
  private readonly files = new Map<string, KnownFile>();
  private readonly readBodies: ReadBodies;
  private readonly byCode: ReadonlyMap<LintCode, Rule>;
  private settings = DEFAULT_SETTINGS;
  /** Those that are not set to `off`. */
  private active: readonly Rule[];
  /** The item whose findings are being looked for. */
  private reading: { readonly item: KnownItem; readonly file: string } | undefined;
  /** Counts changes of what items tell each other. */
  private version = 0;

  constructor(
    private readonly parse: ParseRust,
    private readonly rules: readonly Rule[],
  ) {
    this.readBodies = bodyReader(parse);
    this.byCode = new Map(rules.map((rule) => [rule.code, rule]));
    this.active = rules;
  }

  configure(settings: LintSettings): void {
    this.settings = settings;
    this.active = this.rules.filter(({ code }) => this.severityOf(code) !== undefined);
    this.version++;
  }

  /** Takes in a file as it is now. True if findings in other files may have changed by it. */
  put(file: string, text: string, crate: CrateFacts = NO_CRATE): boolean {
    const before = this.files.get(file);
    const { items: pieces, fits } = text.length > LONGEST_FILE ? NOTHING : splitAgain(before, text);
    const earlier = before?.items ?? [];
    // What stands before and behind a change is as it was.
    let first = 0;
    while (first < pieces.length && first < earlier.length && isSame(pieces[first]!, earlier[first]!))
      first++;
    let last = 0;
    const most = Math.min(pieces.length, earlier.length) - first;
    while (last < most && isSame(pieces.at(-1 - last)!, earlier.at(-1 - last)!)) last++;
    const gone = earlier.slice(first, earlier.length - last);
    const items = pieces.map((item, i): PlacedItem => {
      const fromEnd = pieces.length - i;
      const same = i < first ? earlier[i] : fromEnd <= last ? earlier.at(-fromEnd) : undefined;
      if (same !== undefined) return same.offset === item.offset ? same : { ...item, known: same.known };
      return { ...item, known: gone.find((each) => isSame(each, item))?.known ?? this.know(item) };
    });
    const come = items.slice(first, items.length - last);
    const isFirmware = FIRMWARE.test(text);
    const hasNoStd = NO_STD.test(text) && !WITH_STD.test(text);
    this.files.set(file, { text, items, fits, crate, isFirmware, hasNoStd });
    const isOther = before?.isFirmware !== isFirmware || before.hasNoStd !== hasNoStd;
    const stayed = new Set(come.map(({ known }) => known));
    const readers = gone.flatMap(({ known }) => (stayed.has(known) ? [] : known.leave()));
    if (isOther || before.crate !== crate || outlineOf(gone) !== outlineOf(come)) {
      this.version++;
      const declared = items.map(({ known, around }) => ({ declarations: known.declarations, around }));
      this.workspace.put({ file, crate, items: declared });
      return true;
    }
    const [old, anew] = [gone, come].map((list) => list.flatMap(({ known }) => known.declarations));
    this.workspace.replace(file, old!, anew!);
    const others = this.forgetWhoAsked(changedNames(old!, anew!));
    return [...readers, ...others].some((each) => each !== file);
  }

  /** Forgets the findings that may be others now that what names stand for has changed. Gives their files. */
  private forgetWhoAsked(names: readonly string[]): string[] {
    if (names.length === 0) return [];
    const files = new Set<string>();
    for (const [file, { items }] of this.files) {
      for (const { known } of items) {
        if (known.found === undefined || !names.some((name) => known.found!.asked.has(name))) continue;
        known.forget();
        files.add(file);
      }
    }
    return [...files];
  }

  remove(file: string): void {
    const known = this.files.get(file);
    if (known === undefined) return;
    for (const item of known.items) item.known.leave();
    this.files.delete(file);
    this.workspace.remove(file);
    this.version++;
  }

  private know({ text }: ItemText): KnownItem {
    return new KnownItem(text, this.parse, (item) => {
      if (this.reading !== undefined) item.addReader(this.reading.item, this.reading.file);
    });
  }

  /** Where an item of a file begins now; undefined if it is no longer there. */
  private offsetOf(file: string, declaration: Declaration): number | undefined {
    return this.files.get(file)?.items.find(({ known }) => known.declarations.includes(declaration))?.offset;
  }

  /**
   * Everything that is wrong in a file, in the order of its text. Nothing for a file that is not known.
   * @param judge is heard before findings that are allowed are left out
   */
  findings(file: string, judge?: JudgeFindings): LintFinding[] {
    const known = this.files.get(file);
    if (known === undefined) return [];
    const inText: LintFinding[] = [];
    const withAwaits = judge !== undefined;
    for (const item of known.items) {
      const { found } = item.known;
      const isKnown = found?.version === this.version && (found.awaits !== undefined || !withAwaits);
      const { findings } = isKnown ? found : this.itemFindings(file, known, item, withAwaits);
      for (const each of findings) {
        const severity = this.severityOf(each.code);
        if (severity !== undefined) inText.push(this.placed(file, item, each, severity));
      }
    }
    const found = judge === undefined ? inText : this.judged(known, inText, judge);
    if (found.length === 0) return found;
    const inner = known.text.includes("#![") ? (known.text.match(/^#!\[[^\]]*\]/gm) ?? []) : [];
    const isAllowed = this.allowedByComment(known.text);
    return found
      .filter((each) => !isAllowed(each))
      .filter(({ code }) => !inner.some((attribute) => allows(attribute, this.byCode.get(code)!)))
      .sort((a, b) => a.start - b.start || a.end - b.end);
  }

  private allowedByComment(text: string): (finding: LintFinding) => boolean {
    if (!text.includes("pollscope:")) return () => false;
    const lines = new LineIndex(text);
    const allowed = allowedLines(text, (offset) => lines.lineAt(offset));
    return ({ start, code }) => allowed.get(lines.lineAt(start))?.has(code) === true;
  }

  private judged(known: KnownFile, findings: readonly LintFinding[], judge: JudgeFindings): LintFinding[] {
    const { text, items, isFirmware } = known;
    const awaits = items.flatMap(({ known: { found }, offset }) =>
      (found?.awaits ?? []).map((each) => ({
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
    const rule = this.byCode.get(code);
    const item = items.findLast(({ offset }) => offset <= start);
    const root = item?.known.tree?.root;
    if (rule === undefined || item === undefined || root === undefined) return false;
    return isAllowedByAttribute(innermostAt(root, start - item.offset), rule, item.around);
  }

  private severityOf(code: LintCode): LintSeverity | undefined {
    const set = this.settings.severities[code];
    if (set === "off") return undefined;
    return set ?? this.byCode.get(code)?.severity;
  }

  private itemFindings(
    file: string,
    facts: KnownFile,
    { known, around }: PlacedItem,
    withAwaits: boolean,
  ): ItemFindings {
    known.forget();
    const { version } = this;
    const nothing = { version, ...NOTHING_FOUND };
    known.found = nothing;
    const words = wordsOf(known.text, this.workspace);
    const isAsked = withAwaits && words.hasAsync;
    const rules = this.active.filter((rule) => rule.concerns(words));
    if (rules.length === 0 && !isAsked) return nothing;
    // What the grammar did not understand may hide a `drop`.
    if (known.tree?.isWhole !== true) return nothing;
    const asked = new Set<string>();
    this.reading = { item: known, file };
    this.workspace.asked = asked;
    const { root } = known.tree;
    const { crate, isFirmware, hasNoStd } = facts;
    const surroundings = { workspace: this.workspace, file, around, edition: crate.edition };
    const bodies = allBodies(this.readBodies(root, surroundings));
    const ruleItem: RuleItem = {
      root,
      bodies,
      crate,
      options: this.settings,
      isFirmware,
      hasNoStd,
      around,
      isTest: /[\\/](?:tests|benches)[\\/]/.test(file) || /(?:^|::)tests?(?:::|$)/.test(moduleOf(around)),
    };
    const findings: ItemFinding[] = [];
    for (const rule of rules) {
      rule.check(ruleItem, (report) => {
        if (!isAllowedByAttribute(report.at, rule, around)) findings.push(itemFinding(rule, report));
      });
    }
    this.reading = undefined;
    this.workspace.asked = undefined;
    const awaits = isAsked ? liveAwaits(bodies) : words.hasAsync ? undefined : [];
    known.found = { version, findings, awaits, asked };
    return known.found;
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
        const now = this.offsetOf(within.file, within.declaration);
        return now === undefined ? [] : [{ ...moved(range, now), message, file: within.file }];
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

/** Cuts a text into items, of those before as many as are still there. */
function splitAgain(before: KnownFile | undefined, text: string): SplitText {
  return before === undefined ? splitItems(text) : resplitItems(before.text, before, text);
}

function isSame(a: ItemText, b: ItemText): boolean {
  return a.text === b.text && (a.around === b.around || a.around.join("\0") === b.around.join("\0"));
}

function outlineOf(items: readonly PlacedItem[]): string {
  return items.map(({ known, around }) => around.join() + known.outline).join("\n");
}

/** The names that are declared otherwise than before. */
function changedNames(before: readonly Declaration[], after: readonly Declaration[]): string[] {
  return before.flatMap((old, i) => {
    const isSameNow = old === after[i] || JSON.stringify(old) === JSON.stringify(after[i]);
    return isSameNow || !("name" in old) ? [] : [old.name];
  });
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
