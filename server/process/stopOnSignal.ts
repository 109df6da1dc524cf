/** Signals this soon after the first are the first, ms: Ctrl+C comes from the terminal, and once more through npm, which may be slow. */
const SAME_MS = 1_500;

/** A stop takes at most this long, ms; what is not on disk by then was never acknowledged. */
const STOP_MS = 4_800;

/** Closes and ends the process on SIGTERM and SIGINT, in time or at once after a second signal. */
export function stopOnSignal(close: () => Promise<void>): void {
  let stoppingSince: number | undefined;
  const stop = () => {
    if (stoppingSince !== undefined) {
      // A second signal is impatience.
      if (performance.now() - stoppingSince > SAME_MS) process.exit(1);
      return;
    }
    stoppingSince = performance.now();
    setTimeout(() => process.exit(1), STOP_MS).unref();
    void close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}
