import { promisify } from 'node:util';
import { constants, crc32, deflateRaw, type ZlibOptions } from 'node:zlib';
import { Crc } from './crc.ts';

/** RFC 1952: deflate, no flags, no time, nothing said of the level, unknown system. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
/** RFC 1951: the last block, with fixed codes and nothing in it. */
const LAST_BLOCK = Buffer.from([3, 0]);
/** Shorter pieces are not worth a compressor. */
const MIN_COMPRESSED = 64;

/** A piece of a file, compressed; `crc` of what it was. */
interface Compressed {
  bytes: Buffer;
  crc: number;
}

const deflate = promisify<Buffer, ZlibOptions, Buffer>(deflateRaw);
const kept = new WeakMap<Buffer, Promise<Compressed>>();

/**
 * Pieces as one gzip member. Each piece is compressed once for all files and versions it is in, at the level that was asked
 * for first; one after the other, since a compressor takes as much memory as a piece. No piece may change until the promise
 * resolves.
 */
export async function compressPieces(pieces: readonly Buffer[], level: number): Promise<Buffer> {
  const parts: Buffer[] = [HEADER];
  const crc = new Crc();
  for (const piece of pieces) {
    const compressed = await compressOnce(piece, level);
    parts.push(compressed.bytes);
    crc.append(compressed.crc, piece.length);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(crc.value, 0);
  trailer.writeUInt32LE(crc.length % 2 ** 32, 4);
  return Buffer.concat([...parts, LAST_BLOCK, trailer]);
}

function compressOnce(piece: Buffer, level: number): Promise<Compressed> {
  const known = kept.get(piece);
  if (known !== undefined) return known;
  const made = compress(piece, level);
  kept.set(piece, made);
  // Not to be remembered: the next one who asks may be luckier.
  made.catch(() => kept.delete(piece));
  return made;
}

async function compress(piece: Buffer, level: number): Promise<Compressed> {
  const crc = crc32(piece);
  if (piece.length < MIN_COMPRESSED) return { bytes: stored(piece), crc };
  // Ends on a whole byte without ending the stream, so that the next piece may follow.
  return { bytes: await deflate(piece, { level, finishFlush: constants.Z_SYNC_FLUSH }), crc };
}

/** RFC 1951: a block of bytes as they are, not the last. */
function stored(piece: Buffer): Buffer {
  const { length } = piece;
  const head = Buffer.alloc(5);
  head.writeUInt16LE(length, 1);
  head.writeUInt16LE(~length & 0xffff, 3);
  return Buffer.concat([head, piece]);
}
