/** Prints the outcomes of checks as they come, counts them, and concludes with a line and the exit status. */
export function tallied() {
  const tally = { passed: 0, failed: 0 };
  return {
    onOutcome({ name, error }) {
      if (error === null) tally.passed++;
      else tally.failed++;
      console.log(error === null ? `ok    ${name}` : `FAIL  ${name}\n${indent(error)}`);
    },
    conclude() {
      console.log(`${tally.passed} passed, ${tally.failed} failed`);
      process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
    },
  };
}

function indent(text) {
  return text.replace(/^/gm, "        ");
}
