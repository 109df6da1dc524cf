import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../../server/domain/assessment/flag.ts';
import {
  type FindingId,
  type FindingOf,
  type HealthEvidence,
  judgeDevice,
  refusalToMend,
  worstState,
} from '../../../server/domain/device/deviceHealth.ts';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import type { Reading, Values } from '../../../server/domain/reading.ts';
import { findingTextsOf } from '../../../web/i18n/host/findingTexts.ts';

const NOW = Date.parse('2026-01-05T12:00:00Z');
const CADENCE = 150_000;

/** Readings every 150 s over the hours before now; `values` by how many hours ago. */
function readings(hours: number, values: (hoursAgo: number, index: number) => Values, sensor = 'sds011'): Reading[] {
  const count = Math.round((hours * HOUR_MS) / CADENCE);
  return Array.from({ length: count }, (_, index) => {
    const measuredAt = NOW - (count - index) * CADENCE + 60_000;
    const found = values((NOW - measuredAt) / HOUR_MS, index);
    return { stationId: 's', sensor, measuredAt, values: found, flags: 0 };
  });
}

const wiggle = (index: number) => 8 + (index % 7) / 10;
const sound = (hours = 48) => readings(hours, (_, index) => ({ pm25: wiggle(index), pm10: wiggle(index) + 4 }));

function evidence(change: Partial<HealthEvidence> = {}): HealthEvidence {
  return {
    now: NOW,
    lastSeenAt: NOW - 90_000,
    readings: sound(),
    health: [],
    rejections: [],
    hours: [],
    neighbours: 0,
    ...change,
  };
}

function find<Id extends FindingId>(id: Id, given: Partial<HealthEvidence>): FindingOf<Id> {
  return judgeDevice(evidence(given)).find((finding) => finding.id === id) as FindingOf<Id>;
}

/** A week of hours beside neighbours at 10 µg/m³. */
const week = (own: number, others = [9, 10, 12]) =>
  Array.from({ length: 168 }, (_, index) => ({ start: NOW - (168 - index) * HOUR_MS, own, others }));

