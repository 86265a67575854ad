import { describe, expect, it } from "vitest";
import { parsePropertyList } from "./property-list";

const list = (text: string) => parsePropertyList(`<plist version="1.0">${text}</plist>`);

describe("a property list", () => {
  it("is read with its head, and with every kind of value", () => {
    const text = `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
	<key>a &lt;&amp;&gt; b</key>
	<string>x &#252;&#x21; &quot;y&apos;</string>
	<key>n</key>
	<integer>-7</integer>
	<key>r</key>
	<real>1.5</real>
	<key>yes</key>
	<true/>
	<key>no</key>
	<false/>
	<key>bytes</key>
	<data>
	AAEC
	</data>
	<key>empty</key>
	<array/>
	<key>nothing</key>
	<string></string>
</dict>
</plist>
`;
    expect(parsePropertyList(text)).toEqual(
      new Map<string, unknown>([
        ["a <&> b", `x \u00fc! "y'`],
        ["n", -7],
        ["r", 1.5],
        ["yes", true],
        ["no", false],
        ["bytes", null],
        ["empty", []],
        ["nothing", ""],
      ]),
    );
  });

  it("is none if anything is missing, mixed up or unknown", () => {
    for (const text of [
      "",
      "<array>",
      "<array></dict>",
      "<dict><string>no key</string></dict>",
      "<dict><key>alone</key></dict>",
      "<string>open",
      "<string>a<b/></string>",
      "<integer>seven</integer>",
      "<integer></integer>",
      "<set/>",
      "</array>",
      "<string>one</string><string>two</string>",
      "<array><!-- said --></array>",
    ]) {
      expect(list(text), text).toBeUndefined();
    }
    expect(parsePropertyList("<array/>")).toBeUndefined();
    expect(parsePropertyList("<plist><array/></plist> and more")).toBeUndefined();
    // An entity of one's own would be declared in brackets.
    expect(parsePropertyList('<!DOCTYPE plist [<!ENTITY x "y">]><plist><string>&x;</string></plist>')).toBe(
      undefined,
    );
  });

  it("that is deeper than a stack is none", () => {
    expect(list("<array>".repeat(100_000))).toBeUndefined();
    expect(list("<array>".repeat(100) + "</array>".repeat(100))).toBeDefined();
  });
});
