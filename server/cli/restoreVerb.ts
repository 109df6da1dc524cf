import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkInChild } from '../backup/checkInChild.ts';
import { type RestoreReport, restoreBackup } from '../backup/restoreBackup.ts';
import { loadConfig } from '../config.ts';
import { lockDataDir } from '../process/dataDirLock.ts';
import { explained } from './backupVerb.ts';
import { counted } from './progressLines.ts';
import { UsageError, type Verb } from './verb.ts';

const HELP = `npx buergerluft restore <backup> [--replace] [--json]

Reads the backup whole, puts it into DATA_DIR, and deletes again what was deleted after it was made. The server must be
stopped. Everything after the backup is lost unless it is still in DATA_DIR: --replace puts that aside, never away.

<backup>    folder buergerluft-<time> that \`backup\` made
--replace   put the present content of DATA_DIR into DATA_DIR/replaced-<time> first`;

const OPTIONS = { replace: { type: 'boolean' }, json: { type: 'boolean' } } as const;

/** `restore <backup>`. */
export const restoreVerb: Verb = {
  summary: 'put a backup into the data folder',
  help: HELP,
  run: async (args, terminal) => {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    const [folder, ...more] = positionals;
    if (folder === undefined || more.length > 0) throw new UsageError('Say which backup: one folder.');
    const { DATA_DIR: dataDir } = loadConfig(terminal.env);
    const lock = lockDataDir(dataDir);
    try {
      const onUnreadable = (error: unknown) => terminal.err(`The former registry cannot be read: ${String(error)}\n`);
      const isReplacing = values.replace === true;
      const parts = { dataDir, isReplacing, onUnreadable, check: checkInChild, clock: Date.now, randomBytes };
      const report = await explained(restoreBackup(resolve(folder), parts));
      terminal.out(values.json ? `${JSON.stringify(report, undefined, 2)}\n` : describe(report, dataDir));
    } finally {
      lock.release();
    }
    return 0;
  },
};

function describe(report: RestoreReport, dataDir: string): string {
  const { madeAt, files, erasedAgain, replaced, store, isFormerRegistryUnreadable } = report;
  const lines = [`State of ${madeAt} is in ${dataDir}: ${counted(files, 'file')}.`];
  if (replaced !== undefined) lines.push(`What was there lies in ${replaced}; delete it when all is well.`);
  if (erasedAgain > 0)
    lines.push(`Deleted again, because they were deleted since: ${counted(erasedAgain, 'station')}.`);
  if (isFormerRegistryUnreadable) lines.push('Deletions that only the former registry knew could not be applied.');
  if (store === 'influxdb') lines.push('Readings are in InfluxDB and must be restored there.');
  return `${lines.join('\n')}\n`;
}
