import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { bytesToHeader, Compression, type Header, TileType } from 'pmtiles';
import { StartError } from '../process/startError.ts';

/** What the pages need to know of the operator's map. */
export interface MapFile {
  /** Absolute. */
  path: string;
  /** Zooms the file has tiles for; nearer ones are drawn from the last. */
  minZoom: number;
  maxZoom: number;
  /** Whose data it is, plain text as the file says it; `© OpenStreetMap` when it says nothing. */
  credit: string;
}

/** Length of a PMTiles 3 header, bytes (specification, "Header"). */
const HEADER_BYTES = 127;
/** Metadata is a few kilobytes; anything beyond is not read. */
const MAX_METADATA_BYTES = 1_000_000;
const MAX_CREDIT = 200;

/**
 * Looks at a PMTiles file: that it is one, of vector tiles, and complete.
 * @throws StartError with one line that says what is wrong and what helps.
 */
export async function openMapFile(path: string): Promise<MapFile> {
  try {
    const file = await open(path);
    try {
      return await lookAt(path, file);
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof StartError) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new StartError(`MAP_FILE ${path} cannot be read (${code ?? message}).`, { cause });
  }
}

async function lookAt(path: string, file: FileHandle): Promise<MapFile> {
  const { size } = await file.stat();
  const header = headerOf(path, await read(file, 0, HEADER_BYTES));
  if (size < header.tileDataOffset + (header.tileDataLength ?? 0)) {
    throw new StartError(`MAP_FILE ${path} is cut off: copy or make it again.`);
  }
  const length = Math.min(header.jsonMetadataLength, MAX_METADATA_BYTES);
  const credit = creditOf(path, await read(file, header.jsonMetadataOffset, length), header);
  return { path: resolve(path), minZoom: header.minZoom, maxZoom: header.maxZoom, credit };
}

async function read(file: FileHandle, offset: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, offset);
  return bytes.subarray(0, bytesRead);
}

function headerOf(path: string, bytes: Buffer): Header {
  const isArchive = bytes.length === HEADER_BYTES && bytes.toString('latin1', 0, 7) === 'PMTiles' && bytes[7] === 3;
  if (!isArchive) throw new StartError(`MAP_FILE ${path} is no PMTiles file of version 3 (see docs/maps.md).`);
  const header = bytesToHeader(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + HEADER_BYTES) as ArrayBuffer);
  if (header.tileType !== TileType.Mvt) {
    throw new StartError(`MAP_FILE ${path} holds images, not vector tiles (see docs/maps.md).`);
  }
  return header;
}

/** The `attribution` of the file's metadata as plain text: markup of a foreign file has no place in our pages. */
function creditOf(path: string, bytes: Buffer, { internalCompression }: Header): string {
  const { attribution } = metadataOf(path, bytes, internalCompression);
  const isText = typeof attribution === 'string';
  const plain = isText
    ? attribution
        .replace(/<[^>]*>/g, '')
        .replace(/&copy;/g, '©')
        .trim()
    : '';
  return plain.slice(0, MAX_CREDIT) || '© OpenStreetMap';
}

function metadataOf(path: string, bytes: Buffer, compression: Compression): { attribution?: unknown } {
  // Other compressions are allowed by the format and used by no maker we know.
  if (compression !== Compression.Gzip && compression !== Compression.None) return {};
  try {
    return JSON.parse((compression === Compression.Gzip ? gunzipSync(bytes) : bytes).toString());
  } catch (cause) {
    throw new StartError(`MAP_FILE ${path} is damaged: copy or make it again.`, { cause });
  }
}
