/**
 * Jest reporter: the last line of a run is `N passed, N failed`, with `, N skipped` when there are any. A test file that
 * cannot be loaded counts as a failure. With CI=true a skipped or postponed test fails the run: nothing is left out
 * unseen.
 */
export default class PassedFailedReporter {
  #problem;

  onRunComplete(_contexts, results) {
    const { passed, failed, skipped } = countsOf(results);
    if (skipped > 0 && process.env.CI === 'true') this.#problem = new Error(`${skipped} tests were skipped under CI`);
    const lines = [...(this.#problem ? [this.#problem.message] : []), lineOf({ passed, failed, skipped })];
    // Jest puts its own summary after every other reporter, so ours waits for the end of the process.
    process.once('exit', () => process.stdout.write(`${lines.join('\n')}\n`));
  }

  /** Jest fails the run when this is an error. */
  getLastError() {
    return this.#problem;
  }
}

/** Totals of Jest's aggregated results. */
export function countsOf(results) {
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

/** The summary line. */
export function lineOf({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
