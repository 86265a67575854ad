// Pages about what users may set, made of what package.json says to VS Code: docs/settings.md and docs/launch.md.

const MADE = "<!-- Made from package.json by `npm run docs`; a test compares the two. -->\n";

/** The settings, as a page in Markdown. */
export function settingsPage({ contributes }) {
  const rows = Object.entries(contributes.configuration.properties).map(([name, schema]) => [
    `\`${name}\``,
    typeOf(schema),
    code(schema.default),
    description(schema),
  ]);
  return page("Settings", [
    "Each is under `Pollscope` in VS Code's settings, with the same words.",
    table(["setting", "type", "default", "what it does"], rows),
  ]);
}

/** The members of a launch or attach configuration, as a page in Markdown. */
export function launchPage({ contributes }) {
  const { type, configurationAttributes, initialConfigurations, configurationSnippets } =
    contributes.debuggers[0];
  const { launch, attach } = configurationAttributes;
  return page("Launch configurations", [
    `F5 needs none. To keep one, write it into \`.vscode/launch.json\`, where VS Code completes and explains every member; debug type \`${type}\`:`,
    fence({ version: "0.2.0", configurations: initialConfigurations }),
    "Exactly one of `program`, `cargo` and `sample` names the firmware.",
    memberTable(launch),
    ...Object.entries(launch.properties).flatMap(([name, schema]) =>
      schema.properties === undefined ? [] : [`## \`${name}\``, memberTable(schema)],
    ),
    "## Attach",
    'With `"request": "attach"`, for a board behind a gdb server.',
    memberTable(attach),
    "## Snippets",
    "What `Add Configuration…` in launch.json offers:",
    ...configurationSnippets.flatMap(({ description: what, body }) => [what, fence(unescaped(body))]),
  ]);
}

function page(title, parts) {
  return `${[`# ${title}`, MADE.trimEnd(), ...parts].join("\n\n")}\n`;
}

function memberTable({ properties }) {
  const rows = Object.entries(properties).map(([name, schema]) => [
    `\`${name}\``,
    typeOf(schema),
    code(schema.default),
    (schema.examples ?? []).map(code).join("<br>"),
    description(schema),
  ]);
  return table(["member", "type", "default", "example", "what it does"], rows);
}

/** A type in a reader's words. */
function typeOf({ type, enum: choices, anyOf, items, additionalProperties, properties }) {
  if (choices !== undefined) return choices.map(code).join(" or ");
  if (anyOf !== undefined) return anyOf.map(typeOf).join(" or ");
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (properties === undefined && additionalProperties) return `${typeOf(additionalProperties)} by name`;
  const words = { string: "text", boolean: "`true` or `false`", object: "members", integer: "number" };
  return words[type] ?? type ?? "anything";
}

function description({ markdownDescription, description: plain, enum: choices, enumDescriptions }) {
  const each = (enumDescriptions ?? []).map((what, i) => `${code(choices[i])}: ${what}`);
  return [markdownDescription ?? plain ?? "", ...each].join("<br>");
}

function code(value) {
  return value === undefined || value === "" ? "" : `\`${JSON.stringify(value)}\``;
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

function fence(value) {
  return `\`\`\`json\n${JSON.stringify(value, null, 2)}\n\`\`\``;
}

/** A snippet as it stands in the file once it is filled in with what it proposes. */
function unescaped(body) {
  const filled = JSON.stringify(body).replaceAll(/\$\{\d+:([^}]*)\}/g, "$1");
  return JSON.parse(filled, (_, value) =>
    typeof value === "string" && value.startsWith('^"') ? value.slice(2, -1).replaceAll("\\$", "$") : value,
  );
}
