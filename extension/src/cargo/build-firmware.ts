import { UserError } from "#adapter/base/errors";
import type { CargoBuild } from "#adapter/protocol/launch-arguments";
import { type Artifact, parseBuildLine, type RustcDiagnostic } from "./build-messages";
import { type BuildProgress, parseProgress, PROGRESS_ENVIRONMENT } from "./build-progress";
import { buildWords } from "./build-words";
import { type CargoRun, runCargo } from "./run-cargo";

export interface FirmwareBuild extends Omit<CargoRun, "words" | "onOutputLine"> {
  readonly request: CargoBuild;
  /** The target to name to cargo; undefined where the project does so. */
  readonly triple: string | undefined;
  readonly onDiagnostic: (diagnostic: RustcDiagnostic) => void;
  readonly onProgress: (progress: BuildProgress) => void;
}

/** A build that has come to its end. */
export type BuildOutcome =
  | { readonly kind: "built"; readonly executable: string; readonly warning: string | undefined }
  | { readonly kind: "failed"; readonly errors: number };

/**
 * Builds firmware with cargo.
 * @throws UserError if there is no cargo, or if what was built is not one program
 */
export async function buildFirmware(build: FirmwareBuild): Promise<BuildOutcome> {
  const { request, triple, onDiagnostic, onProgress, onNote } = build;
  const programs: Artifact[] = [];
  const errors = new Set<string>();
  const code = await runCargo({
    ...build,
    words: buildWords(request, triple),
    environment: { ...build.environment, ...PROGRESS_ENVIRONMENT },
    onOutputLine: (line) => {
      const message = parseBuildLine(line);
      if (message?.kind === "artifact" && message.artifact.executable !== null)
        programs.push(message.artifact);
      if (message?.kind !== "diagnostic") return;
      const { level, spans, message: text } = message.diagnostic;
      if (level.startsWith("error") && spans.length > 0) errors.add(text + JSON.stringify(spans[0]));
      onDiagnostic(message.diagnostic);
    },
    onNote: (line) => {
      const progress = parseProgress(line);
      if (progress === undefined) onNote(line);
      else onProgress(progress);
    },
  });
  if (code !== 0) return { kind: "failed", errors: errors.size };
  const { name, executable, debugInfo } = theProgram(programs, request);
  return { kind: "built", executable, warning: debugInfoWarning(name, debugInfo, request.profile ?? "dev") };
}

/** The one program that was to be built; build scripts and procedural macros are no programs of the user. */
function theProgram(artifacts: readonly Artifact[], { bin, example }: CargoBuild) {
  const programs = artifacts.flatMap(({ executable, kind, ...artifact }) =>
    executable !== null && (kind.includes("bin") || kind.includes("example"))
      ? [{ ...artifact, executable }]
      : [],
  );
  const wanted = bin ?? example;
  const [program, ...others] =
    wanted === undefined ? programs : programs.filter(({ name }) => name === wanted);
  if (program === undefined) {
    const what = wanted === undefined ? "a program" : `the program ${wanted}`;
    throw new UserError(
      `cargo has built no firmware: it did not name ${what} among what it built`,
      "name one with `bin` or `example` under `cargo` in the launch configuration",
    );
  }
  if (others.length > 0) {
    throw new UserError(
      `cargo has built ${others.length + 1} programs (${[program, ...others].map(({ name }) => name).join(", ")})`,
      "name the one to debug with `bin` under `cargo` in the launch configuration",
    );
  }
  return program;
}

/** Cargo knows of the profile what the compiler was told: without full debug info a debugger shows little. */
function debugInfoWarning(name: string, level: number | string, profile: string): string | undefined {
  if (level === 2 || level === "full") return undefined;
  const lacks =
    level === 0 || level === "none" ? "without debug info" : "without the debug info of variables and types";
  return (
    `${name} is built ${lacks}, so that tasks and awaits cannot be shown; ` +
    `write \`debug = 2\` under \`[profile.${profile}]\` in Cargo.toml`
  );
}
