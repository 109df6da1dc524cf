import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkInChild } from '../backup/checkInChild.ts';
import { BackupError } from '../backup/manifest.ts';
import { type BackupReport, writeBackup } from '../backup/writeBackup.ts';
import { type Config, loadConfig } from '../config.ts';
import { NOTICES_FILE, NoticeStore } from '../notices/noticeStore.ts';
import { controlSocketPath } from '../process/controlSocket.ts';
import { lockHolder } from '../process/dataDirLock.ts';
import { programVersion } from '../process/programVersion.ts';
import { askServer } from './controlJob.ts';
import { refuseNewFolder, withOwnStores } from './ownStores.ts';
import { counted, duration, number } from './progressLines.ts';
import { CommandError, UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft backup [--to <folder>] [--json]

Copies everything into a new folder below --to while the server goes on, and reads the copy whole before it bears its
name. It holds exact positions and keys: keep it as safe as the server. Readings in InfluxDB are not in it: use
\`influx backup\` (2.x) or \`influxd backup -portable\` (1.x) for them.

--to    folder for backups, default BACKUP_DIR`;

/** `backup`. */
export const backupVerb: Verb = {
  summary: 'copy everything, while the server runs',
  help: HELP,
  run: async (args, terminal) => {
    const { values } = parseArgs({ args, options: { to: { type: 'string' }, json: { type: 'boolean' } } });
    const config = loadConfig(terminal.env);
    const to = values.to ?? config.BACKUP_DIR;
    if (to === undefined) throw new UsageError('Say where: --to <folder>, or set BACKUP_DIR.');
    const report = await explained(backUp(config, resolve(to)));
    const { folder, bytes, rows, files, ms } = report;
    const size = `${number(Math.ceil(bytes / 1e6))} MB, ${counted(rows, 'row')}, ${counted(files, 'file')}`;
    const text = `${folder}\n${size}, made and read in ${duration(ms)}\n`;
    terminal.out(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : text);
    return 0;
  },
};

function backUp(config: Config, folder: string): Promise<BackupReport> {
  const { DATA_DIR: dataDir, INSTANCE_NAME: instance, STORE: store } = config;
  if (lockHolder(dataDir) !== undefined) {
    return askServer<BackupReport>(controlSocketPath(dataDir), { path: '/_control/backups', job: { folder } });
  }
  refuseNewFolder(config);
  return withOwnStores(config, async ({ databases, stationStore }) => {
    const erasures = () => stationStore.erasures();
    const about = { dataDir, instance, store, version: programVersion() };
    const notices = await ownNotices(dataDir);
    const all = notices === undefined ? databases : { ...databases, [NOTICES_FILE]: notices };
    try {
      return await writeBackup({ ...about, databases: all, erasures, check: checkInChild, clock: Date.now }, folder);
    } finally {
      await notices?.close();
    }
  });
}

/** Contacts, alerts and what is on its way, opened here because no server runs; undefined where none ever ran. */
async function ownNotices(dataDir: string): Promise<NoticeStore | undefined> {
  const path = join(dataDir, NOTICES_FILE);
  if (!existsSync(path)) return undefined;
  const store = new NoticeStore({ path, randomBytes });
  await store.open();
  return store;
}

/** What a backup says is for the operator. */
export async function explained<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw error instanceof BackupError ? new CommandError(error.message, { cause: error }) : error;
  }
}