describe('the health of a device', () => {
  it('is good where everything works, and says by what numbers', () => {
    const health = [{ measuredAt: NOW - HOUR_MS, signal: -65, interval: 146_000, firmware: 'NRZ-2024-135' }];
    const findings = judgeDevice(evidence({ health, hours: week(10.5), neighbours: 3 }));
    expect(findings.map(({ id, state }) => `${id} ${state}`)).toEqual([
      'push good',
      'gaps good',
      'wifi good',
      'firmware good',
      'rejections good',
      'fan good',
      'stuck good',
      'saturated good',
      'inverted good',
      'humidity unknown',
      'drift good',
    ]);
    expect(findings[0]).toMatchObject({ agoMs: 90_000, cadenceMs: 150_000 });
    expect(worstState(findings)).toBe('good');
  });

  it('is unknown, never good, where nothing came', () => {
    const findings = judgeDevice(evidence({ lastSeenAt: undefined, readings: [] }));
    expect(findings.filter(({ state }) => state !== 'unknown')).toEqual([]);
    expect(find('gaps', { readings: [] }).state).toBe('unknown');
    expect(worstState(findings)).toBe('unknown');
  });

  it('shows silence and gaps with their length', () => {
    const silent = readings(48, (_, index) => ({ pm25: wiggle(index) })).filter(
      ({ measuredAt }) => measuredAt < NOW - 2 * HOUR_MS,
    );
    expect(find('push', { readings: silent, lastSeenAt: NOW - 2 * HOUR_MS })).toMatchObject({
      state: 'problem',
      agoMs: 2 * HOUR_MS,
    });
    const gap = sound().filter(({ measuredAt }) => measuredAt < NOW - 5 * HOUR_MS || measuredAt > NOW - 4 * HOUR_MS);
    expect(find('gaps', { readings: gap })).toMatchObject({
      state: 'notice',
      gaps: 1,
      longestMs: HOUR_MS + CADENCE,
    });
    const half = sound().filter(({ measuredAt }) => measuredAt < NOW - 20 * HOUR_MS || measuredAt > NOW - 4 * HOUR_MS);
    expect(find('gaps', { readings: half }).state).toBe('problem');
  });

  it('does not hold a young station’s first hours against it', () => {
    expect(find('gaps', { readings: sound(2) })).toMatchObject({ state: 'good', gaps: 0 });
  });

  it('judges no share of a few expected readings: one that is missing in the first minutes is no fault', () => {
    const [last] = sound(2).slice(-1);
    const single = [{ ...last!, measuredAt: NOW - 5 * 60_000 }];
    expect(find('gaps', { readings: single })).toMatchObject({ state: 'unknown', count: 1, gaps: 0 });
  });

  it('expects no fewer readings than came: the first pushes follow fast on each other', () => {
    const [last] = sound(2).slice(-1);
    const fast = [40, 30, 20, 10].map((seconds) => ({ ...last!, measuredAt: NOW - seconds * 1000 }));
    expect(find('gaps', { readings: fast })).toMatchObject({ state: 'good', count: 4, expected: 4, coverage: 1 });
  });

  it.each([
    [-60, 'good'],
    [-80, 'notice'],
    [-90, 'problem'],
  ])('judges a Wi-Fi signal of %i dBm as %s', (signal, state) => {
    expect(find('wifi', { health: [{ measuredAt: NOW, signal }] })).toMatchObject({ state, median: signal });
  });

  it('knows old airRohr firmware, and does not judge another', () => {
    expect(find('firmware', { health: [{ measuredAt: NOW, firmware: 'NRZ-2020-129' }] }).state).toBe('notice');
    expect(find('firmware', { health: [{ measuredAt: NOW, firmware: 'NRZ-2024-135-B2' }] }).state).toBe('good');
    expect(find('firmware', { health: [{ measuredAt: NOW, firmware: 'NAMF-2020-36' }] }).state).toBe('unknown');
  });

  it('counts refusals of the last day by reason, the newest detail with each', () => {
    const rejection = (at: number, reason: 'conflict' | 'no-value-marker', detail: string) => ({ at, reason, detail });
    const found = find('rejections', {
      rejections: [
        rejection(NOW - 2 * DAY_MS, 'conflict', 'old'),
        rejection(NOW - 5, 'conflict', 'first'),
        rejection(NOW - 1, 'conflict', 'second'),
      ],
    });
    const byReason = [{ reason: 'conflict', count: 2, lastAt: NOW - 1, detail: 'second' }];
    expect(found).toEqual({ id: 'rejections', state: 'notice', total: 2, byReason });
    expect(find('rejections', { rejections: [rejection(NOW, 'no-value-marker', 'nan')] }).state).toBe('good');
  });

  it('takes a refused token back as soon as a later message was accepted, and nothing else', () => {
    const refused = { at: NOW - HOUR_MS, reason: 'wrong-token', detail: 'Sign-in refused.' } as const;
    const other = { at: NOW - 2 * HOUR_MS, reason: 'conflict', detail: 'Another value.' } as const;
    const state = (given: Partial<HealthEvidence>) => find('rejections', { rejections: [refused], ...given }).state;
    // Nothing of it was ever taken: no station that measures.
    expect(state({ lastSeenAt: undefined })).toBe('problem');
    expect(state({ lastSeenAt: NOW - HOUR_MS - 1 })).toBe('notice');
    expect(state({ lastSeenAt: NOW - 60_000 })).toBe('good');
    expect(state({ lastSeenAt: NOW - 60_000, rejections: [other, refused] })).toBe('notice');
    // Still told, as what it is: over.
    expect(find('rejections', { rejections: [refused], lastSeenAt: NOW - 60_000 })).toMatchObject({
      total: 1,
      isTokenRight: true,
    });
    expect(find('rejections', { rejections: [refused], lastSeenAt: NOW - 2 * HOUR_MS }).isTokenRight).toBeUndefined();
  });

  it('names the newest reason about which there is something to do, and what helps', () => {
    const reasons = ['wrong-token', 'conflict', 'time-in-future', 'no-value-marker'] as const;
    const rejections = reasons.map((reason, at) => ({ at: NOW - HOUR_MS + at, reason, detail: '' }));
    const found = find('rejections', { rejections, lastSeenAt: NOW });
    expect(refusalToMend(found)).toBe('time-in-future');
    expect(findingTextsOf('de').cure(found)).toContain('Die Uhr des Geräts geht vor');
    expect(findingTextsOf('en').cure(found)).toContain('The device’s clock is fast');
    const refused = find('rejections', { rejections: rejections.slice(0, 1), lastSeenAt: undefined });
    expect(findingTextsOf('de').cure(refused)).toContain('Unter „Gerät“ bekommen Sie ein neues Token');
    expect(refusalToMend(find('rejections', { rejections: rejections.slice(0, 1), lastSeenAt: NOW }))).toBeUndefined();
  });

  it('suspects a blocked inlet only while the air around is not as clean', () => {
    const blocked = readings(48, (_, index) => ({ pm25: index % 2 === 0 ? 0.1 : 0.2, pm10: 0.3 }));
    expect(find('fan', { readings: blocked, hours: week(0.1), neighbours: 3 })).toMatchObject({
      state: 'problem',
      highest: 0.2,
      neighbours: 10,
    });
    expect(find('fan', { readings: blocked, hours: week(0.1, [0.3, 0.4, 0.2]), neighbours: 3 }).state).toBe('good');
    expect(find('fan', { readings: blocked }).state).toBe('notice');
    expect(find('fan', { readings: blocked.slice(-100) }).state).toBe('unknown');
  });

  it('shows the value that hangs, since when, and when it is over', () => {
    const stuck = readings(48, (hoursAgo, index) => ({ pm25: hoursAgo <= 8 ? 17.3 : wiggle(index) }));
    const found = find('stuck', { readings: stuck });
    expect(found).toMatchObject({ state: 'problem', sensor: 'sds011', quantity: 'pm25', value: 17.3, readings: 192 });
    expect(NOW - (found.since ?? 0)).toBeLessThanOrEqual(8 * HOUR_MS);
    const over = readings(48, (hoursAgo, index) => ({ pm25: hoursAgo <= 12 && hoursAgo > 2 ? 17.3 : wiggle(index) }));
    expect(find('stuck', { readings: over }).state).toBe('notice');
  });

  it('shows full scale and PM2.5 above PM10', () => {
    const full = sound().map((reading, index, all) =>
      index < all.length - 5 ? reading : { ...reading, values: { pm25: 999.9 }, flags: flagBit('saturated', 'pm25') },
    );
    expect(find('saturated', { readings: full })).toMatchObject({ state: 'problem', count: 5, value: 999.9 });
    const inverted = readings(24, (_, index) => ({ pm25: 20 + (index % 5), pm10: 10 }));
    expect(find('inverted', { readings: inverted })).toMatchObject({ state: 'notice', share: 1 });
  });

  it('shows a humidity sensor that flips between its ends', () => {
    const flipping = readings(30, (_, index) => ({ humidity: index % 4 === 0 ? 1 : 99.9 }), 'dht22');
    expect(find('humidity', { readings: flipping })).toMatchObject({
      state: 'problem',
      sensor: 'dht22',
      lowest: 1,
      highest: 99.9,
    });
    const fine = readings(30, (_, index) => ({ humidity: 60 + (index % 9) }), 'dht22');
    expect(find('humidity', { readings: fine })).toMatchObject({ state: 'good', flips: 0 });
  });

  it.each([
    [10, 'good', 1],
    [18, 'notice', 1.8],
    [40, 'problem', 4],
    [2, 'problem', 0.2],
  ])('compares %d µg/m³ with neighbours at 10: %s', (own, state, ratio) => {
    expect(find('drift', { hours: week(own), neighbours: 3 })).toMatchObject({ state, ratio, hours: 168 });
  });

  it('says nothing of drift with few neighbours, few hours, or nearly clean air', () => {
    for (const hours of [week(40, [10, 10]), week(40).slice(0, 50), week(4, [1, 1, 1])]) {
      expect(find('drift', { hours, neighbours: 2 }).state).toBe('unknown');
    }
  });
});
