import { describe, expect, it } from '@jest/globals';
import { isRejection, type MessageFormat, REJECTION_REASONS } from '../../../server/domain/reading.ts';
import { readPlainBody } from '../../../server/ingest/decoders/airrohrPlainBody.ts';
import { decoders } from '../../../server/ingest/decoders/index.ts';
import { validate } from '../../../server/ingest/validate.ts';
import { payloadOf, topicOf, WIRE_CASES } from './wireCases.ts';

/** Repeatable random integers below `limit` (mulberry32). */
function randomIntegers(seed: number): (limit: number) => number {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

const INSERTIONS = [
  '"',
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  ' ',
  '\n',
  '=',
  'nan',
  '-1',
  '1e999',
  '\u0000',
  'ü',
  '"__proto__":1,',
  '"pin":7,',
  '{"value_type":"P1","value":"1"},',
];

function mutate(bytes: Buffer, random: (limit: number) => number): Buffer {
  let text = bytes.toString('latin1');
  for (let n = 0; n <= random(4); n++) {
    const at = random(text.length + 1);
    const kind = random(5);
    if (kind === 0) text = text.slice(0, at);
    else if (kind === 1) text = text.slice(0, at) + text.slice(at + 1 + random(8));
    else if (kind === 2) text = text.slice(0, at) + String.fromCharCode(random(256)) + text.slice(at + 1);
    else if (kind === 3) text = text.slice(0, at) + INSERTIONS[random(INSERTIONS.length)] + text.slice(at);
    else text = text.slice(0, at) + text.slice(random(text.length + 1));
  }
  return Buffer.from(text, 'latin1');
}

/** What must hold of anything that comes out, whatever went in. */
function assertSound(format: MessageFormat, payload: Buffer, object: string | undefined): void {
  const message = decoders[format](payload, object === undefined ? { format } : { format, object });
  if (isRejection(message)) {
    expect(REJECTION_REASONS).toContain(message.reason);
    return;
  }
  for (const { sensor, extra } of message.sensors) {
    expect(sensor).toMatch(/^[a-z0-9]+(-[a-z0-9]+)?$/);
    for (const name of Object.keys(extra ?? {})) expect(name).toMatch(/^[a-z0-9][a-z0-9_]{0,39}$/);
  }
  const judged = validate(message, {
    stationId: 'abcdefghij',
    measuredAt: 0,
    sensorModels: ['sds011'],
    isClaimed: false,
  });
  if (isRejection(judged)) return;
  for (const { values, extra, flags } of judged.readings) {
    for (const value of [...Object.values(values), ...Object.values(extra ?? {})])
      expect(Math.abs(value)).toBeLessThanOrEqual(1e9);
    expect(Number.isSafeInteger(flags) && flags >= 0).toBe(true);
  }
}

describe('10,000 damaged messages', () => {
  it('never make a decoder throw or let an unsound value through', () => {
    const random = randomIntegers(20_181_105);
    for (let n = 0; n < 10_000; n++) {
      const wireCase = WIRE_CASES[n % WIRE_CASES.length]!;
      const { object } = topicOf(wireCase);
      assertSound(wireCase.format, mutate(payloadOf(wireCase), random), object);
    }
  });

  it('read the same in the quick way as in the general one', () => {
    const random = randomIntegers(7);
    const bodies = WIRE_CASES.filter(({ format, message }) => format === 'airrohr' && message !== undefined).map(
      payloadOf,
    );
    let quick = 0;
    for (let n = 0; n < 40_000; n++) {
      const payload = mutate(bodies[n % bodies.length]!, random);
      if (readPlainBody(payload) === undefined) continue;
      const text = payload.toString('utf8');
      quick++;
      // JSON.parse throws here when the quick way took what is not JSON; a blank in front of the list sends it the other way.
      const general = JSON.stringify(JSON.parse(text)).replace('"sensordatavalues":[', '"sensordatavalues": [');
      expect(decoders.airrohr(Buffer.from(text), { format: 'airrohr' })).toEqual(
        decoders.airrohr(Buffer.from(general), { format: 'airrohr' }),
      );
    }
    expect(quick).toBeGreaterThan(200);
  });
});
