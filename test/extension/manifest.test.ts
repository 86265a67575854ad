import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it } from "vitest";
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
      readonly icon?: string | Readonly<Record<string, string>>;
    }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
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

  it("has every picture that the README shows", () => {
    const readme = readFileSync(join(root, "README.md"), "utf8");
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, path]) => path!);
    expect(pictures.length).toBeGreaterThan(0);
    expect(pictures.filter((path) => !files.includes(path))).toEqual([]);
  });
});
