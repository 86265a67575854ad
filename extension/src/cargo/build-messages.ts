/** One line of what `cargo build --message-format=json` prints, as far as it matters here. */
export type BuildMessage =
  | { readonly kind: "artifact"; readonly artifact: Artifact }
  | { readonly kind: "diagnostic"; readonly diagnostic: RustcDiagnostic }
  | { readonly kind: "finished"; readonly isSuccess: boolean };

/** Something that has been built. */
export interface Artifact {
  readonly name: string;
  readonly kind: readonly string[];
  /** The linked program; null for a library. */
  readonly executable: string | null;
  /** The level of debug info, as in a profile of Cargo.toml: 2 or `full` is all of it. */
  readonly debugInfo: number | string;
}

/** A message of the compiler, as rustc's JSON has it ("JSON Output" in the rustc book). */
export interface RustcDiagnostic {
  readonly message: string;
  readonly code: { readonly code: string } | null;
  readonly level: string;
  readonly spans: readonly RustcSpan[];
  readonly children: readonly RustcDiagnostic[];
  /** The message as the compiler would print it. */
  readonly rendered: string | null;
}

/** A piece of source; lines and columns count from 1, columns in characters. */
export interface RustcSpan {
  readonly file_name: string;
  readonly line_start: number;
  readonly line_end: number;
  readonly column_start: number;
  readonly column_end: number;
  readonly is_primary: boolean;
  readonly label: string | null;
  readonly text: readonly { readonly text: string }[];
  /** Where the macro stands that this comes from. */
  readonly expansion: { readonly span: RustcSpan } | null;
}

/** What a line says; undefined for one that is no message (build scripts print, too) or of no interest. */
export function parseBuildLine(line: string): BuildMessage | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return toMessage(JSON.parse(line) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

function toMessage(json: Record<string, unknown>): BuildMessage | undefined {
  switch (json["reason"]) {
    case "compiler-artifact":
      return { kind: "artifact", artifact: toArtifact(json) };
    case "compiler-message":
      return { kind: "diagnostic", diagnostic: toDiagnostic(json["message"]) };
    case "build-finished":
      return { kind: "finished", isSuccess: json["success"] === true };
    default:
      return undefined;
  }
}

function toArtifact(json: Record<string, unknown>): Artifact {
  const { target, executable, profile } = json as {
    target: { name: string; kind: string[] };
    executable?: string | null;
    profile: { debuginfo?: number | string | null };
  };
  return {
    name: target.name,
    kind: target.kind,
    executable: executable ?? null,
    debugInfo: profile.debuginfo ?? 0,
  };
}

/** Lists that a message lacks are empty: what reads it need not ask. */
function toDiagnostic(json: unknown): RustcDiagnostic {
  const diagnostic = json as Partial<RustcDiagnostic> & { readonly message: string };
  return {
    message: diagnostic.message,
    code: diagnostic.code ?? null,
    level: diagnostic.level ?? "error",
    spans: diagnostic.spans ?? [],
    children: (diagnostic.children ?? []).map(toDiagnostic),
    rendered: diagnostic.rendered ?? null,
  };
}
