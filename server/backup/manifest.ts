import { createHash } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { STORE_KINDS } from '../domain/storeKind.ts';

/** Version of the form of a backup. */
export const BACKUP_SCHEMA_VERSION = 1;
/** Name of the manifest in a backup's folder. */
export const MANIFEST_NAME = 'manifest.json';
/** Name of the list of deletions that lies beside the backups: newer than any of them. */
export const ERASURES_NAME = 'erasures.json';

/** Folder of a backup, and of one that is not finished. */
const BACKUP_FOLDER = /^buergerluft-\d{4}-\d{2}-\d{2}T\d{6}Z(\.partial)?$/;

/** True for what lies in a folder of backups, by its name: it is part of no data folder, also inside one. */
export function isOfBackups(name: string): boolean {
  return name === ERASURES_NAME || BACKUP_FOLDER.test(name);
}

const manifestSchema = z.object({
  schemaVersion: z.number().int(),
  /** ISO 8601 UTC. */
  madeAt: z.iso.datetime(),
  /** Program that made it. */
  version: z.string(),
  instance: z.string(),
  /** Where readings are kept: those of InfluxDB are not in the backup. */
  store: z.enum(STORE_KINDS),
  files: z.array(
    z.object({
      /** Path in the backup's folder. */
      name: z.string().regex(/^(?!.*(^|\/)\.\.(\/|$))[^/].*$/),
      bytes: z.number(),
      sha256: z.string(),
      /** Rows by table, for a database. */
      tables: z.record(z.string(), z.number()).optional(),
    }),
  ),
});

/** What a backup holds. */
export type BackupManifest = z.output<typeof manifestSchema>;

/** A folder is no backup, or one that cannot be used; the message says why. */
export class BackupError extends Error {
  override name = 'BackupError';
}

/** Reads a backup's manifest. @throws BackupError */
export function readManifest(folder: string): BackupManifest {
  const manifest = manifestSchema.safeParse(readJson(folder));
  if (!manifest.success) throw new BackupError(`${folder} holds a manifest that cannot be read as one.`);
  if (manifest.data.schemaVersion > BACKUP_SCHEMA_VERSION) {
    throw new BackupError(`${folder} was made by a newer version (${manifest.data.version}): install that one first.`);
  }
  return manifest.data;
}

/** SHA-256 of a file nobody has open, hex. */
export async function fileHash(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash, { signal });
  return hash.digest('hex');
}

function readJson(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, MANIFEST_NAME), 'utf8'));
  } catch (cause) {
    throw new BackupError(`${folder} is no backup: it has no ${MANIFEST_NAME} that can be read.`, { cause });
  }
}
