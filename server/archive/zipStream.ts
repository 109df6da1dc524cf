import { Readable } from 'node:stream';
import { crc32, createDeflateRaw } from 'node:zlib';

/** A file of an archive. */
export interface ZipEntry {
  /** Path with `/`; ASCII or UTF-8. */
  name: string;
  content: AsyncIterable<string> | Iterable<string>;
}

interface Written {
  name: Buffer;
  crc: number;
  packed: number;
  plain: number;
  offset: number;
}

/** Bits 3 (sizes follow the data) and 11 (names are UTF-8) of the general purpose flags (APPNOTE.TXT 4.4.4). */
const FLAGS = 0x0808;
const DEFLATE = 8;
const VERSION = 20;
const MAX_BYTES = 0xffff_ffff;

/**
 * A ZIP archive, written while its files are made: neither an archive nor a file of it is ever in memory. Times are UTC.
 * @throws RangeError beyond 4 GiB, which would need the ZIP64 form.
 */
export async function* zipStream(entries: AsyncIterable<ZipEntry> | Iterable<ZipEntry>, at: number) {
  const written: Written[] = [];
  const stamp = dosTime(at);
  let offset = 0;
  for await (const { name, content } of entries) {
    const file: Written = { name: Buffer.from(name), crc: 0, packed: 0, plain: 0, offset };
    const head = Buffer.concat([localHeader(file, stamp), file.name]);
    yield head;
    for await (const chunk of Readable.from(counted(content, file)).pipe(createDeflateRaw())) {
      file.packed += (chunk as Buffer).length;
      yield chunk as Buffer;
    }
    const tail = descriptor(file);
    yield tail;
    offset += head.length + file.packed + tail.length;
    if (offset > MAX_BYTES || file.plain > MAX_BYTES) throw new RangeError('the archive is larger than 4 GiB');
    written.push(file);
  }
  const directory = Buffer.concat(written.flatMap((file) => [centralHeader(file, stamp), file.name]));
  yield Buffer.concat([directory, endOfDirectory(written.length, directory.length, offset)]);
}

async function* counted(content: ZipEntry['content'], file: Written): AsyncGenerator<Buffer> {
  for await (const text of content) {
    const bytes = Buffer.from(text);
    file.crc = crc32(bytes, file.crc);
    file.plain += bytes.length;
    if (bytes.length > 0) yield bytes;
  }
}

function localHeader({ name }: Written, stamp: number): Buffer {
  const head = Buffer.alloc(30);
  head.writeUInt32LE(0x04034b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(FLAGS, 6);
  head.writeUInt16LE(DEFLATE, 8);
  head.writeUInt32LE(stamp, 10);
  head.writeUInt16LE(name.length, 26);
  return head;
}

function descriptor({ crc, packed, plain }: Written): Buffer {
  const tail = Buffer.alloc(16);
  tail.writeUInt32LE(0x08074b50, 0);
  for (const [index, value] of [crc, packed, plain].entries()) tail.writeUInt32LE(value, 4 + 4 * index);
  return tail;
}

function centralHeader({ name, crc, packed, plain, offset }: Written, stamp: number): Buffer {
  const head = Buffer.alloc(46);
  head.writeUInt32LE(0x02014b50, 0);
  head.writeUInt16LE(VERSION, 4);
  head.writeUInt16LE(VERSION, 6);
  head.writeUInt16LE(FLAGS, 8);
  head.writeUInt16LE(DEFLATE, 10);
  head.writeUInt32LE(stamp, 12);
  for (const [index, value] of [crc, packed, plain].entries()) head.writeUInt32LE(value, 16 + 4 * index);
  head.writeUInt16LE(name.length, 28);
  head.writeUInt32LE(offset, 42);
  return head;
}

function endOfDirectory(files: number, bytes: number, offset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files, 8);
  end.writeUInt16LE(files, 10);
  end.writeUInt32LE(bytes, 12);
  end.writeUInt32LE(offset, 16);
  return end;
}

/** Date and time as MS-DOS packs them, time in the low half (APPNOTE.TXT 4.4.6). */
function dosTime(at: number): number {
  const date = new Date(at);
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  return ((day << 16) | time) >>> 0;
}
