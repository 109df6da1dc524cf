import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { describe, expect, it } from '@jest/globals';
import { Backups } from '../../server/backup/backups.ts';
import { checkBackup } from '../../server/backup/checkBackup.ts';
import { createLog } from '../../server/log.ts';
import { createMetrics } from '../../server/metrics.ts';
import { type CopyableDatabase, copyDatabase } from '../../server/store/duckdb/duckdbCopy.ts';
import { runCliProcess } from '../support/cliProcess.ts';
import { closeAfterTest } from '../support/closing.ts';
import { startServerProcess } from '../support/serverProcess.ts';
import { temporaryFolder } from '../support/temporaryFolder.ts';
import { until } from '../support/until.ts';

const ROWS = 3_000_000;

/** A database that takes a while to copy. */
async function largeDatabase(): Promise<CopyableDatabase & { rows: () => Promise<number> }> {
  const instance = await DuckDBInstance.create(join(temporaryFolder(), 'large.duckdb'), { threads: '1' });
  const connection = await instance.connect();
  closeAfterTest(() => {
    connection.closeSync();
    instance.closeSync();
  });
  await connection.run(`CREATE TABLE readings AS SELECT range AS at, random() AS pm25 FROM range(${ROWS})`);
  return {
    copyTo: (path, signal) => copyDatabase(connection, path, signal),
    rows: async () =>
      Number((await connection.runAndReadAll('SELECT count(*)::DOUBLE FROM readings')).getRows()[0]?.[0]),
  };
}

function backupsOf(database: CopyableDatabase, check: (folder: string, signal?: AbortSignal) => Promise<string[]>) {
  return new Backups({
    ...{ dataDir: temporaryFolder(), instance: 'Test', version: '0.0.0-test', store: 'duckdb' as const },
    ...{ backupDir: undefined, keep: 1, metrics: createMetrics(), log: createLog('fatal'), clock: Date.now },
    databases: { 'readings.duckdb': database },
    erasures: async () => [],
    check,
  });
}

/** Stops a server while it makes a backup below `root`; once more where the backup was quicker than the stop. */
async function stopInBackup(settings: { DATA_DIR: string }, root: string) {
  for (;;) {
    const server = await startServerProcess({ settings });
    const asked = runCliProcess(['backup', '--to', root], settings);
    await until('it is being made', () => readdirSync(root).length > 0);
    const stopped = await server.stop();
    const told = await asked;
    if (told.code !== 0) return { stopped, told };
    for (const name of readdirSync(root)) rmSync(join(root, name), { recursive: true });
  }
}

describe('a stop during a backup', () => {
  it('breaks it off while a database is copied, leaves nothing of it and the database as it was', async () => {
    const database = await largeDatabase();
    const [backups, root] = [backupsOf(database, checkBackup), temporaryFolder()];
    const made = backups.make(root).then(
      () => 'made',
      ({ message }) => message,
    );
    const [partial = ''] = readdirSync(root);
    await until('the copy has begun', () => existsSync(join(root, partial, 'readings.duckdb')));
    await backups.close();
    expect(await made).toBe('No backup: the program was stopped meanwhile. Nothing of it is left.');
    expect(readdirSync(root)).toEqual([]);
    expect(await database.rows()).toBe(ROWS);
    await database.copyTo(join(root, 'again.duckdb'));
  });

  it('of a running server ends it in time; who asked for the backup is told, and the next start makes the day’s', async () => {
    const settings = { DATA_DIR: temporaryFolder() };
    const root = temporaryFolder();
    const { stopped, told } = await stopInBackup(settings, root);
    expect(stopped).toBe(0);
    expect(told).toMatchObject({ code: 1, err: expect.stringMatching(/^No backup: the program was stopped/) });
    expect(readdirSync(root)).toEqual([]);
    await startServerProcess({ settings: { ...settings, BACKUP_DIR: root } });
    await until('it is made', () => readdirSync(root).some((name) => /^buergerluft-.*Z$/.test(name)));
  });
});
