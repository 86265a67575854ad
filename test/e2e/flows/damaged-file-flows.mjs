import assert from "node:assert/strict";
import { openFile, tracePage } from "./workbench.mjs";

export const damagedFileFlows = [
  refused(
    "newer.pollscope",
    "This trace has format version 3, and this Pollscope reads up to 2. Update Pollscope.",
  ),
  refused("damaged.pollscope", "The header of this trace is damaged. Record the trace again."),
  refused(
    "empty.pollscope",
    "This is not a Pollscope trace. Open a file that Pollscope has saved (.pollscope).",
  ),
  [
    "a file that was cut off shows what is left, and says what is missing",
    async ({ page, screenshot }) => {
      await openFile(page, "cut-off.pollscope");
      const trace = tracePage(page);
      const alert = trace.getByRole("alert");
      await alert.waitFor();
      assert.deepEqual(words(await alert.innerText()), [
        "This trace is not complete",
        "The file ends inside a block of events.",
        "The file holds 65536 of 100000 events.",
      ]);
      await trace.getByText("65,536 lines", { exact: true }).waitFor();
      await screenshot("cut-off");
    },
  ],
];

function refused(file, sentence) {
  return [
    `${file} is refused with a sentence`,
    async ({ page, screenshot }) => {
      await openFile(page, file);
      const alert = tracePage(page)
        .getByRole("alert")
        .filter({ hasText: sentence.split(". ")[0] });
      await alert.waitFor();
      assert.equal(words(await alert.innerText()).join(" "), sentence);
      await screenshot(`refused-${file}`);
    },
  ];
}

function words(text) {
  return text.split(/\n+/).filter(Boolean);
}
