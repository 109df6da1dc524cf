import { readdir, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';

/** A file on disk, as it was when it was found. */
export interface ArchiveFile {
  /** Absolute. */
  path: string;
  /** Bytes as stored, compressed or not. */
  size: number;
  mtimeMs: number;
}

/** What was found under the paths given. */
export interface FoundFiles {
  /** By name, and so by day: rows of a sensor come in time order, which the store takes fastest. */
  files: ArchiveFile[];
  /** Paths that are not there or cannot be read, each with the system's word for it. */
  missing: { path: string; code: string }[];
}

/** What is taken from a folder; a file named by itself may be called anything. */
const NAME_FORM = /\.(csv|log)(\.gz)?$/i;

/** Looks up files and, recursively, folders; `nameForm` says which names are taken from a folder. Links to folders are not followed: they may go round in a circle. */
export async function findArchiveFiles(paths: readonly string[], nameForm = NAME_FORM): Promise<FoundFiles> {
  const found: FoundFiles = { files: [], missing: [] };
  for (const path of paths) await lookAt(resolve(path), { found, nameForm });
  const byPath = new Map(found.files.map((file) => [file.path, file]));
  found.files = [...byPath.values()].sort(
    (a, b) => compare(basename(a.path), basename(b.path)) || compare(a.path, b.path),
  );
  return found;
}

interface Search {
  found: FoundFiles;
  nameForm: RegExp;
}

async function lookAt(path: string, search: Search): Promise<void> {
  const { found } = search;
  try {
    const { size, mtimeMs, ...kind } = await describe(path);
    if (kind.isFolder) await lookInto(path, search);
    else if (kind.isFile) found.files.push({ path, size, mtimeMs });
    else found.missing.push({ path, code: 'not a file' });
  } catch (error) {
    found.missing.push({ path, code: errorCode(error) });
  }
}

async function lookInto(folder: string, search: Search): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const isWanted = entry.isDirectory() || (!entry.isDirectory() && search.nameForm.test(entry.name));
    if (isWanted && !entry.name.startsWith('.')) await lookAt(join(folder, entry.name), search);
  }
}

async function describe(path: string) {
  const stats = await stat(path);
  return { size: stats.size, mtimeMs: stats.mtimeMs, isFolder: stats.isDirectory(), isFile: stats.isFile() };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

/** The system's short word for an error (`ENOENT`), or its message. */
export function errorCode(error: unknown): string {
  if (typeof error === 'object' && error !== null && 'code' in error) return String(error.code);
  return error instanceof Error ? error.message : String(error);
}
