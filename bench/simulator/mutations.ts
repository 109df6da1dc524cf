import { airAt } from './air.ts';
import { FIRMWARES, type Unit } from './firmwares.ts';

/** A message that no device should send. */
export interface BadMessage {
  topic: string;
  payload: Buffer;
  isRetained: boolean;
}

type Random = () => number;
type Mutate = (bytes: Buffer, random: Random) => Buffer;

/** Values that programs trip over. */
const NASTY = [
  'NaN',
  '1e999',
  '-1e308',
  '0x10',
  '""',
  'null',
  'true',
  '{}',
  '[]',
  '1,5',
  '٣',
  '9'.repeat(400),
  '\\u0000',
];
/** Names that mean something to JavaScript. */
const NASTY_KEYS = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', ''];
/** Over the 16 KiB of the contract, far below what closes the connection. */
const HUGE_BYTES = 60_000;

const MUTATIONS: readonly Mutate[] = [
  (bytes, random) => bytes.subarray(0, Math.floor(random() * bytes.length)),
  (bytes, random) => Buffer.concat([bytes.subarray(at(bytes, random)), bytes]),
  (bytes, random) => {
    const from = at(bytes, random);
    return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + 1 + Math.floor(random() * 40))]);
  },
  (bytes, random) => {
    const flipped = Buffer.from(bytes);
    for (let i = 0; i < 1 + random() * 8 && flipped.length > 0; i++)
      flipped[at(flipped, random)] = Math.floor(random() * 256);
    return flipped;
  },
  (bytes, random) => replaceSome(bytes, /"?-?\d+(\.\d+)?"?/g, () => pick(NASTY, random)),
  (bytes, random) => replaceSome(bytes, /"[A-Za-z_]\w*"/g, () => JSON.stringify(pick(NASTY_KEYS, random))),
  (bytes, random) => replaceSome(bytes, /\d{6,}/g, () => String(Math.floor(random() * 1e9))),
  (bytes, random) => withTimestamp(bytes, random),
  (_bytes, random) => Buffer.from(Array.from({ length: Math.floor(random() * 600) }, () => Math.floor(random() * 256))),
  () => Buffer.alloc(0),
  (_bytes, random) => {
    const depth = Math.floor(random() * 3_000);
    return Buffer.from(
      random() < 0.5 ? '['.repeat(depth) + ']'.repeat(depth) : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`,
    );
  },
];
/** So rare that the run is about messages, not about copying bytes. */
const HUGE: Mutate = (bytes, random) =>
  Buffer.concat([bytes, Buffer.alloc(Math.floor(20_000 + random() * HUGE_BYTES), random() < 0.5 ? 0x20 : 0x78)]);
const HUGE_SHARE = 0.01;

/** A real message of this device, spoilt; now and then on a topic that is not its own, or retained. */
export function badMessage(unit: Unit, random: Random): BadMessage {
  const able = FIRMWARES.filter(
    ({ prefix, publishes }) => publishes !== undefined && unit.deviceId.startsWith(`${prefix}-`),
  );
  unit.samples += 1 + Math.floor(random() * 1000);
  const messages = pick(able, random).publishes?.(unit, airAt(unit.samples * 1000, random(), random)) ?? [];
  const { topic, body } = pick(messages, random);
  return {
    topic: random() < 0.1 ? wrongTopic(topic, random) : topic,
    payload: spoilt(Buffer.from(body), random),
    isRetained: random() < 0.02,
  };
}

/** Any bytes, spoilt one to three times over. */
export function spoilt(bytes: Buffer, random: Random): Buffer {
  let result = bytes;
  for (let times = 1 + Math.floor(random() * 3); times > 0; times--) result = pick(MUTATIONS, random)(result, random);
  return random() < HUGE_SHARE ? HUGE(result, random) : result;
}

function wrongTopic(topic: string, random: Random): string {
  return pick(
    [
      `${topic}/more`,
      topic.replace(/\d/, 'x'),
      'buergerluft/status',
      'buergerluft/stations/abcdefghij/latest',
      'buergerluft/_bridge/esp8266-1234567/airrohr',
      'buergerluft/_registry/manifest',
      'homeassistant/device/x/config',
      'tele/someone_else/SENSOR',
      'a/'.repeat(60),
      'ünïcode/\u{1f32b}',
    ],
    random,
  );
}

function withTimestamp(bytes: Buffer, random: Random): Buffer {
  const stamps = ['1970-01-01T00:00:00Z', '2999-01-01T00:00:00Z', 'yesterday', 0, 1e300, {}, '2026-02-30T25:61:00Z'];
  return Buffer.from(bytes.toString().replace('{', `{"timestamp":${JSON.stringify(pick(stamps, random))},`));
}

function replaceSome(bytes: Buffer, pattern: RegExp, by: () => string): Buffer {
  return Buffer.from(bytes.toString().replaceAll(pattern, by));
}

function at(bytes: Buffer, random: Random): number {
  return Math.floor(random() * bytes.length);
}

function pick<Item>(items: readonly Item[], random: Random): Item {
  return items[Math.floor(random() * items.length)] as Item;
}
