import { type SyntaxNode, walk } from "../syntax/node";
import type { Rule } from "../rule";

const INSTEAD: Readonly<Record<string, string>> = {
  Mutex:
    "embassy_sync::blocking_mutex::Mutex where nothing is awaited meanwhile, embassy_sync::mutex::Mutex otherwise",
  MutexGuard: "the guard of embassy_sync::mutex::Mutex",
  RwLock: "embassy_sync::rwlock::RwLock",
  Condvar: "embassy_sync::signal::Signal",
  mpsc: "embassy_sync::channel::Channel",
  LazyLock: "embassy_sync::lazy_lock::LazyLock",
  OnceLock: "embassy_sync::once_lock::OnceLock",
};

export const stdMutexInEmbassy: Rule = {
  code: "std-mutex-in-embassy",
  severity: "error",
  summary: "a lock of `std` in firmware that has no `std`",
  alsoAllowedBy: [],
  concerns: ({ text }) => text.includes("std::sync"),
  check(item, report) {
    if (!item.isFirmware || !item.hasNoStd || item.around.some((head) => head.includes("#[cfg"))) return;
    walk(item.root, (node) => {
      if (node.kind === "attribute_item" || node.kind === "token_tree") return false;
      if (isConditional(node)) return false;
      const name = node.kind === "use_declaration" ? undefined : stdLock(node);
      if (name !== undefined) {
        report({
          at: node,
          message: `There is no std::sync::${name} in firmware without std: use ${INSTEAD[name]!}`,
        });
        return false;
      }
      return true;
    });
  },
};

/** The lock that a path names: `std::sync::Mutex`, or `Mutex` in `use std::sync::{Arc, Mutex}`. */
function stdLock(node: SyntaxNode): string | undefined {
  if (node.kind === "scoped_identifier" || node.kind === "scoped_type_identifier") {
    const name = /^(?:::)?std::sync::(\w+)/.exec(node.text)?.[1];
    return name !== undefined && Object.hasOwn(INSTEAD, name) ? name : undefined;
  }
  if (node.kind !== "identifier" || node.parent?.kind !== "use_list") return undefined;
  const list = node.parent.parent;
  const path = list?.kind === "scoped_use_list" ? list.child("path")?.text : undefined;
  return path === "std::sync" && Object.hasOwn(INSTEAD, node.text) ? node.text : undefined;
}

/** `#[cfg(feature = "std")]` before it: it is not there in firmware. */
function isConditional(node: SyntaxNode): boolean {
  const siblings = node.parent?.children ?? [];
  for (let i = siblings.indexOf(node) - 1; i >= 0 && siblings[i]!.kind === "attribute_item"; i--) {
    if (siblings[i]!.text.includes("cfg")) return true;
  }
  return false;
}
