import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { HOUR_MS } from '../domain/durations.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { writeErasures } from './erasureList.ts';
import { BackupError } from './manifest.ts';
import { type BackupParts, type BackupReport, writeBackup } from './writeBackup.ts';

/** How old the newest backup may get before the next is made. */
const EVERY_MS = 24 * HOUR_MS;
/** When that is looked at: often enough to make up for a failure within the hour. */
const LOOK_MS = HOUR_MS / 4;
const NAME = /^buergerluft-(\d{4}-\d{2}-\d{2})T(\d{2})(\d{2})(\d{2})Z$/;

/** What the backups of a running server need. */
export interface BackupsParts extends BackupParts {
  /** Where one is made every day; without it only on demand. */
  backupDir: string | undefined;
  keep: number;
  metrics: Metrics;
  log: Logger;
}

/** What a running server knows of its backups. */
export interface BackupState {
  /** `BACKUP_DIR`. */
  folder: string | undefined;
  isRunning: boolean;
  /** Those that failed since the start. */
  failures: number;
  /** The last that failed, until one succeeds. Times epoch ms. */
  lastFailure?: { at: number; message: string };
}

/** The backups of a running server: on demand, and every day in `BACKUP_DIR`. One at a time. */
export class Backups {
  readonly #parts: BackupsParts;
  readonly #stop = new AbortController();
  #running: Promise<BackupReport> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #failures = 0;
  #lastFailure: { at: number; message: string } | undefined;

  constructor(parts: BackupsParts) {
    this.#parts = parts;
    const { metrics, backupDir, clock } = parts;
    if (backupDir === undefined) return;
    metrics.gauge('backup_age_seconds', 'Age of the newest backup in BACKUP_DIR; NaN when there is none', () => {
      return (clock() - madeAtOf(backupDir)) / 1000;
    });
    metrics.totals('backups_failed_total', 'Daily backups that failed', 'kind', () => [['daily', this.#failures]]);
  }

  /** What is known of them: nothing of a folder unless one is set. */
  get state(): BackupState {
    return {
      folder: this.#parts.backupDir,
      isRunning: this.#running !== undefined,
      failures: this.#failures,
      ...(this.#lastFailure && { lastFailure: this.#lastFailure }),
    };
  }

  /** Begins one in `BACKUP_DIR`; what became of it is in `state`. False without such a folder, or while one is made. */
  makeNow(): boolean {
    const { backupDir } = this.#parts;
    if (backupDir === undefined || this.#running) return false;
    void this.#makeIn(backupDir);
    return true;
  }

  /** Makes one below `root`. @throws BackupError also when one is being made. */
  async make(root: string): Promise<BackupReport> {
    if (this.#running) throw new BackupError('Another backup is being made; wait until it is done.');
    this.#running = writeBackup(this.#parts, root, this.#stop.signal);
    try {
      return await this.#running;
    } finally {
      this.#running = undefined;
    }
  }

  /** Begins to make one every day. */
  start(): void {
    const { backupDir } = this.#parts;
    if (backupDir === undefined) return;
    const look = () => void this.#makeDaily(backupDir);
    this.#timer = setInterval(look, LOOK_MS).unref();
    look();
  }

  /** Writes a deletion beside the backups at once: it must hold also when the next backup is never made. */
  async noteErasure(): Promise<void> {
    const { backupDir } = this.#parts;
    if (backupDir !== undefined && existsSync(backupDir)) writeErasures(await this.#parts.erasures(), backupDir);
  }

  /** Makes no more. One under way is broken off, without a trace: a large one takes longer than a stop may. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#stop.abort();
    // That there is none is told to whoever asked for it.
    await this.#running?.catch(() => undefined);
  }

  async #makeDaily(backupDir: string): Promise<void> {
    if (this.#running || !this.#isDue(backupDir)) return;
    await this.#makeIn(backupDir);
  }

  #isDue(backupDir: string): boolean {
    try {
      const { madeAt = Number.NEGATIVE_INFINITY } = newestBackup(backupDir) ?? {};
      return this.#parts.clock() - madeAt >= EVERY_MS;
    } catch (error) {
      this.#failed(error);
      return false;
    }
  }

  async #makeIn(backupDir: string): Promise<void> {
    const { log, keep } = this.#parts;
    try {
      const { bytes, rows, ms } = await this.make(backupDir);
      for (const { folder } of backupsIn(backupDir).slice(keep)) rmSync(folder, { recursive: true });
      this.#lastFailure = undefined;
      log.info({ bytes, rows, ms }, 'backup made and read');
    } catch (error) {
      if (this.#stop.signal.aborted) log.info('the daily backup was broken off by the stop; the next start makes it');
      else this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    const { clock, log } = this.#parts;
    this.#failures++;
    this.#lastFailure = { at: clock(), message: error instanceof Error ? error.message : String(error) };
    log.error({ err: error }, 'the daily backup failed; it is tried again in a quarter of an hour');
  }
}

/** Finished backups in a folder, newest first. @throws BackupError when it is there and cannot be read. */
export function backupsIn(root: string): { folder: string; madeAt: number }[] {
  if (!existsSync(root)) return [];
  const found = namesIn(root).flatMap((name) => {
    const [, day, hour, minute, second] = NAME.exec(name) ?? [];
    return day === undefined
      ? []
      : { folder: join(root, name), madeAt: Date.parse(`${day}T${hour}:${minute}:${second}Z`) };
  });
  return found.sort((one, other) => other.madeAt - one.madeAt);
}

function namesIn(root: string): string[] {
  try {
    return readdirSync(root);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new BackupError(`The folder of the backups cannot be read (${code}): ${root}`, { cause });
  }
}

/** The newest finished backup in a folder. @throws BackupError when it is there and cannot be read. */
export function newestBackup(root: string): { folder: string; madeAt: number } | undefined {
  return backupsIn(root)[0];
}

/** When the newest was made; NaN when there is none, and for a folder that cannot be read. */
function madeAtOf(root: string): number {
  try {
    return newestBackup(root)?.madeAt ?? Number.NaN;
  } catch (error) {
    // Told by the attempt to make one.
    if (error instanceof BackupError) return Number.NaN;
    throw error;
  }
}
