import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../server/domain/durations.ts';
import { emptyRow } from '../../server/domain/means/rollup.ts';
import type { Station } from '../../server/domain/station.ts';
import { Agreements } from '../../server/live/agreements.ts';
import { HourJudge } from '../../server/live/hourJudge.ts';
import type { Rollups, UncertainRow } from '../../server/rollups/rollups.ts';
import { StoreUnavailableError } from '../../server/store/readingStore.ts';

/** Hourly PM2.5 of Bristol's sensors as rows of stations that stand in one street. */
function bristol(now: number): { stations: Station[]; rollups: Pick<Rollups, 'rows'> } {
  const file = new URL('../fixtures/bristol-hours/2018-10_to_2019-03.csv.gz', import.meta.url);
  const [head, ...lines] = gunzipSync(readFileSync(file)).toString().trim().split('\n');
  const columns = head!.split(';').flatMap((name, column) => (name.endsWith('.pm25') ? [column] : []));
  const stations = columns.map((_, at) => station(at));
  const rows = lines.flatMap((line) => {
    const cells = line.split(';');
    const start = Number(cells[0]) * HOUR_MS;
    return columns.flatMap((column, at) => {
      const mean = cells[column];
      return mean === '' || start >= now ? [] : [rowOf(stations[at]!.id, start, Number(mean))];
    });
  });
  return { stations, rollups: rollupsOf(rows) };
}

function rowOf(stationId: string, start: number, mean: number | null): UncertainRow {
  const series = { stationId, sensor: 'sds011', quantity: 'pm25' } as const;
  const row = emptyRow(series, { start, end: start + HOUR_MS, cadenceMs: 150_000, now: start + HOUR_MS });
  return { ...row, mean, flags: [] };
}

function rollupsOf(rows: readonly UncertainRow[]): Pick<Rollups, 'rows' | 'upToDate'> {
  return {
    rows: async ({ stationIds, quantity, from, to }) =>
      rows.filter(
        (row) => stationIds.includes(row.stationId) && row.quantity === quantity && row.start >= from && row.start < to,
      ),
    upToDate: async () => true,
  };
}

function station(at: number, change: Partial<Station> = {}): Station {
  return {
    ...{ id: `station00${at}`, locationId: 1, name: `${at}`, position: { lat: 51 + at / 1000, lon: 7 } },
    ...{ positionGridMetres: 100, isIndoor: false, isPublishedIndoor: false, isNoisePublic: false },
    ...{ sensorModels: ['sds011'], status: 'active', source: 'direct', licence: '', externalIds: [], createdAt: 0 },
    ...change,
  } as Station;
}

const stations = Array.from({ length: 7 }, (_, at) => station(at));
const NOW = Date.UTC(2026, 0, 31);
const START = NOW - HOUR_MS;

/** Rows of 30 days: every station near 10 with a daily course, and in the last hour what is given. */
function rollupsWith(last: readonly (number | null)[]): Pick<Rollups, 'rows' | 'upToDate'> {
  const rows: UncertainRow[] = [];
  for (const [at, { id }] of stations.entries()) {
    for (let start = NOW - 30 * DAY_MS; start < NOW; start += HOUR_MS) {
      const usual = 10 + at / 10 + 4 * Math.sin((start / HOUR_MS / 24) * 2 * Math.PI) + ((start / HOUR_MS) % 5) / 5;
      const mean = start === START ? last[at]! : usual;
      rows.push(rowOf(id, start, mean));
    }
  }
  return rollupsOf(rows);
}

async function judged(last: readonly (number | null)[]) {
  const judge = new HourJudge({ rollups: rollupsWith(last), stations: () => stations, clock: () => NOW });
  await judge.judge(START);
  return judge;
}

