/** Prints the outcomes of checks as they come, counts them, and concludes with a line and the exit status. */
export function tallied() {
  const tally = { passed: 0, failed: 0 };
  const isCi = (process.env.CI ?? "") !== "";
  return {
    onOutcome({ name, error, seconds }) {
      if (error === null) tally.passed++;
      else tally.failed++;
      const took = seconds === undefined ? "" : ` (${seconds.toFixed(1)} s)`;
      console.log(error === null ? `ok    ${name}${took}` : `FAIL  ${name}\n${indent(error)}`);
    },
    /** Tells of checks that cannot run here, and what they need; CI has to have it. */
    onNotRun(what) {
      console.log(`not run: ${what}`);
      if (isCi) tally.failed++;
    },
    /** Tells that a group is tried again from its beginning, and why. */
    onSecondAttempt(group, { name, error }) {
      console.log(`again ${group}, because of: ${name}\n${indent(error)}`);
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
