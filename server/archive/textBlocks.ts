import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import type { ArchiveFile } from './archiveFile.ts';

/** Some whole lines of a file. */
export interface TextBlock {
  /** Each line ends with a line feed, but the last of a file that does not end with one. */
  text: string;
  /** Bytes of the file read so far, compressed ones in a compressed file. */
  bytesRead: number;
}

/** A file that is no text, is cut off, or cannot be read. */
export class UnreadableFileError extends Error {
  override name = 'UnreadableFileError';
}

const BLOCK_BYTES = 256 * 1024;
/** No line of any archive is near this long; a file without line ends is no text. */
const MAX_LINE_BYTES = 64 * 1024;
const LINE_FEED = 10;
/** First bytes of every gzip file (RFC 1952): the name may lack the `.gz`. */
const GZIP_MAGIC = [0x1f, 0x8b] as const;

/**
 * Reads a file, gunzipped where it is compressed, block by block: a month of a whole network does not fit into memory.
 * @throws UnreadableFileError after the blocks before the damage were given.
 */
export async function* textBlocks(
  file: Pick<ArchiveFile, 'path'>,
  { maxLineBytes = MAX_LINE_BYTES } = {},
): AsyncGenerator<TextBlock> {
  const raw = createReadStream(file.path, { highWaterMark: BLOCK_BYTES });
  let rest: Buffer = Buffer.alloc(0);
  try {
    for await (const bytes of await uncompressed(raw)) {
      const all = rest.length === 0 ? (bytes as Buffer) : Buffer.concat([rest, bytes as Buffer]);
      const end = all.lastIndexOf(LINE_FEED) + 1;
      rest = all.subarray(end);
      if (rest.length > maxLineBytes) throw new UnreadableFileError('it has lines longer than any archive has');
      if (end > 0) yield { text: all.toString('utf8', 0, end), bytesRead: raw.bytesRead };
    }
    if (rest.length > 0) yield { text: rest.toString('utf8'), bytesRead: raw.bytesRead };
  } catch (cause) {
    if (cause instanceof UnreadableFileError) throw cause;
    throw new UnreadableFileError(cause instanceof Error ? cause.message : String(cause), { cause });
  } finally {
    raw.destroy();
  }
}

async function uncompressed(raw: ReturnType<typeof createReadStream>) {
  const isGzip = await new Promise<boolean>((found, failed) => {
    raw.once('error', failed);
    raw.once('end', () => found(false));
    raw.once('readable', () => {
      const head: Buffer | null = raw.read();
      if (head === null) return;
      raw.unshift(head);
      found(head[0] === GZIP_MAGIC[0] && head[1] === GZIP_MAGIC[1]);
    });
  });
  if (!isGzip) return raw;
  const gunzip = createGunzip({ chunkSize: BLOCK_BYTES });
  raw.once('error', (error) => gunzip.destroy(error));
  return raw.pipe(gunzip);
}
