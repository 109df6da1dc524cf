import { crc32 } from 'node:zlib';
import type { Push } from './push.ts';

/**
 * A record of a spool segment, little-endian: length of what follows the checksum (u32), CRC-32 of that (u32), arrival
 * in epoch ms (f64), length of the device id (u8), device id (ASCII), body.
 */
const HEAD_BYTES = 8;
const FIXED_BYTES = 9;
/** More than any record has: a length beyond it is no length. */
const MAX_RECORD_BYTES = 64 * 1024;

/** The push as bytes of a segment. */
export function encodeRecord({ deviceId, body, receivedAt }: Push): Buffer {
  const idBytes = Buffer.byteLength(deviceId, 'latin1');
  const record = Buffer.allocUnsafe(HEAD_BYTES + FIXED_BYTES + idBytes + body.byteLength);
  record.writeUInt32LE(record.length - HEAD_BYTES, 0);
  record.writeDoubleLE(receivedAt, HEAD_BYTES);
  record.writeUInt8(idBytes, HEAD_BYTES + 8);
  record.write(deviceId, HEAD_BYTES + FIXED_BYTES, 'latin1');
  record.set(body, HEAD_BYTES + FIXED_BYTES + idBytes);
  record.writeUInt32LE(crc32(record.subarray(HEAD_BYTES)), 4);
  return record;
}

/**
 * The pushes in a segment. `damaged` counts what had to be left out: a record whose bytes changed, or a tail that was
 * never written whole because the process or the machine went down; nobody was told that it was kept.
 */
export function decodeRecords(segment: Buffer): { pushes: Push[]; damaged: number } {
  const pushes: Push[] = [];
  let damaged = 0;
  let at = 0;
  while (at < segment.length) {
    const end = recordEnd(segment, at);
    if (end === undefined) return { pushes, damaged: damaged + 1 };
    const push = decodeRecord(segment.subarray(at, end));
    if (push === undefined) damaged++;
    else pushes.push(push);
    at = end;
  }
  return { pushes, damaged };
}

function recordEnd(segment: Buffer, at: number): number | undefined {
  if (segment.length - at < HEAD_BYTES + FIXED_BYTES) return undefined;
  const bytes = segment.readUInt32LE(at);
  const end = at + HEAD_BYTES + bytes;
  return bytes >= FIXED_BYTES && bytes <= MAX_RECORD_BYTES && end <= segment.length ? end : undefined;
}

function decodeRecord(record: Buffer): Push | undefined {
  if (record.readUInt32LE(4) !== crc32(record.subarray(HEAD_BYTES))) return undefined;
  const bodyAt = HEAD_BYTES + FIXED_BYTES + record.readUInt8(HEAD_BYTES + 8);
  return {
    receivedAt: record.readDoubleLE(HEAD_BYTES),
    deviceId: record.toString('latin1', HEAD_BYTES + FIXED_BYTES, bodyAt),
    body: record.subarray(bodyAt),
  };
}
