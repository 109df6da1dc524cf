import { closeSync, openSync } from 'node:fs';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { storeFault } from '../store/storeFault.ts';

const EVERY_MS = 5_000;
/** A clock that differs by more from what has passed was set, ms; NTP moves it by milliseconds. */
const JUMP_MS = 30_000;

/** What the watch needs. */
export interface MachineWatchParts {
  metrics: Pick<Metrics, 'total'>;
  log: Logger;
  /** Epoch ms, the system's. */
  clock: () => number;
}

/** A watch under way. */
export interface MachineWatch {
  /** What is wrong with the machine now; empty when nothing is. */
  problems(): string[];
  close(): void;
}

/** Looks every few seconds whether the clock was set and whether files can still be opened, and says so once. */
export function startMachineWatch({ metrics, log, clock }: MachineWatchParts): MachineWatch {
  let problem: string | undefined;
  let jumps = 0;
  let last = { clock: clock(), passed: performance.now() };
  const look = () => {
    const now = { clock: clock(), passed: performance.now() };
    const jumpMs = now.clock - last.clock - (now.passed - last.passed);
    last = now;
    if (Math.abs(jumpMs) > JUMP_MS) {
      jumps++;
      log.warn(
        { seconds: Math.round(jumpMs / 1000) },
        'the clock was set: readings without a time of their own follow it',
      );
    }
    const found = openFilesProblem();
    if (found !== undefined && problem === undefined) log.error({ fault: found }, 'new connections are turned away');
    if (found === undefined && problem !== undefined) log.info('files can be opened again');
    problem = found;
  };
  metrics.total('clock_jumps_total', 'Times the clock was set by more than 30 s', () => jumps);
  const timer = setInterval(look, EVERY_MS).unref();
  return { problems: () => (problem === undefined ? [] : [problem]), close: () => clearInterval(timer) };
}

/** A sentence while the process may open no more files; undefined otherwise. */
function openFilesProblem(): string | undefined {
  try {
    closeSync(openSync('/dev/null', 'r'));
    return undefined;
  } catch (error) {
    return storeFault(error);
  }
}
