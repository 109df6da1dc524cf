/** How often a running simulation says how it goes, ms. */
const REPORT_MS = 10_000;

/** Waits for so many minutes or until Ctrl+C, and calls `report` every ten seconds. */
export async function runFor(minutes: number, report: () => void): Promise<void> {
  const reporting = setInterval(report, REPORT_MS);
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, minutes * 60_000);
    process.once('SIGINT', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  clearInterval(reporting);
}

/** A number from the command line; says which is wrong. */
export function numberOf(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new Error(`--${name} must be a number, not ${text}`);
  return value;
}
