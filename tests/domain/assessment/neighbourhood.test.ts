import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { isHumidDay, isHumidHour, judgeHour } from '../../../server/domain/assessment/hourAssessment.ts';
import {
  agreementOfHour,
  agreementOfMonth,
  compareNetwork,
  judgeSpike,
} from '../../../server/domain/assessment/neighbourhood.ts';
import { SpikeWindow } from '../../../server/domain/assessment/spikeWindow.ts';
import { HOUR_MS } from '../../../server/domain/durations.ts';

describe('agreementOfHour', () => {
  const hour = (...means: number[]) => agreementOfHour(means.map((mean, at) => ({ stationId: `s${at}`, mean })));

  it('needs five stations', () => {
    expect(hour(1, 2, 3, 4)).toBeUndefined();
  });

  it('twice and half the median are equally far, and neither is an outlier', () => {
    const agreement = hour(9, 19, 19.5, 18.5, 39)!;
    expect(agreement[0]!.z).toBeCloseTo(-agreement[4]!.z, 10);
  });

  it('one mad station disagrees, the others agree', () => {
    expect(hour(9, 10, 11, 12, 300)!.map(({ isAgreeing }) => isAgreeing)).toEqual([true, true, true, true, false]);
  });

  it('very close stations do not make a small difference a disagreement', () => {
    expect(hour(10, 10, 10, 10, 12)!.every(({ isAgreeing }) => isAgreeing)).toBe(true);
  });

  it.each([
    [0.34, true],
    [0.36, false],
  ])('among equal stations one that is %d away on the log scale agrees: %p', (distance, isAgreeing) => {
    expect(hour(10, 10, 10, 10, 11 * Math.exp(distance) - 1)![4]!.isAgreeing).toBe(isAgreeing);
    expect(hour(10, 10, 10, 10, 11 * Math.exp(-distance) - 1)![4]!.isAgreeing).toBe(isAgreeing);
  });
});

describe('judgeSpike', () => {
  const past = (ratio: number, isFarOff = true) => ({ usual: 5, ratio, isFarOff });

  it.each([
    ['an hour near its own past', past(3, false), [past(1), past(1), past(1)], undefined],
    ['no neighbours', past(9), [past(1), past(1)], 'unusual'],
    ['neighbours as usual', past(9), [past(1), past(0.9), past(8)], 'spike'],
    ['neighbours moved too', past(9), [past(1.5), past(1), past(8)], 'shared-event'],
    ['far below, neighbours as usual', past(0.1), [past(1), past(1), past(1)], 'spike'],
    ['far below, neighbours too', past(0.1), [past(0.5), past(0.6), past(1)], 'shared-event'],
  ] as const)('%s', (_, own, others, expected) => {
    expect(judgeSpike(own, others)).toBe(expected);
  });
});

describe('SpikeWindow', () => {
  it('judges nothing before ninety hours', () => {
    const window = new SpikeWindow();
    const pasts = Array.from({ length: 91 }, (_, at) => window.add(at * HOUR_MS, 5 + (at % 3)));
    expect(pasts.slice(0, 90).every((past) => past === undefined)).toBe(true);
    expect(pasts[90]).toEqual({ usual: 6, ratio: 6 / 7, isFarOff: false });
  });

  it('asks for ten scaled deviations and 20 µg/m³', () => {
    const judged = (wobble: number, mean: number) => {
      const window = new SpikeWindow();
      for (let at = 0; at < 100; at++) window.add(at * HOUR_MS, 20 + (at % 2 === 0 ? wobble : -wobble));
      return window.add(100 * HOUR_MS, mean)!.isFarOff;
    };
    expect(judged(0.1, 40)).toBe(false);
    expect(judged(0.1, 40.1)).toBe(true);
    expect(judged(4, 79)).toBe(false);
    expect(judged(4, 79.5)).toBe(true);
  });

  it('forgets after 360 hours, and agrees with the plain computation all the way', () => {
    const window = new SpikeWindow();
    const hours = Array.from({ length: 900 }, (_, at) => ({
      start: (at + (at > 500 ? 400 : 0)) * HOUR_MS,
      mean: (at * 37) % 101,
    }));
    hours.forEach(({ start, mean }, at) => {
      const before = hours.slice(0, at).filter((hour) => hour.start >= start - 360 * HOUR_MS);
      const sorted = before.map((hour) => hour.mean).sort((one, other) => one - other);
      const middle = sorted.length >> 1;
      const usual = sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1]! + sorted[middle]!) / 2;
      expect(window.add(start, mean)?.usual).toBe(sorted.length < 90 ? undefined : usual);
    });
  });
});

