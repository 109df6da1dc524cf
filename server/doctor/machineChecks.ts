import { execFile } from 'node:child_process';
import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { promisify } from 'node:util';
import { diskState } from '../admin/disk.ts';
import { newestBackup } from '../backup/backups.ts';
import { checkInChild } from '../backup/checkInChild.ts';
import { HOUR_MS } from '../domain/durations.ts';
import { IN_CONTAINER } from '../domain/operator/ownCommand.ts';
import { type Check, fail, ok, unset, warn } from './doctor.ts';

/** From this share of the disk on the operator should make room; from the second one readings are at risk. */
const DISK_WARN = 0.8;
const DISK_FAIL = 0.95;
/** A daily backup older than this has failed at least once. */
const BACKUP_MAX_AGE_MS = 36 * HOUR_MS;
/** This program was written after that day: a clock before it was never set. */
const CLOCK_FLOOR = Date.UTC(2026, 0, 1);
const GROUP_AND_OTHERS = 0o077;

const run = promisify(execFile);

/** The data folder can be written and is for its owner alone. */
export const dataFolderCheck: Check = ({ config: { DATA_DIR }, isContainer }) => {
  if (!existsSync(DATA_DIR)) return unset(`${DATA_DIR} is made at the first start.`);
  accessSync(DATA_DIR, constants.R_OK | constants.W_OK | constants.X_OK);
  const mode = statSync(DATA_DIR).mode & 0o777;
  if ((mode & GROUP_AND_OTHERS) !== 0) {
    const help = `${isContainer ? IN_CONTAINER : ''}chmod 700 ${DATA_DIR}`;
    return warn(`${DATA_DIR} is open to others (mode ${mode.toString(8)}).`, help);
  }
  return ok(`${DATA_DIR}, for its owner alone.`);
};

/** There is room on the disk. */
export const diskCheck: Check = ({ config: { DATA_DIR } }) => {
  const { usedShare, freeBytes } = diskState(existsSync(DATA_DIR) ? DATA_DIR : '.');
  const detail = `${Math.round(usedShare * 100)} % used, ${Math.round(freeBytes / 1e9)} GB free.`;
  if (usedShare >= DISK_FAIL) return fail(detail, 'make room now: readings cannot be stored on a full disk');
  return usedShare >= DISK_WARN ? warn(detail, 'make room, or move DATA_DIR to a larger disk') : ok(detail);
};

/** The clock is set: readings without a time of their own get ours. */
export const clockCheck: Check = async ({ clock }) => {
  if (clock() < CLOCK_FLOOR) return fail(`It says ${new Date(clock()).toISOString()}.`, 'timedatectl set-ntp true');
  const isSynchronised = await ntpState();
  if (isSynchronised === undefined) return ok('Set; whether it is synchronised cannot be asked here.');
  if (isSynchronised) return ok('Set and synchronised.');
  return warn('Set, but not synchronised.', 'timedatectl set-ntp true');
};

/** Backups are made and the newest one can be read whole. */
export const backupCheck: Check = async ({ config: { BACKUP_DIR }, clock }) => {
  if (BACKUP_DIR === undefined) {
    return warn('None is made by itself.', 'set BACKUP_DIR, or run `npx buergerluft backup --to <folder>` every day');
  }
  const newest = newestBackup(BACKUP_DIR);
  if (newest === undefined) return fail(`There is none in ${BACKUP_DIR}.`, 'npx buergerluft backup');
  const problems = await checkInChild(newest.folder);
  if (problems.length > 0) return fail(`${newest.folder}: ${problems.join(' ')}`, 'npx buergerluft backup');
  const hours = Math.round((clock() - newest.madeAt) / HOUR_MS);
  const detail = `${newest.folder}, ${hours} h old, read whole: it can be restored.`;
  return clock() - newest.madeAt > BACKUP_MAX_AGE_MS ? fail(detail, 'npx buergerluft backup') : ok(detail);
};

/** Undefined where systemd's timedatectl is not there or has no answer. */
async function ntpState(): Promise<boolean | undefined> {
  try {
    const { stdout } = await run('timedatectl', ['show', '-p', 'NTPSynchronized', '--value'], { timeout: 3_000 });
    return stdout.trim() === 'yes';
  } catch {
    // Expected in containers and on other systems: then nobody here knows.
    return undefined;
  }
}
