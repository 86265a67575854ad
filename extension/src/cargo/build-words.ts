import type { CargoBuild } from "#adapter/protocol/launch-arguments";

/** The words after `cargo` that build what is asked for, with messages for a program to read. */
export function buildWords(request: CargoBuild, triple: string | undefined): string[] {
  return [
    "build",
    "--message-format=json",
    ...option("--package", request.package),
    ...option("--bin", request.bin),
    ...option("--example", request.example),
    ...option("--profile", request.profile),
    ...option("--features", request.features?.join(",")),
    ...option("--target", triple),
    ...(request.args ?? []),
  ];
}

/** One word with an equals sign: a value that begins with a dash stays a value. */
function option(name: string, value: string | undefined): string[] {
  return value === undefined || value === "" ? [] : [`${name}=${value}`];
}
