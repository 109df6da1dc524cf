import { AwakeClock } from './awakeClock.ts';

/** Signals this soon after the first are the first, ms: Ctrl+C comes from the terminal, and once more through npm, which may be slow. */
const SAME_MS = 1_500;

/**
 * A stop takes at most this long, ms, of the time in which the process is at work: one that stood still could close nothing
 * meanwhile. What is not on disk by then was never acknowledged.
 */
const STOP_MS = 4_800;
/** How often that is looked at, ms. */
const LOOK_MS = 100;

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
    exitAfter(STOP_MS);
    void close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
}

function exitAfter(patienceMs: number): void {
  const awake = new AwakeClock(LOOK_MS);
  const look = () => {
    awake.tick(performance.now());
    if (awake.at(performance.now()) >= patienceMs) process.exit(1);
  };
  look();
  setInterval(look, LOOK_MS).unref();
}
