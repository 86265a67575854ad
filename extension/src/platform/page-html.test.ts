import { describe, expect, it } from "vitest";
import { pageHtml } from "./page-html";

describe("the trace editor's page", () => {
  const html = pageHtml({
    cspSource: "https://origin",
    script: "S.js",
    styles: ["S.css", "T.css"],
    nonce: "n0nce",
  });

  it("allows its own style sheet and the one script that carries the nonce, and nothing else", () => {
    expect(/content="(default-src.*)"/.exec(html)?.[1]).toBe(
      "default-src 'none'; style-src https://origin; script-src 'nonce-n0nce'",
    );
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).toContain('<script nonce="n0nce" src="S.js"></script>');
  });

  it("has no inline script and no inline style", () => {
    expect(html).not.toMatch(/<style|\son\w+=|\sstyle=|<script[^>]*>[^<]/);
  });
});
