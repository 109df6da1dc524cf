import { describe, expect, it } from '@jest/globals';
import {
  type FindingState,
  type HealthEvidence,
  judgeDevice,
  refusalToMend,
  worstState,
} from '../../../server/domain/device/deviceHealth.ts';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import { findingTextsOf } from '../../../web/i18n/host/findingTexts.ts';
import { CADENCE, evidence, find, NOW, readings, sound, week, wiggle } from './healthEvidence.ts';

const MINUTE = 60_000;

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
    const none = { id: 'gaps', state: 'unknown', coverage: 0, expected: 580, count: 0, gaps: 0 };
    expect(find('gaps', { readings: [] })).toStrictEqual(none);
    expect(find('push', { readings: [], lastSeenAt: undefined })).toStrictEqual({
      ...{ id: 'push', state: 'unknown', cadenceMs: 149_000 },
    });
    expect(find('wifi', {})).toStrictEqual({ id: 'wifi', state: 'unknown', count: 0 });
    expect(find('firmware', {})).toStrictEqual({ id: 'firmware', state: 'unknown', newest: 'NRZ-2024-135' });
    expect(worstState(findings)).toBe('unknown');
  });

  it.each<[FindingState, FindingState, FindingState]>([
    ['unknown', 'good', 'unknown'],
    ['unknown', 'problem', 'problem'],
    ['unknown', 'notice', 'notice'],
    ['good', 'unknown', 'good'],
    ['good', 'notice', 'notice'],
    ['problem', 'notice', 'problem'],
  ])('with pushes %s and the signal %s is %s', (push, wifi, worst) => {
    const findings = [
      { id: 'push', state: push, cadenceMs: CADENCE },
      { id: 'wifi', state: wifi, count: 1 },
    ] as const;
    expect(worstState(findings)).toBe(worst);
  });

  it('knows the cadence from what the device says, else from its readings', () => {
    const slow = sound().filter((_, index) => index % 2 === 0);
    const said = [{ measuredAt: NOW, interval: 596_000 }, { measuredAt: NOW }, { measuredAt: NOW, interval: 596_000 }];
    const cadence = (given: Partial<HealthEvidence>) => find('push', given).cadenceMs;
    expect(cadence({ readings: slow })).toBe(300_000);
    expect(cadence({ readings: slow, health: said })).toBe(600_000);
    // Parts of one moment are one push.
    expect(cadence({ readings: slow.flatMap((reading) => [reading, reading, reading]) })).toBe(300_000);
    // Two readings are no cadence.
    expect(cadence({ readings: slow.slice(-2) })).toBe(149_000);
    // Five gaps, the middle one of them.
    const gaps = [0, 1, 3, 5, 20, 22].map((minute) => ({ ...slow[0]!, measuredAt: NOW + (minute - 22) * MINUTE }));
    expect(cadence({ readings: gaps })).toBe(2 * MINUTE);
  });

  it.each([
    [10 * MINUTE, 'good'],
    [10 * MINUTE + 1, 'problem'],
  ])('%d ms after the last push is %s', (agoMs, state) => {
    const found = { id: 'push', state, lastSeenAt: NOW - agoMs, agoMs, cadenceMs: 150_000 };
    expect(find('push', { lastSeenAt: NOW - agoMs })).toStrictEqual(found);
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

  it.each([
    [10, 5],
    [5, 10],
  ])('shows the longest of several gaps: %d and %d hours ago', (longer, shorter) => {
    const isIn = (at: number, hoursAgo: number, hours: number) =>
      at > NOW - hoursAgo * HOUR_MS && at < NOW - (hoursAgo - hours) * HOUR_MS;
    const left = sound().filter(({ measuredAt: at }) => !isIn(at, longer, 2) && !isIn(at, shorter, 1));
    const before = left.findLast(({ measuredAt }) => measuredAt <= NOW - longer * HOUR_MS)?.measuredAt;
    const found = { state: 'notice', gaps: 2, longestMs: 2 * HOUR_MS + CADENCE, longestFrom: before };
    expect(find('gaps', { readings: left })).toMatchObject(found);
  });

  it('shows a loss that is no silence: every other reading is missing', () => {
    const health = [{ measuredAt: NOW, interval: 146_000 }];
    const half = sound().filter((_, index) => index % 2 === 0);
    expect(find('gaps', { readings: half, health })).toMatchObject({ state: 'problem', gaps: 0, count: 288 });
    expect(find('gaps', { readings: sound().filter((_, index) => index % 4 !== 2), health })).toStrictEqual({
      ...{ id: 'gaps', state: 'good', coverage: 0.75, expected: 576, count: 432, gaps: 0 },
    });
  });

  it('does not hold a young station’s first hours against it', () => {
    expect(find('gaps', { readings: sound(2) })).toMatchObject({ state: 'good', gaps: 0 });
  });

  it('judges no share of a few expected readings: one that is missing in the first minutes is no fault', () => {
    const [last] = sound(2).slice(-1);
    const single = [{ ...last!, measuredAt: NOW - 5 * 60_000 }];
    expect(find('gaps', { readings: single })).toMatchObject({ state: 'unknown', count: 1, gaps: 0 });
    const soon = [{ ...last!, measuredAt: NOW - 4 * MINUTE }];
    expect(find('gaps', { readings: soon })).toMatchObject({ state: 'unknown', expected: 2, coverage: 0.5 });
  });

  it.each([
    [27, 11, 'notice'],
    [29, 12, 'problem'],
  ])(
    'judges a station that fell silent after its first reading %d min ago, of %d expected: %s',
    (ago, expected, state) => {
      const [last] = sound(2).slice(-1);
      const only = [{ ...last!, measuredAt: NOW - ago * MINUTE }];
      expect(find('gaps', { readings: only })).toMatchObject({ state, expected, count: 1, longestMs: ago * MINUTE });
    },
  );

  it.each([
    [11, 'unknown'],
    [12, 'problem'],
  ])('judges %d expected readings of which half came: %s', (expected, state) => {
    const health = [{ measuredAt: NOW, interval: 146_000 }];
    const [last] = sound(2).slice(-1);
    const came = Array.from({ length: 6 }, (_, n) => ({ ...last!, measuredAt: NOW - (expected - 2 * n) * CADENCE }));
    const some = came.filter(({ measuredAt }) => measuredAt < NOW);
    expect(find('gaps', { readings: some, health })).toMatchObject({ state, expected, gaps: 0 });
  });

  it('expects no fewer readings than came: the first pushes follow fast on each other', () => {
    const [last] = sound(2).slice(-1);
    const fast = [40, 30, 20, 10].map((seconds) => ({ ...last!, measuredAt: NOW - seconds * 1000 }));
    expect(find('gaps', { readings: fast })).toMatchObject({ state: 'good', count: 4, expected: 4, coverage: 1 });
  });

  it('says how the Wi-Fi signal was at its weakest, and of how many messages', () => {
    const health = [-60, undefined, -85, -62].map((signal) => ({ measuredAt: NOW, ...(signal && { signal }) }));
    expect(find('wifi', { health })).toStrictEqual({ id: 'wifi', state: 'good', median: -62, weakest: -85, count: 3 });
  });

  it.each([
    [-60, 'good'],
    [-77, 'good'],
    [-78, 'notice'],
    [-80, 'notice'],
    [-86, 'notice'],
    [-87, 'problem'],
    [-90, 'problem'],
  ])('judges a Wi-Fi signal of %i dBm as %s', (signal, state) => {
    expect(find('wifi', { health: [{ measuredAt: NOW, signal }] })).toMatchObject({ state, median: signal });
  });

  it('knows old airRohr firmware, and does not judge another', () => {
    expect(find('firmware', { health: [{ measuredAt: NOW, firmware: 'NRZ-2020-129' }] }).state).toBe('notice');
    expect(find('firmware', { health: [{ measuredAt: NOW, firmware: 'NRZ-2024-135-B2' }] }).state).toBe('good');
    const newest = 'NRZ-2024-135';
    expect(find('firmware', { health: [{ measuredAt: NOW, firmware: 'NAMF-2020-36' }] })).toStrictEqual({
      ...{ id: 'firmware', state: 'unknown', version: 'NAMF-2020-36', newest },
    });
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
    const harmless = [rejection(NOW, 'no-value-marker', 'nan')];
    expect(find('rejections', { rejections: harmless }).state).toBe('good');
    expect(find('rejections', { rejections: harmless, lastSeenAt: undefined }).state).toBe('good');
    expect(find('rejections', { rejections: [rejection(NOW - DAY_MS, 'conflict', '')] }).total).toBe(0);
  });

  it('takes a refused token back as soon as a later message was accepted, and nothing else', () => {
    const refused = { at: NOW - HOUR_MS, reason: 'wrong-token', detail: 'Sign-in refused.' } as const;
    const other = { at: NOW - 2 * HOUR_MS, reason: 'conflict', detail: 'Another value.' } as const;
    const state = (given: Partial<HealthEvidence>) => find('rejections', { rejections: [refused], ...given }).state;
    // Nothing of it was ever taken: no station that measures.
    expect(state({ lastSeenAt: undefined })).toBe('problem');
    expect(state({ lastSeenAt: NOW - HOUR_MS - 1 })).toBe('notice');
    expect(state({ lastSeenAt: NOW - HOUR_MS })).toBe('notice');
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

  it.each([
    [10, 'good', 1],
    [14.9, 'good', 1.49],
    [15, 'notice', 1.5],
    [18, 'notice', 1.8],
    [24.5, 'notice', 2.45],
    [25, 'problem', 2.5],
    [40, 'problem', 4],
    [2, 'problem', 0.2],
    [0, 'problem', 0],
  ])('compares %d µg/m³ with neighbours at 10: %s', (own, state, ratio) => {
    expect(find('drift', { hours: week(own), neighbours: 3 })).toStrictEqual({
      ...{ id: 'drift', state, ratio, hours: 168, neighbours: 3, own, others: 10 },
    });
  });

  it('compares three days of hours with three neighbours at 2 µg/m³ or more, of those that both measured', () => {
    const hours = week(10).flatMap((hour, index) =>
      index < 72
        ? [hour]
        : [
            { start: hour.start, others: hour.others },
            { ...hour, others: [] },
          ],
    );
    expect(find('drift', { hours, neighbours: 3 })).toMatchObject({ state: 'good', hours: 72, ratio: 1 });
    expect(find('drift', { hours: hours.slice(1), neighbours: 3 })).toStrictEqual({
      ...{ id: 'drift', state: 'unknown', hours: 71, neighbours: 3 },
    });
    expect(find('drift', { hours: week(2, [1, 2, 3]) })).toMatchObject({ state: 'good', hours: 168 });
  });

  it('says nothing of drift with few neighbours, few hours, or nearly clean air', () => {
    for (const hours of [week(40, [10, 10]), week(40).slice(0, 50), week(4, [1, 1, 1])]) {
      expect(find('drift', { hours, neighbours: 2 }).state).toBe('unknown');
    }
  });
});