describe('HourJudge', () => {
  it('calls an hour a spike that only one station has', async () => {
    const judge = await judged([200, 10, 10, 11, 10, 10, 11]);
    expect(judge.flagsOf('station000', 'pm25')).toEqual(['spike', 'unlike-neighbours']);
    expect(judge.flagsOf('station001', 'pm25')).toEqual([]);
    expect(judge.of('station000', 'pm25')).toMatchObject({
      start: START,
      stations: 7,
      past: { usual: expect.closeTo(10.4), isFarOff: true },
    });
  });

  it('calls it a shared event when the neighbours moved too, as fireworks make them', async () => {
    const judge = await judged([200, 90, 150, 80, 120, 100, 60]);
    for (const { id } of stations) expect(judge.flagsOf(id, 'pm25')).toEqual(['shared-event']);
  });

  it('takes nothing for a defect that all of Bristol measured on Bonfire Night', async () => {
    const flags: string[] = [];
    for (let start = Date.UTC(2018, 10, 5, 17); start < Date.UTC(2018, 10, 6, 1); start += HOUR_MS) {
      const { stations: all, rollups } = bristol(start + HOUR_MS);
      const judge = new HourJudge({ rollups, stations: () => all, clock: () => start + HOUR_MS });
      await judge.judge(start);
      flags.push(...all.flatMap(({ id }) => judge.flagsOf(id, 'pm25')));
    }
    expect(flags.filter((flag) => flag === 'shared-event').length).toBeGreaterThan(0);
    expect(flags).not.toContain('spike');
  });

  it('compares a station with those around the place where it stood, and with its past there', async () => {
    const far = { lat: 53, lon: 10 };
    const last = [200, 10, 10, 11, 10, 10, 11];
    const judgedWith = async (change: Partial<Station>) => {
      const all = stations.map((each, at) => (at === 0 ? { ...each, ...change } : each));
      const standsSince = () => change.formerPlaces?.at(-1)?.until;
      const judge = new HourJudge({ rollups: rollupsWith(last), stations: () => all, standsSince, clock: () => NOW });
      await judge.judge(START);
      return judge.of('station000', 'pm25');
    };
    // Brought here a day before: its past is elsewhere, its neighbours are these.
    const before = { position: far, until: START - DAY_MS };
    expect(await judgedWith({ formerPlaces: [before] })).toMatchObject({ flags: ['unlike-neighbours'], stations: 7 });
    // Brought here within the hour: nothing can be said.
    expect(await judgedWith({ formerPlaces: [{ ...before, until: START + HOUR_MS / 2 }] })).toBeUndefined();
    // Taken away after the hour: what was said of there says nothing of here.
    const gone = { position: far, formerPlaces: [{ position: stations[0]!.position, until: NOW }] };
    expect(await judgedWith(gone)).toBeUndefined();
    // Its former neighbours were compared with it all the same.
    const judge = new HourJudge({
      ...{ rollups: rollupsWith(last), clock: () => NOW },
      stations: () => [{ ...stations[0]!, ...gone }, ...stations.slice(1)],
    });
    await judge.judge(START);
    expect(judge.of('station001', 'pm25')).toMatchObject({ stations: 7 });
  });

  it.each<[string, Partial<Station>, number | null]>([
    ['stands indoors', { isIndoor: true }, 10],
    ['is left out of figures', { status: 'excluded' }, 10],
    ['was moved within the hour', { formerPlaces: [{ position: { lat: 53, lon: 10 }, until: NOW - HOUR_MS / 2 }] }, 10],
    ['has no valid mean in it', {}, null],
  ])('says nothing of a station that %s, and compares nobody with it', async (_what, change, mean) => {
    const judge = new HourJudge({
      rollups: rollupsWith([200, 10, 10, 11, 10, 10, mean]),
      stations: () => [...stations.slice(0, 6), { ...stations[6]!, ...change }],
      clock: () => NOW,
    });
    await judge.judge(START);
    expect(judge.of('station006', 'pm25')).toBeUndefined();
    expect(judge.of('station000', 'pm25')).toMatchObject({ stations: 6, flags: ['spike', 'unlike-neighbours'] });
  });

  it('stands until the hour after it is closed, minutes after its end, and not longer', async () => {
    let now = NOW;
    const judge = new HourJudge({
      rollups: rollupsWith([200, 1, 1, 1, 1, 1, 1]),
      stations: () => stations,
      clock: () => now,
    });
    await judge.judge(START);
    now = NOW + HOUR_MS + 5 * MINUTE_MS;
    expect(judge.flagsOf('station000', 'pm25')).toEqual(['spike', 'unlike-neighbours']);
    now++;
    expect(judge.flagsOf('station000', 'pm25')).toEqual([]);
  });
});

