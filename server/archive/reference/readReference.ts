import { type ArchiveFile, errorCode } from '../archiveFile.ts';
import { textBlocks, UnreadableFileError } from '../textBlocks.ts';
import { isReferenceCsv, readReferenceCsv } from './referenceCsv.ts';
import type { ReferenceFile } from './referenceFile.ts';
import { readUbaApi } from './ubaApi.ts';
import { isUbaDownload, readUbaDownload } from './ubaDownload.ts';

/** Larger files are no years of one station. Bytes of text. */
const MAX_CHARS = 64 * 1024 * 1024;

/** Reads a file of an official network, whatever its format; a word for why not when it cannot. */
export async function readReference(file: ArchiveFile): Promise<ReferenceFile | { unreadable: string }> {
  const text = await textOf(file);
  if (typeof text !== 'string') return text;
  const [firstLine = ''] = text.split('\n', 1);
  if (isUbaDownload(firstLine)) return readUbaDownload(text);
  if (isReferenceCsv(firstLine.trimEnd())) return readReferenceCsv(text);
  return readUbaApi(jsonOf(text)) ?? { unreadable: 'unknown-format' };
}

async function textOf(file: ArchiveFile): Promise<string | { unreadable: string }> {
  const parts: string[] = [];
  let length = 0;
  try {
    for await (const { text } of textBlocks(file, { maxLineBytes: MAX_CHARS })) {
      parts.push(text);
      length += text.length;
      if (length > MAX_CHARS) return { unreadable: 'too-large' };
    }
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    return { unreadable: errorCode(error.cause ?? error) };
  }
  return parts.join('').replace(/^\uFEFF/, '');
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
