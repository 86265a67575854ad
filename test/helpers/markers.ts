import { existsSync, readFileSync } from "node:fs";
import type { SourcePlace } from "#adapter/trace/trace";

/** Lines of a source file by the names of their markers: `// @suspend NAME` at the end of a line. */
export function suspendMarkers(source: string): Map<string, number> {
  const markers = new Map<string, number>();
  for (const [i, text] of readFileSync(source, "utf8").split("\n").entries()) {
    const name = /\/\/ @suspend (\S+)$/.exec(text.trimEnd())?.[1];
    if (name === undefined) continue;
    if (markers.has(name)) throw new Error(`${source} has the marker ${name} twice`);
    markers.set(name, i + 1);
  }
  return markers;
}

/** The marker at a place of the debug info, or what stands there instead. */
export function markerAt(place: SourcePlace): string {
  const source = sourceOf(place.file);
  if (source === undefined) return `${place.file}:${place.line}`;
  const marker = [...suspendMarkers(source)].find(([, line]) => line === place.line);
  return marker?.[0] ?? `${source}:${place.line}`;
}

/** The repository's file behind a path of the debug info, which begins with a fixed prefix instead of a folder. */
function sourceOf(path: string): string | undefined {
  const relative = /((?:samples|test\/firmware)\/.*)$/.exec(path)?.[1];
  return relative !== undefined && existsSync(relative) ? relative : undefined;
}