describe('agreementOfMonth', () => {
  const pairs = (count: number, district: (at: number) => number) =>
    Array.from({ length: count }, (_, at) => ({ station: 10 + (at % 24), district: district(at) }));

  it('follows the district on a log scale', () => {
    const month = agreementOfMonth(pairs(720, (at) => 2 * (11 + (at % 24)) - 1))!;
    expect(month.correlation).toBeCloseTo(1, 10);
    expect(month).toMatchObject({ hours: 720, isAgreeing: true });
  });

  it('a sensor that does not follow is said to', () => {
    expect(agreementOfMonth(pairs(720, (at) => 10 + ((at * 7) % 23)))!.isAgreeing).toBe(false);
  });

  it('needs 80 % of a month and something that varies', () => {
    expect(agreementOfMonth(pairs(575, (at) => at))).toBeUndefined();
    expect(agreementOfMonth(pairs(720, () => 10))).toBeUndefined();
  });

  it.each([
    [0.69, false],
    [0.71, true],
  ])('over exactly 80 % of a month, a correlation of %d agrees: %p', (wanted, isAgreeing) => {
    // Two series that do not correlate; the station is a mixture of them.
    const [one, other] = [(at: number) => (at % 2) - 0.5, (at: number) => (Math.floor(at / 2) % 2) - 0.5];
    const month = agreementOfMonth(
      Array.from({ length: 576 }, (_, at) => ({
        station: Math.expm1(2 + wanted * one(at) + Math.sqrt(1 - wanted ** 2) * other(at)),
        district: Math.expm1(2 + one(at)),
      })),
    )!;
    expect(month.correlation).toBeCloseTo(wanted, 10);
    expect(month).toMatchObject({ hours: 576, isAgreeing });
  });
});

describe('compareNetwork', () => {
  const day = (network: number, official: number, hours = 24) =>
    Array.from({ length: hours }, () => ({ network, official }));

  it('a whole network that deviates from the official station is a state of its own', () => {
    expect(compareNetwork('pm25', day(30, 10))).toEqual({ state: 'deviates', bias: 20, hours: 24 });
    expect(compareNetwork('pm25', day(18, 10))).toEqual({ state: 'agrees', bias: 8, hours: 24 });
    expect(compareNetwork('pm10', day(30, 10)).state).toBe('agrees');
    expect(compareNetwork('pm25', day(50, 80)).state).toBe('deviates');
  });

  it('17 common hours of a day are not enough', () => {
    expect(compareNetwork('pm25', day(30, 10, 17))).toEqual({ state: 'unknown', hours: 17 });
  });
});

describe('judgeHour', () => {
  const hours = [20, 10, 10, 10, 10].map((mean, at) => ({ stationId: `s${at}`, mean }));

  it('says nothing but how far off the hour is where nothing is wrong, and not even that among too few', () => {
    const equal = hours.map((hour) => ({ ...hour, mean: 10 }));
    expect(judgeHour({ hours: equal, pastsOfOthers: [] })).toEqual({ flags: [], z: 0 });
    expect(judgeHour({ hours: equal.slice(1), pastsOfOthers: [] })).toEqual({ flags: [] });
  });

  it('names both, a spike against its own past and an hour unlike the neighbours', () => {
    const past = { usual: 5, ratio: 4, isFarOff: true };
    const { flags, z } = judgeHour({ hours, past, pastsOfOthers: [] });
    expect(flags).toEqual(['unusual', 'unlike-neighbours']);
    expect(z).toBeCloseTo(Math.log(21 / 11) / 0.1, 10);
  });
});

