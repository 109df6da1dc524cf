import { isRejection, REJECTION_REASONS, type Rejection, reject } from '../server/domain/reading.ts';
import { readJson } from '../server/process/jsonMessage.ts';
import type { Push, Taken } from './push.ts';

/**
 * A push between a bridge and the server: one line of ASCII, then the device's bytes untouched.
 *
 *   bridge/1 1732399200123 north 17323991000000042
 *   {"esp8266id": "15303512", "software_version": ...
 *
 * Version of the form, arrival in epoch ms, the bridge's name, number of the push at this bridge. Beside the body
 * instead of in it: the same bytes keep the same fingerprint, a time of the device's own stays a claim of the device,
 * and bytes that are neither JSON nor a line need no exception.
 */
const HEAD = /^bridge\/1 (\d{1,15}) ([a-z0-9-]{1,32}) (\d{1,16})$/;
const MAX_HEAD_BYTES = 80;
const NEWLINE = 10;

/** An opened envelope. */
export interface Enveloped {
  /** Arrival at the bridge, epoch ms. */
  receivedAt: number;
  bridgeId: string;
  /** What the confirmation names the push by. */
  number: number;
  body: Buffer;
}

/** The push in an envelope. `bridgeId`: 1 to 32 of `a-z`, `0-9` and `-`. */
export function encodeEnvelope({ receivedAt, body }: Push, bridgeId: string, number: number): Buffer {
  return Buffer.concat([Buffer.from(`bridge/1 ${Math.floor(receivedAt)} ${bridgeId} ${number}\n`), body]);
}

/** The opened envelope; undefined for bytes that are none. */
export function decodeEnvelope(payload: Uint8Array): Enveloped | undefined {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const end = bytes.subarray(0, MAX_HEAD_BYTES).indexOf(NEWLINE);
  const head = end < 0 ? null : HEAD.exec(bytes.toString('latin1', 0, end));
  if (head === null) return undefined;
  const [, receivedAt, bridgeId = '', number] = head;
  return { receivedAt: Number(receivedAt), bridgeId, number: Number(number), body: bytes.subarray(end + 1) };
}

/** What became of a push, by its number. */
export type Confirmation = readonly [number: number, taken: Exclude<Taken, 'away'>];

/** Confirmations as one message: `{"kept": [17, 18], "refused": [[19, "unreadable", "..."]]}`. */
export function encodeConfirmations(confirmations: readonly Confirmation[]): string {
  const kept = confirmations.flatMap(([number, taken]) => (isRejection(taken) ? [] : [number]));
  const refused = confirmations.flatMap(([number, taken]) =>
    isRejection(taken) ? [[number, taken.reason, taken.detail]] : [],
  );
  return JSON.stringify({ kept, refused });
}

/** The confirmations in a message of our server's; undefined when it is none. */
export function decodeConfirmations(payload: Uint8Array): Confirmation[] | undefined {
  const { kept, refused } = Object(readJson(payload)) as { kept?: unknown; refused?: unknown };
  if (!Array.isArray(kept) || !Array.isArray(refused)) return undefined;
  const confirmations: Confirmation[] = [];
  for (const number of kept as unknown[]) if (typeof number === 'number') confirmations.push([number, 'kept']);
  for (const entry of refused as unknown[]) {
    const [number, reason, detail] = Array.isArray(entry) ? (entry as unknown[]) : [];
    if (typeof number === 'number') confirmations.push([number, rejectionOf(reason, detail)]);
  }
  return confirmations;
}

function rejectionOf(reason: unknown, detail: unknown): Rejection {
  // A newer server may have reasons this bridge does not know.
  const known = REJECTION_REASONS.find((word) => word === reason) ?? 'unreadable';
  return reject(known, String(detail));
}
