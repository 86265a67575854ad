import type { Rule } from "./rule";
import { guardAcrossAwait } from "./rules/guard-across-await";

/** All rules, in the order of the documentation. */
export const RULES: readonly Rule[] = [guardAcrossAwait];
