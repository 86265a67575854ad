import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { demoTrace, HOSTILE_NAME } from "#test/e2e/fixtures/traces";
import { SvgRenderer } from "#webview/timeline/picture/svg-renderer";
import { drawPicture, pictureSize, type TimelinePicture } from "#webview/timeline/picture/timeline-picture";
import { RectBatch } from "#webview/timeline/renderer";
import { NAMED_THEME } from "./draw-log";
import { lanesOf, WIDTH } from "./lanes-of";

/** Six px a letter. */
const textWidth = (text: string) => 6 * text.length;

function picture(): TimelinePicture {
  const ruler = { cursor: null, pointer: null, span: null, findings: [] };
  return { theme: NAMED_THEME, lanes: lanesOf({ trace: demoTrace() }), ruler, width: WIDTH };
}

function svgOf(picture: TimelinePicture): string {
  const { width, height } = pictureSize(picture);
  const svg = new SvgRenderer(width, height, textWidth);
  drawPicture(svg, picture);
  return svg.toString();
}

/** What a parser of XML that is not ours finds: the root's attributes, and all texts of `text` elements. */
const READ_SVG = `
import json, sys
from xml.etree import ElementTree
root = ElementTree.fromstring(sys.stdin.buffer.read())
ns = "{http://www.w3.org/2000/svg}"
print(json.dumps({
    "root": root.tag, "size": [root.get("width"), root.get("height")],
    "texts": [each.text for each in root.iter(ns + "text")],
    "scripts": len(list(root.iter(ns + "script"))),
    "paths": len(list(root.iter(ns + "path"))),
}))
`;

interface ReadSvg {
  readonly root: string;
  readonly size: readonly [string, string];
  readonly texts: readonly string[];
  readonly scripts: number;
  readonly paths: number;
}

function read(svg: string): ReadSvg {
  const { status, stdout, stderr } = spawnSync("python3", ["-c", READ_SVG], { input: svg, encoding: "utf8" });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return JSON.parse(stdout) as ReadSvg;
}

describe("a picture of the timeline as SVG", () => {
  it("is XML with every track's name, however hostile, and nothing that runs", () => {
    const drawn = picture();
    const { root, size, texts, scripts, paths } = read(svgOf(drawn));
    expect(root).toBe("{http://www.w3.org/2000/svg}svg");
    const { width, height } = pictureSize(drawn);
    expect(size).toEqual([String(width), String(height)]);
    const names = drawn.lanes.layout.lanes.map(({ info }) => info.name);
    expect(names).toContain(HOSTILE_NAME);
    const isThere = (name: string) =>
      texts.some((text) => text === name || name.startsWith(text.replace(/…$/, "")));
    expect(names.filter((name) => !isThere(name))).toEqual([]);
    expect(scripts).toBe(0);
    expect(paths).toBeGreaterThan(10);
  });

  it("takes names with letters that XML has no place for", () => {
    const svg = new SvgRenderer(10, 10, textWidth);
    svg.text("a\u0000b\ud800c\u001b", 0, 0, { color: '"red"', font: "font" });
    expect(read(svg.toString()).texts).toEqual(["a\ufffdb\ufffdc\ufffd"]);
  });

  it("leaves out what lies beside it", () => {
    const svg = new SvgRenderer(10, 10, textWidth);
    const batch = new RectBatch();
    batch.add(-5, 0, 5, 1);
    batch.add(10, 0, 5, 1);
    batch.add(2, 3, 4, 5);
    svg.rects({ color: "red", alpha: 0.5 }, batch);
    expect(svg.toString()).toContain('<path d="M2 3h4v5h-4z" fill="red" opacity="0.5"/>');
  });
});
