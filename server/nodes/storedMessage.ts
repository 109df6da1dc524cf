import type { AcceptedMessage } from '../domain/reading.ts';
import { readJson } from '../process/jsonMessage.ts';

/** Version of the form. */
const SCHEMA_VERSION = 1;
/** Bytes of messages in one notice: far below what a broker takes, and a commit's worth. */
const MAX_BYTES = 48_000;

/** What one node tells the others: what it stored, in order and numbered without gaps. */
export interface StoredNotice {
  node: string;
  /** Names the run of that process; numbers begin anew with each. */
  run: string;
  seq: number;
  /** Messages with the readings that were new. */
  messages: AcceptedMessage[];
  /** Devices heard of since the last notice, and when, epoch ms. */
  seen: [string, number][];
  /** Questions answered by this notice: everything stored before each was asked has been told. */
  answers: string[];
}

/** A node's last words. */
export interface GoneNotice {
  node: string;
  run: string;
  /** It has told everything it stored. */
  isClean: boolean;
}

/** The heads of notices: numbers and what comes with them, without messages. */
type Head = Omit<StoredNotice, 'messages'>;

/** A notice as its message. `messages`: each as JSON already. */
export function encodeStored({ node, run, seq, seen, answers }: Head, messages: readonly string[]): string {
  const rest = JSON.stringify({ schemaVersion: SCHEMA_VERSION, node, run, seq, seen, answers }).slice(0, -1);
  return `${rest},"messages":[${messages.join(',')}]}`;
}

/** Messages as JSON, in bundles that each fit into a notice. */
export function* bundles(messages: readonly AcceptedMessage[]): Generator<string[]> {
  let bundle: string[] = [];
  let bytes = 0;
  for (const message of messages) {
    const text = JSON.stringify(message);
    if (bytes + text.length > MAX_BYTES && bundle.length > 0) {
      yield bundle;
      bundle = [];
      bytes = 0;
    }
    bundle.push(text);
    bytes += text.length;
  }
  if (bundle.length > 0) yield bundle;
}

/** Last words as their message. */
export function encodeGone(node: string, run: string, isClean: boolean): string {
  return JSON.stringify({ schemaVersion: SCHEMA_VERSION, node, run, isGone: true, isClean });
}

/** A notice; undefined for what is none, or one of a version we do not know. */
export function decodeStored(payload: Uint8Array): StoredNotice | GoneNotice | undefined {
  const parsed = readJson(payload);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  const notice = parsed as Partial<StoredNotice & GoneNotice> & { schemaVersion?: unknown; isGone?: unknown };
  const { schemaVersion, node, run, seq, messages, seen = [], answers = [] } = notice;
  if (schemaVersion !== SCHEMA_VERSION || typeof node !== 'string' || typeof run !== 'string') return undefined;
  if (notice.isGone === true) return { node, run, isClean: notice.isClean === true };
  if (typeof seq !== 'number' || !Array.isArray(messages)) return undefined;
  return { node, run, seq, messages, seen, answers };
}

/** True for last words. */
export function isGone(notice: StoredNotice | GoneNotice): notice is GoneNotice {
  return 'isClean' in notice;
}
