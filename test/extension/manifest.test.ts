import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { format, resolveConfig } from "prettier";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_THRESHOLDS } from "#adapter/analysis/thresholds";
import { parseDuration } from "#adapter/base/duration";
import { checkLaunch } from "#adapter/session/launch-configuration";
import { launchPage, settingsPage } from "../../extension/packaging/manifest-docs.mjs";
import { packedFiles } from "../../extension/packaging/vsix.mjs";

const root = resolve(import.meta.dirname, "../..");

interface Schema {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly required?: readonly string[];
  readonly markdownDescription?: string;
  readonly default?: unknown;
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly exclusiveMinimum?: number;
}

interface Manifest {
  readonly activationEvents: readonly string[];
  readonly contributes: {
    readonly debuggers: readonly {
      readonly type: string;
      readonly configurationAttributes: { readonly launch: Schema; readonly attach: Schema };
      readonly initialConfigurations: readonly object[];
      readonly configurationSnippets: readonly { readonly body: object }[];
      readonly variables: Readonly<Record<string, string>>;
    }[];
    readonly commands: readonly {
      readonly command: string;
      readonly title: string;
      readonly icon?: string | Readonly<Record<string, string>>;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly walkthroughs: readonly {
      readonly steps: readonly {
        readonly title: string;
        readonly description: string;
        readonly media: { readonly markdown: string };
        readonly completionEvents: readonly string[];
      }[];
    }[];
    readonly keybindings: readonly { readonly command: string; readonly key: string }[];
    readonly configuration: {
      readonly properties: Readonly<Record<string, Schema & { readonly default: unknown }>>;
    };
  };
}

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as Manifest;
const { contributes } = manifest;
const debug = contributes.debuggers[0]!;

/** A type as far as a schema can tell it: `string[]`, `{ [name]: string }`, `"a" | "b"`. */
type Shape = string | { readonly [name: string]: Shape };

/** The shape of an interface of the protocol, as TypeScript's checker sees it; a `?` ends the name of what may lack. */
function shapeOfInterface(file: string, name: string): Shape {
  const path = join(root, file);
  const options: ts.CompilerOptions = { strict: true, exactOptionalPropertyTypes: true, noEmit: true };
  const program = ts.createProgram([path], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(path)!;
  const declaration = source.statements.find(
    (each) => ts.isInterfaceDeclaration(each) && each.name.text === name,
  )!;
  return shapeOfType(checker, checker.getTypeAtLocation(declaration));
}

function shapeOfType(checker: ts.TypeChecker, type: ts.Type): Shape {
  if (type.isStringLiteral()) return JSON.stringify(type.value);
  const text = checker.typeToString(type);
  if (["string", "boolean", "number"].includes(text)) return text;
  if (type.isUnion()) return choice(type.types.map((each) => textOf(shapeOfType(checker, each))));
  if (checker.isArrayType(type)) {
    return `${textOf(shapeOfType(checker, checker.getTypeArguments(type as ts.TypeReference)[0]!))}[]`;
  }
  const index = type.getStringIndexType();
  if (index !== undefined) return `{ [name]: ${textOf(shapeOfType(checker, index))} }`;
  const members = type.getProperties().map((member): [string, Shape] => {
    const isOptional = (member.flags & ts.SymbolFlags.Optional) !== 0;
    const memberType = checker.getNonNullableType(checker.getTypeOfSymbol(member));
    return [`${member.name}${isOptional ? "?" : ""}`, shapeOfType(checker, memberType)];
  });
  return Object.fromEntries(members);
}

function shapeOfSchema(schema: Schema): Shape {
  if (schema.enum !== undefined) return choice(schema.enum.map((each) => JSON.stringify(each)));
  if (schema.anyOf !== undefined) return choice(schema.anyOf.map((each) => textOf(shapeOfSchema(each))));
  if (schema.items !== undefined) return `${textOf(shapeOfSchema(schema.items))}[]`;
  if (schema.additionalProperties) return `{ [name]: ${textOf(shapeOfSchema(schema.additionalProperties))} }`;
  if (schema.properties === undefined) return schema.type ?? "anything";
  const required = new Set(schema.required);
  return Object.fromEntries(
    Object.entries(schema.properties).map(([name, each]) => [
      `${name}${required.has(name) ? "" : "?"}`,
      shapeOfSchema(each),
    ]),
  );
}

function choice(texts: readonly string[]): string {
  return texts.toSorted().join(" | ");
}

function textOf(shape: Shape): string {
  return typeof shape === "string" ? shape : JSON.stringify(shape);
}

/** Whether a value is one that a schema allows, as far as our schemas go. */
function fits(schema: Schema, value: unknown): boolean {
  if (schema.enum !== undefined) return schema.enum.includes(value as string);
  if (schema.anyOf !== undefined) return schema.anyOf.some((each) => fits(each, value));
  switch (schema.type) {
    case "array":
      return Array.isArray(value) && value.every((each) => fits(schema.items ?? {}, each));
    case "object": {
      if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
      return Object.entries(value).every(([name, each]) => {
        const member = schema.properties?.[name] ?? schema.additionalProperties;
        return member !== false && (member === undefined || fits(member, each));
      });
    }
    case "number":
      return typeof value === "number" && value > (schema.exclusiveMinimum ?? -Infinity);
    case "string":
      return typeof value === "string" && new RegExp(schema.pattern ?? "").test(value);
    default:
      return typeof value === schema.type;
  }
}

function schemasIn(schema: Schema): Schema[] {
  return Object.values(schema.properties ?? {}).flatMap((each) => [each, ...schemasIn(each)]);
}

describe("the manifest", () => {
  const { launch, attach } = debug.configurationAttributes;
  const declared = "debug-adapter/src/protocol/launch-arguments.ts";

  it("describes launch and attach configurations as the protocol declares them", () => {
    expect(shapeOfSchema(launch)).toEqual(shapeOfInterface(declared, "LaunchArguments"));
    expect(shapeOfSchema(attach)).toEqual(shapeOfInterface(declared, "AttachArguments"));
  });

  it("describes every member of a configuration, and every setting, in a sentence", () => {
    const settings = Object.values(contributes.configuration.properties);
    const described = [...schemasIn(launch), ...schemasIn(attach), ...settings];
    expect(described.filter(({ markdownDescription: text }) => !/^[A-Z`].*\.$/.test(text ?? ""))).toEqual([]);
  });

  it("has an example for every member of a configuration, and what is said to be its default is one it may have", () => {
    for (const schema of [...schemasIn(launch), ...schemasIn(attach)]) {
      expect(schema.examples ?? [], schema.markdownDescription).not.toEqual([]);
      const values = [...schema.examples!, ...(schema.default === undefined ? [] : [schema.default])];
      expect(
        values.filter((value) => !fits(schema, value)),
        schema.markdownDescription,
      ).toEqual([]);
    }
    for (const schema of Object.values(contributes.configuration.properties)) {
      expect(fits(schema, schema.default), schema.markdownDescription).toBe(true);
    }
  });

  it("has examples and defaults that the debug adapter takes", () => {
    for (const [name, { examples = [], default: given }] of Object.entries(launch.properties!)) {
      // What cargo is to build is replaced by what it has built, before the adapter is asked.
      if (name === "cargo") continue;
      const firmware = name === "program" || name === "sample" ? {} : { sample: "blink" };
      for (const value of given === undefined ? examples : [...examples, given]) {
        const board = name === "gdb" ? { target: "gdb" } : name === "target" ? { gdb: "localhost:3333" } : {};
        const isBoard = value === "gdb" || name === "gdb";
        expect(() => checkLaunch({ ...firmware, ...(isBoard && board), [name]: value }), name).not.toThrow();
      }
    }
  });

  it("says from when on findings are reported, as the analyses have it", () => {
    const { longPoll, starvation } = launch.properties!["thresholds"]!.properties!;
    expect(parseDuration(longPoll!.default as string)).toBe(DEFAULT_THRESHOLDS.longPoll);
    expect(parseDuration(starvation!.default as string)).toBe(DEFAULT_THRESHOLDS.starvation);
  });

  it("offers configurations that name one firmware each, by members that there are", () => {
    const known = new Set(["type", "request", "name", ...Object.keys(launch.properties!)]);
    const bodies = [...debug.initialConfigurations, ...debug.configurationSnippets.map(({ body }) => body)];
    expect(bodies.flatMap((body) => Object.keys(body)).filter((name) => !known.has(name))).toEqual([]);
    const firmware = (body: object) => ["program", "cargo", "sample"].filter((name) => name in body);
    expect(bodies.filter((body) => firmware(body).length !== 1)).toEqual([]);
  });

  it("names in menus, keys and variables only commands that there are", () => {
    const commands = new Set(contributes.commands.map(({ command }) => command));
    const named = [
      ...Object.values(contributes.menus).flat(),
      ...contributes.keybindings,
      ...Object.values(debug.variables).map((command) => ({ command })),
    ];
    expect(named.filter(({ command }) => !commands.has(command))).toEqual([]);
  });

  it("declares the settings that the code asks for", () => {
    const code = shapeOfInterface("extension/src/platform/settings.ts", "Settings") as Record<string, Shape>;
    const properties = Object.entries(contributes.configuration.properties);
    expect(Object.fromEntries(properties.map(([name, each]) => [name, shapeOfSchema(each)]))).toEqual(
      Object.fromEntries(Object.entries(code).map(([name, shape]) => [`pollscope.${name}`, shape])),
    );
    expect(properties.filter(([, each]) => each.default === undefined)).toEqual([]);
  });
});

describe("pages made of the manifest", () => {
  it.each([
    ["settings.md", settingsPage],
    ["launch.md", launchPage],
  ])("docs/%s is what `npm run docs` writes", async (name, pageOf) => {
    const file = join(root, "docs", name);
    const options = { ...(await resolveConfig(file)), filepath: file };
    expect(readFileSync(file, "utf8")).toBe(await format(pageOf(manifest), options));
  });

  it("say of every setting, member and snippet", () => {
    const { launch, attach } = debug.configurationAttributes;
    const members = (schema: Schema): string[] =>
      Object.entries(schema.properties ?? {}).flatMap(([name, each]) => [name, ...members(each)]);
    const page = launchPage(manifest);
    for (const name of [...members(launch), ...members(attach)]) expect(page).toContain(`| \`${name}\` |`);
    for (const name of Object.keys(contributes.configuration.properties)) {
      expect(settingsPage(manifest)).toContain(`| \`${name}\` |`);
    }
  });
});

describe("the walkthrough", () => {
  const { steps } = contributes.walkthroughs[0]!;

  it("has a page for each step, and completes it by a command of ours", () => {
    const commands = contributes.commands.map(({ command }) => command);
    const pages = steps.map(({ media }) => media.markdown);
    const files: readonly string[] = packedFiles();
    expect(pages.filter((page) => !files.includes(page))).toEqual([]);
    for (const { completionEvents } of steps) {
      for (const event of completionEvents) expect(commands).toContain(event.replace(/^onCommand:/, ""));
    }
  });

  it("has buttons that do what their words say: commands of ours, and samples that can be debugged", () => {
    const commands = new Map(contributes.commands.map(({ command, title }) => [command, title]));
    const { elfs } = JSON.parse(readFileSync(join(root, "samples/prebuilt/manifest.json"), "utf8")) as {
      readonly elfs: readonly { readonly name: string; readonly profile: string }[];
    };
    const samples = elfs.map(({ name, profile }) => `${name}-${profile}`);
    const links = /\[(?<words>[^\]]+)\]\(command:(?<command>[\w.]+)(?:\?(?<args>[^)]+))?\)/g;
    const buttons = steps.flatMap(({ description }) =>
      [...description.matchAll(links)].map(({ groups }) => groups!),
    );
    expect(buttons.length).toBeGreaterThan(steps.length);
    for (const { words, command, args } of buttons) {
      if (args === undefined) expect([command, commands.get(command!)]).toEqual([command, words]);
      else {
        const [sample] = JSON.parse(decodeURIComponent(args)) as [string];
        expect(samples).toContain(sample);
        expect(words).toBe(`Debug ${sample.replace(/-(dev|release)$/, "")}`);
      }
    }
  });
});

describe("the package", () => {
  let files: readonly string[];
  beforeAll(() => {
    files = packedFiles();
  });

  it("has what the manifest names", () => {
    const icons = contributes.commands.flatMap(({ icon }) =>
      typeof icon === "object" ? Object.values(icon) : [],
    );
    expect(icons.length).toBeGreaterThan(0);
    expect(icons.filter((icon) => !files.includes(icon) || !existsSync(join(root, icon)))).toEqual([]);
  });

  it("has every sample: firmware, sources, launch configurations, and what cargo needs to build it", () => {
    const { elfs } = JSON.parse(readFileSync(join(root, "samples/prebuilt/manifest.json"), "utf8")) as {
      readonly elfs: readonly {
        readonly file: string;
        readonly package: string;
        readonly sources: readonly string[];
      }[];
    };
    const wanted = elfs.flatMap((elf) => [
      `prebuilt/${elf.file}`,
      `${elf.package}/Cargo.toml`,
      `${elf.package}/.vscode/launch.json`,
      ...elf.sources,
    ]);
    const workspace = ["Cargo.toml", "Cargo.lock", "memory.x", "build.rs", ".cargo/config.toml"];
    expect([...wanted, ...workspace].filter((file) => !files.includes(`samples/${file}`))).toEqual([]);
  });

  it("has no sources of Pollscope, no tests and no source maps", () => {
    const strangers = files.filter((file) =>
      /^(debug-adapter|test|webview\/src|extension\/src)\/|\.map$/.test(file),
    );
    expect(strangers).toEqual([]);
  });

  it("has every picture and page that the README shows and names", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const named = [...readme.matchAll(/\]\(((?:docs|extension)\/[^)]+)\)/g)].map(([, path]) => path!);
    expect(named).toEqual(expect.arrayContaining(["docs/settings.md", "docs/launch.md", "docs/events.md"]));
    expect(named.filter((path) => path.endsWith(".png"))).not.toEqual([]);
    expect(named.filter((path) => !files.includes(path))).toEqual([]);
  });
});