describe('Agreements', () => {
  it('rest on hours since the station and its neighbours stand where they do', async () => {
    const until = NOW - 27 * DAY_MS;
    const elsewhere = [{ position: { lat: 53, lon: 10 }, until }];
    const monthWith = async (moved: number) => {
      const all = stations.map((each, at) => (at === moved ? { ...each, formerPlaces: elsewhere } : each));
      const agreements = new Agreements({
        rollups: rollupsWith([10, 10, 10, 11, 10, 10, 11]),
        hourJudge: await judged([10, 10, 10, 11, 10, 10, 11]),
        stations: () => all,
        store: { raw: async () => [] },
        clock: () => NOW,
      });
      return (await agreements.of(all[0]!)).pm25?.month?.hours;
    };
    expect(await monthWith(0)).toBe(27 * 24);
    expect(await monthWith(3)).toBe(720);
  });

  it.each<[string, (number | null)[], number]>([
    ['the station and two others have a mean, not', [10, null, null, null, null, 10, 11], 719],
    ['the station and three others have one', [10, null, null, null, 10, 10, 11], 720],
    ['the station has none, not', [null, 10, 10, 11, 10, 10, 11], 719],
  ])('count %s', async (_what, last, hours) => {
    const agreements = new Agreements({
      ...{ rollups: rollupsWith(last), hourJudge: await judged(last), stations: () => stations },
      ...{ store: { raw: async () => [] }, clock: () => NOW },
    });
    expect((await agreements.of(stations[0]!)).pm25!.month!.hours).toBe(hours);
  });

  it('tell the hour, the month, and how the whole neighbourhood stands to the official station', async () => {
    const rollups = rollupsWith([10, 10, 10, 11, 10, 10, 11]);
    const reference = station(9, { id: 'official00', reference: { network: 'Test', type: 'background' } as never });
    // Nearer, without values of the quantity, and with a single hour.
    const silent = { ...reference, id: 'official01', position: stations[0]!.position };
    const sparse = { ...silent, id: 'official02' };
    const hourJudge = await judged([10, 10, 10, 11, 10, 10, 11]);
    const agreementsBeside = (...references: Station[]) =>
      new Agreements({
        rollups,
        hourJudge,
        stations: () => [...stations, ...references],
        store: {
          raw: async ({ stationId, from, to }) => {
            if (stationId === silent.id) return [];
            const hours = Array.from({ length: (to - from) / HOUR_MS }, (_, at) => from + at * HOUR_MS);
            const published = stationId === sparse.id ? hours.slice(-1) : hours;
            return published.map((measuredAt) => ({ measuredAt, value: 40, flags: 0 }));
          },
        },
        clock: () => NOW + 20 * MINUTE_MS,
      });
    const { pm25, pm10 } = await agreementsBeside(silent, sparse, reference).of(stations[0]!);
    expect(pm25).toMatchObject({
      hour: { start: START, stations: 7, flags: [] },
      month: { hours: 720, isAgreeing: true },
      network: { state: 'deviates', hours: 24 },
    });
    expect(pm25!.network!.bias).toBeLessThan(-20);
    expect(pm10).toEqual({ network: { state: 'unknown', hours: 0 } });
    for (const [references, hours] of [
      [[silent], 0],
      [[silent, sparse], 1],
    ] as const) {
      const { pm25: alone } = await agreementsBeside(...references).of(stations[0]!);
      expect(alone!.network).toEqual({ state: 'unknown', hours });
    }
  });

  it('are worked out once an hour, of the 500 stations that were asked for last', async () => {
    let [now, asked] = [NOW, 0];
    const rows = async () => {
      asked++;
      return [];
    };
    const unjudged = new HourJudge({ rollups: { rows }, stations: () => [], clock: () => now });
    const agreements = new Agreements({
      rollups: { ...rollupsWith([]), rows },
      ...{ hourJudge: unjudged, stations: () => [], store: { raw: async () => [] }, clock: () => now },
    });
    const askedFor = async (at: number) => {
      const before = asked;
      expect(await agreements.of(station(at))).toEqual({});
      return asked - before;
    };
    expect(await askedFor(0)).toBeGreaterThan(0);
    now += HOUR_MS - 1;
    expect(await askedFor(0)).toBe(0);
    now++;
    expect(await askedFor(0)).toBeGreaterThan(0);
    for (let at = 1; at < 500; at++) await askedFor(at);
    expect(await askedFor(0)).toBe(0);
    await askedFor(500);
    expect(await askedFor(1)).toBe(0);
    expect(await askedFor(0)).toBeGreaterThan(0);
  });

  it('say only what is known while the store is away, and all of it as soon as it is back', async () => {
    let failure: Error | undefined = new StoreUnavailableError('away');
    const rollups = rollupsWith([10, 10, 10, 11, 10, 10, 11]);
    const agreements = new Agreements({
      rollups: { ...rollups, rows: (query) => (failure ? Promise.reject(failure) : rollups.rows(query)) },
      hourJudge: await judged([10, 10, 10, 11, 10, 10, 11]),
      ...{ stations: () => stations, store: { raw: async () => [] }, clock: () => NOW },
    });
    expect(await agreements.of(stations[0]!)).toEqual({ pm25: { hour: expect.anything() } });
    failure = new Error('a defect');
    await expect(agreements.of(stations[0]!)).rejects.toThrow('a defect');
    failure = undefined;
    expect(await agreements.of(stations[0]!)).toEqual({ pm25: { hour: expect.anything(), month: expect.anything() } });
  });
});
