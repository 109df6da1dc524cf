import { basename } from 'node:path';
import type { ImportProgress } from '../archive/importReport.ts';
import type { Terminal } from './verb.ts';

const BAR_WIDTH = 24;
/** Where lines stay, one is enough that often. */
const PLAIN_MS = 5_000;
/** The first files take several times as long as the next: before this no time is foretold. */
const ESTIMATE_MS = 2_000;
const CLEAR_LINE = '\r\u001b[K';

/** Shows how far an import is: a bar that is written over on a screen, a line every 5 s anywhere else. */
export function progressLines({ err, isScreen = false }: Pick<Terminal, 'err' | 'isScreen'>) {
  let shownMs = 0;
  let isLineOpen = false;
  return {
    show: (progress: ImportProgress): void => {
      if (!isScreen && progress.ms - shownMs < PLAIN_MS) return;
      shownMs = progress.ms;
      isLineOpen = isScreen;
      err(isScreen ? `${CLEAR_LINE}${bar(progress)} ${describe(progress)}` : `${describe(progress)}\n`);
    },
    end: (): void => {
      if (isLineOpen) err(CLEAR_LINE);
    },
  };
}

function bar({ bytesDone, bytes }: ImportProgress): string {
  const filled = bytes === 0 ? 0 : Math.min(BAR_WIDTH, Math.floor((bytesDone / bytes) * BAR_WIDTH));
  return `[${'#'.repeat(filled)}${'.'.repeat(BAR_WIDTH - filled)}]`;
}

/** `12 of 724 files, 5,460 rows, 91,000 rows/s, 9 s left (2022-02-14_dht22_sensor_3660.csv.gz)`. */
function describe({ file, filesDone, files, rows, bytesDone, bytes, ms }: ImportProgress): string {
  const perSecond = ms === 0 ? 0 : Math.round((rows / ms) * 1000);
  const left = bytesDone === 0 || ms < ESTIMATE_MS ? '' : `, ${duration(((bytes - bytesDone) / bytesDone) * ms)} left`;
  const done = `${filesDone} of ${counted(files, 'file')}, ${counted(rows, 'row')}, ${number(perSecond)} rows/s${left}`;
  return `${done} (${basename(file)})`;
}

/** A number with thousands apart, as the terminal's English texts have it. */
export function number(value: number): string {
  return value.toLocaleString('en-GB');
}

/** `1 station`, `1,200 stations`. */
export function counted(count: number, noun: string): string {
  return `${number(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** `9 s`, `2 min 5 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
