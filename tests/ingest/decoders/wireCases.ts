import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { DeviceHealth, MessageFormat, RejectionReason, SensorValues } from '../../../server/domain/reading.ts';
import type { DeviceTopic } from '../../../server/domain/topics.ts';

const FIXTURES = fileURLToPath(new URL('../../fixtures/wire/', import.meta.url));

/** One device message and what it decodes to, from `expected.json`. */
export interface WireCase {
  file: string;
  format: MessageFormat;
  /** Line of the file, from 0, for files with several messages. */
  line?: number;
  object?: string;
  /** `pin` our bridge put in front of a per-sensor push. */
  pin?: number;
  message?: {
    sensors: SensorValues[];
    health: DeviceHealth;
    claimedDeviceId?: string;
    part?: string;
    /** `field reason`. */
    refused: string[];
  };
  rejected?: RejectionReason;
}

/** Every case of `expected.json`. */
export const WIRE_CASES = JSON.parse(readFileSync(`${FIXTURES}expected.json`, 'utf8')) as WireCase[];

/** Message files in the fixture folder. */
export const WIRE_FILES: readonly string[] = readdirSync(FIXTURES).filter((name) => /\.(json|txt|http)$/.test(name));

/** The bytes as they arrive on MQTT. */
export function payloadOf({ file, line, pin, format }: Pick<WireCase, 'file' | 'line' | 'pin' | 'format'>): Buffer {
  let text = readFileSync(FIXTURES + file, 'utf8');
  if (file.endsWith('.http')) text = text.slice(text.indexOf('\r\n\r\n') + 4);
  const isTopicFile = line !== undefined || (format !== 'airrohr' && !text.startsWith('{'));
  if (isTopicFile) text = text.split('\n')[line ?? 0]!.replace(/^\S+ /, '');
  return Buffer.from(pin === undefined ? text : `{"pin":${pin},${text.slice(1)}`);
}

/** The topic a case came in on. */
export function topicOf({ format, object }: Pick<WireCase, 'format' | 'object'>): DeviceTopic {
  return object === undefined ? { format } : { format, object };
}

/** Text of a log of pushes: one wrapper object a line, each line but the first beginning with a comma. */
export function loggedPushes(): { file: string; text: string }[] {
  return readdirSync(`${FIXTURES}polygontwist`)
    .filter((name) => name.endsWith('.gz'))
    .map((file) => ({ file, text: gunzipSync(readFileSync(`${FIXTURES}polygontwist/${file}`)).toString('utf8') }));
}

/** The pushed bodies in a log, byte for byte. */
export function bodiesOf(text: string): Buffer[] {
  return text
    .split('\n')
    .filter((line) => line.includes('"daten":'))
    .map((line) => Buffer.from(line.slice(line.indexOf('"daten":') + '"daten":'.length, line.lastIndexOf('}'))));
}