describe('a humid day', () => {
  it('has six humid hours, an hour half its readings', () => {
    expect(isHumidHour(0.49)).toBe(false);
    expect(isHumidDay([1, 1, 0.5, 1, 1, 0, 0])).toBe(false);
    expect(isHumidDay([1, 1, 0.5, 1, 1, 0, 0.7])).toBe(true);
  });
});

/** Flags of nine SDS011 in Bristol by part: thresholds were fixed on October to December 2018 and are shown on January to March 2019. */
function bristol(quantity: 'pm25' | 'pm10') {
  const file = new URL('../../fixtures/bristol-hours/2018-10_to_2019-03.csv.gz', import.meta.url);
  const [head, ...rows] = gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(';'));
  const columns = head!.flatMap((name, at) => (name.endsWith(`.${quantity}`) ? [at] : []));
  const windows = new Map(columns.map((at) => [head![at]!.split('.')[0]!, new SpikeWindow()]));
  return rows.flatMap((row) => {
    const start = Number(row[0]) * HOUR_MS;
    const stations = columns.flatMap((at) =>
      row[at] ? [{ stationId: head![at]!.split('.')[0]!, mean: Number(row[at]) }] : [],
    );
    const pasts = stations.map(({ stationId, mean }) => windows.get(stationId)!.add(start, mean));
    return stations.map((own, at) => {
      const hours = [own, ...stations.filter((other) => other !== own)];
      const pastsOfOthers = pasts.flatMap((past, other) => (past === undefined || other === at ? [] : past));
      return { start, stationId: own.stationId, ...judgeHour({ hours, past: pasts[at], pastsOfOthers }) };
    });
  });
}

describe.each(['pm25', 'pm10'] as const)('on real hours, %s', (quantity) => {
  const hours = bristol(quantity);
  const shown = hours.filter(({ start }) => start >= Date.UTC(2019, 0, 1));
  const count = (list: typeof hours, flag: string, but?: string) =>
    list.filter(({ flags, stationId }) => stationId !== but && (flags as string[]).includes(flag)).length;
  /** Its level steps up at the end of February 2019 while its neighbours' does not. */
  const DEFECT = '17459';

  it('Bonfire Night and the pollution episodes of the winter are shared events, not spikes', () => {
    const night = hours.filter(({ start }) => start >= Date.UTC(2018, 10, 5, 17) && start < Date.UTC(2018, 10, 6, 3));
    expect(count(night, 'spike')).toBe(0);
    if (quantity === 'pm25') expect(count(night, 'shared-event')).toBeGreaterThan(0);
    expect(count(hours, 'shared-event')).toBeGreaterThan(20 * count(hours, 'spike', DEFECT));
  });

  it('what is left as a spike outside the part the thresholds were fixed on is nearly all the defect sensor', () => {
    expect(count(shown, 'spike', DEFECT)).toBeLessThanOrEqual(1);
    expect(count(shown, 'spike')).toBeGreaterThan(count(shown, 'spike', DEFECT));
  });

  it('the defect sensor is unlike its neighbours more often than all others together', () => {
    expect(count(shown, 'unlike-neighbours')).toBeGreaterThan(2 * count(shown, 'unlike-neighbours', DEFECT));
    const others = shown.filter(({ stationId, z }) => stationId !== DEFECT && z !== undefined);
    expect(count(others, 'unlike-neighbours') / others.length).toBeLessThan(0.02);
  });
});
