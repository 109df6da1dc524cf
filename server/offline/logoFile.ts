import { readFile } from 'node:fs/promises';
import { StartError } from '../process/startError.ts';

/** The operator's logo. */
export interface LogoFile {
  type: 'image/svg+xml' | 'image/png' | 'image/webp';
  bytes: Buffer;
}

/** It comes with the first page. */
const MAX_BYTES = 200_000;

/** Reads the logo. @throws StartError with one line when it is missing, too large or no picture of a kind browsers know. */
export async function readLogoFile(path: string): Promise<LogoFile> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    throw new StartError(`LOGO ${path} cannot be read: ${String(cause)}`, { cause });
  }
  const type = typeOf(bytes);
  if (type === undefined) throw new StartError(`LOGO ${path} is no SVG, PNG or WebP.`);
  if (bytes.length > MAX_BYTES) throw new StartError(`LOGO ${path} has ${bytes.length} bytes; 200,000 are the most.`);
  return { type, bytes };
}

function typeOf(bytes: Buffer): LogoFile['type'] | undefined {
  if (bytes.subarray(1, 4).toString() === 'PNG') return 'image/png';
  if (bytes.subarray(8, 12).toString() === 'WEBP') return 'image/webp';
  return /^\s*(<\?xml[^>]*>)?(\s|<!--[\s\S]*?-->|<!DOCTYPE[^>]*>)*<svg[\s>]/.test(bytes.toString())
    ? 'image/svg+xml'
    : undefined;
}
