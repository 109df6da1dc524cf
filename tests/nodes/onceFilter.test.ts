import { describe, expect, it } from '@jest/globals';
import type { AcceptedMessage, Reading } from '../../server/domain/reading.ts';
import { OnceFilter } from '../../server/nodes/onceFilter.ts';

const NOW = 1_795_000_000_000;

function reading(more: Partial<Reading> = {}): Reading {
  return {
    stationId: 'a'.repeat(10),
    sensor: 'sds011',
    measuredAt: NOW,
    values: { pm10: 1, pm25: 2 },
    flags: 0,
    ...more,
  };
}

function message(...readings: Reading[]): AcceptedMessage {
  return { stationId: 'a'.repeat(10), measuredAt: NOW, receivedAt: NOW, health: {}, readings };
}

describe('a reading that is told again', () => {
  it('is left out, in whatever order its fields come back', () => {
    const filter = new OnceFilter(() => NOW);
    expect(filter.fresh([message(reading())])).toHaveLength(1);
    expect(filter.fresh([message(reading())])).toEqual([]);
    expect(filter.note(reading({ values: { pm25: 2, pm10: 1 } }))).toBe(false);
  });

  it('is another one at another time, of another instrument or with other fields', () => {
    const filter = new OnceFilter(() => NOW);
    filter.note(reading());
    const others = [
      reading({ measuredAt: NOW + 1 }),
      reading({ sensor: 'dht22' }),
      reading({ values: { temperature: 3 } }),
    ];
    expect(filter.fresh([message(reading(), ...others)])).toEqual([message(...others)]);
  });

  it('is known for two hours at least, and not for ever', () => {
    let now = NOW;
    const filter = new OnceFilter(() => now);
    filter.note(reading());
    now += 2 * 3_600_000;
    expect(filter.note(reading())).toBe(false);
    for (let hour = 0; hour < 6; hour++) {
      now += 3_600_000;
      filter.note(reading({ measuredAt: now }));
    }
    expect(filter.note(reading())).toBe(true);
  });
});
