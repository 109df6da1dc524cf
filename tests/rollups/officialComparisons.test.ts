import { describe, expect, it } from '@jest/globals';
import { AreaDirectory } from '../../server/areas/areaDirectory.ts';
import { comparedMonth, lastingUncertainty } from '../../server/domain/correction/monthComparison.ts';
import { DAY_MS, HOUR_MS } from '../../server/domain/durations.ts';
import { emptyRow, type RollupRow } from '../../server/domain/means/rollup.ts';
import type { Station } from '../../server/domain/station.ts';
import { createReports } from '../../server/report/createReports.ts';
import { readQuestion } from '../../server/report/questionUrl.ts';
import { ComparedRollups } from '../../server/rollups/comparedRollups.ts';
import { OfficialComparisons } from '../../server/rollups/officialComparisons.ts';
import type { Rollups, RollupsQuery, UncertainRow } from '../../server/rollups/rollups.ts';
import { comparisonOfParts, withUncertainty } from '../../server/rollups/rowUncertainty.ts';
import { StationList, stationOf } from '../support/stations.ts';

const OFFSET = HOUR_MS;
const JANUARY = Date.UTC(2026, 0, 1) - OFFSET;
const MARCH = Date.UTC(2026, 2, 1) - OFFSET;
const HERE = { lat: 51.05, lon: 7.02 };
const FAR = { lat: 53, lon: 10 };

const official = stationOf('official00', {
  name: 'Chorweiler',
  position: HERE,
  reference: { network: 'LANUV', type: 'background' } as never,
});
const sensors = [1, 2, 3].map((at) =>
  stationOf(`sensor000${at}`, { position: { lat: HERE.lat + at / 1000, lon: HERE.lon } }),
);

/** The official station measures 20 every hour; the sensors differ by these, day by day. */
type Differences = (stationId: string, day: number) => number;

function dayRow(stationId: string, start: number, mean: number | null, change: Partial<RollupRow> = {}): UncertainRow {
  const series = { stationId, sensor: 'sds011', quantity: 'pm25' } as const;
  const row = emptyRow(series, { start, end: start + DAY_MS, cadenceMs: 150_000, now: start + DAY_MS });
  return withUncertainty({ ...row, mean, flags: [], ...change });
}

function house(
  differences: Differences,
  {
    stations = [...sensors, official],
    now = MARCH,
    measures = (_: string, _at: number): boolean => true,
    behind = [] as string[],
  } = {},
) {
  const rows: UncertainRow[] = [];
  for (const { id, reference } of stations) {
    for (let at = 0; JANUARY + (at + 1) * DAY_MS <= now && reference === undefined; at++) {
      rows.push(dayRow(id, JANUARY + at * DAY_MS, 20 + differences(id, at)));
    }
  }
  const asked: RollupsQuery[] = [];
  const measured: Rollups = {
    rows: async (query) => {
      asked.push(query);
      const { stationIds, from, to, waited } = query;
      if (waited !== undefined && stationIds.some((id) => behind.includes(id))) waited.wasInVain = true;
      return rows.filter((row) => stationIds.includes(row.stationId) && row.start >= from && row.start < to);
    },
    upToDate: async () => true,
    markDirty: async () => undefined,
  };
  const comparisons = new OfficialComparisons({
    rollups: measured,
    store: {
      raw: async ({ stationId, sensor, from, to }) => {
        const count = sensor === 'official' ? (to - from) / HOUR_MS : 0;
        const hours = Array.from({ length: count }, (_, at) => ({
          measuredAt: from + at * HOUR_MS,
          value: 20,
          flags: 0,
        }));
        return hours.filter(({ measuredAt }) => measures(stationId, measuredAt));
      },
    },
    stations: () => stations,
    dayOffsetMs: OFFSET,
    clock: () => now,
  });
  const station = (id: string) => stations.find((each) => each.id === id);
  const compared = new ComparedRollups({ rollups: measured, comparisons, station });
  const daysOf = (stationId: string) =>
    compared.rows({ stationIds: [stationId], quantity: 'pm25', window: 'day', from: JANUARY, to: now });
  return { comparisons, compared, measured, daysOf, asked };
}

const january = (_: string, day: number) => day < 31;

describe('a month of sensors beside an official station', () => {
  it('is told by the typical sensor: twice its root mean squared difference, and its bias', () => {
    const days = (difference: number, count = 20) =>
      Array.from({ length: count }, (_, at) => ({ sensor: 20 + difference + (at % 2 ? 3 : -3), reference: 20 }));
    const found = comparedMonth([days(4), days(4), days(400)])!;
    expect(found).toEqual({ sensors: 3, days: 60, u: 10, bias: 4 });
    expect(comparedMonth([days(4, 14), days(4, 14), days(4, 14)])).toBeUndefined();
    expect(comparedMonth([days(4, 20)])).toBeUndefined();
    expect(comparedMonth([days(-4, 30)])).toEqual({ sensors: 1, days: 30, u: 10, bias: -4 });
    expect(lastingUncertainty([4, -2])).toBe(2);
    expect(lastingUncertainty([])).toBeUndefined();
  });
});

describe('rows with comparisons', () => {
  it('carry the larger of the directive and the comparison of their month, and say which', async () => {
    const { daysOf } = house((id, day) => (january(id, day) ? -15 : 1));
    const rows = await daysOf(sensors[0]!.id);
    expect(rows[0]).toMatchObject({ mean: 5, uncertainty: 30, uncertaintyFrom: 'comparison' });
    expect(rows[0]!.comparison).toMatchObject({ official: 'Chorweiler', u: 30, bias: -15 });
    expect(rows[40]).toMatchObject({ mean: 21, uncertainty: 8.8, uncertaintyFrom: 'directive' });
  });

  it('are widened by humid readings whichever of them it is', async () => {
    const { compared } = house(() => -15);
    const [plain] = await compared.rows({
      ...{ stationIds: [sensors[0]!.id], quantity: 'pm25', window: 'day', from: JANUARY, to: JANUARY + DAY_MS },
    });
    const humid = withUncertainty({ ...plain!, shares: { humid: 1 } });
    expect(humid.uncertainty).toBeGreaterThan(30);
    expect(humid.uncertaintyFrom).toBe('comparison+humidity');
  });

  it('say nothing of another kind of sensor, nor without an official station near', async () => {
    const { compared, daysOf } = house(() => -15);
    const other = dayRow(sensors[0]!.id, JANUARY, 5, { sensor: 'sps30' });
    const noOther = new ComparedRollups({
      rollups: { rows: async () => [other], upToDate: async () => true, markDirty: async () => undefined },
      comparisons: { finder: async () => () => undefined },
      station: () => sensors[0],
    });
    expect(await noOther.rows({ stationIds: [], quantity: 'pm25', window: 'day', from: 0, to: 1 })).toEqual([other]);
    expect((await daysOf(official.id)).length).toBe(0);
    expect((await compared.rows({ stationIds: [], quantity: 'humidity', window: 'day', from: 0, to: 1 })).length).toBe(
      0,
    );
    const alone = house(() => -15, { stations: sensors });
    expect((await alone.daysOf(sensors[0]!.id))[0]).toMatchObject({ uncertainty: 8.8, uncertaintyFrom: 'directive' });
    expect(alone.asked).toHaveLength(1);
  });

  it('go by where the stations stood: another official station, or none, before a move', async () => {
    const moved: Station = { ...sensors[0]!, formerPlaces: [{ position: FAR, until: JANUARY + 31 * DAY_MS }] };
    const { daysOf } = house(() => -15, { stations: [moved, ...sensors.slice(1), official] });
    const rows = await daysOf(moved.id);
    expect(rows[30]).toMatchObject({ uncertaintyFrom: 'directive' });
    expect(rows[31]).toMatchObject({ uncertaintyFrom: 'comparison' });
    // Its own days elsewhere are no part of January's comparison: two sensors remain.
    const [beside] = await daysOf(sensors[1]!.id);
    expect(beside!.comparison).toMatchObject({ sensors: 2, days: 62 });
  });

  it('go by the nearest official station that has daily means of the quantity in the month', async () => {
    const nearer = { ...official, id: 'official01', name: 'Ebertplatz', position: sensors[0]!.position };
    const stations = [...sensors, official, nearer];
    const february = JANUARY + 31 * DAY_MS;
    const measures = (id: string, at: number) => id === official.id || at >= february;
    const rows = await house(() => -15, { stations, measures }).daysOf(sensors[0]!.id);
    expect(rows[0]!.comparison).toMatchObject({ month: '2026-01', official: 'Chorweiler' });
    expect(rows[30]!.comparison).toMatchObject({ month: '2026-01', official: 'Chorweiler' });
    expect(rows[31]!.comparison).toMatchObject({ month: '2026-02', official: 'Ebertplatz' });
    const never = await house(() => -15, { stations, measures: () => false }).daysOf(sensors[0]!.id);
    expect(never[0]).toMatchObject({ uncertaintyFrom: 'directive' });
  });

  it('pass by a nearer official station with too few days in the month to be compared with', async () => {
    const nearer = { ...official, id: 'official01', name: 'Ebertplatz', position: sensors[0]!.position };
    const stations = [...sensors, official, nearer];
    const nearestWith = async (days: number) => {
      const measures = (id: string, at: number) => id === official.id || at < JANUARY + days * DAY_MS;
      return (await house(() => -15, { stations, measures }).daysOf(sensors[0]!.id))[0]!.comparison?.official;
    };
    expect(await nearestWith(1)).toBe('Chorweiler');
    expect(await nearestWith(14)).toBe('Chorweiler');
    expect(await nearestWith(15)).toBe('Ebertplatz');
  });

  it('pass by an official station that the operator left out of figures', async () => {
    const nearer = { ...official, id: 'official01', name: 'Ebertplatz', position: sensors[0]!.position };
    const excluded: Station = { ...nearer, status: 'excluded', statusReason: 'wrong' };
    const rows = await house(() => -15, { stations: [...sensors, official, excluded] }).daysOf(sensors[0]!.id);
    expect(rows[0]!.comparison).toMatchObject({ official: 'Chorweiler' });
  });

  it('are compared once for everybody for a while', async () => {
    const { daysOf, asked } = house(() => -15);
    for (const { id } of sensors) await daysOf(id);
    expect(asked.filter(({ stationIds }) => stationIds.length > 1)).toHaveLength(1);
  });

  it('are worked out anew as long as means of the sensors around are being made', async () => {
    const behind = [sensors[2]!.id];
    const { daysOf, asked } = house(() => -15, { behind });
    const workedOut = () => asked.filter(({ stationIds }) => stationIds.length > 1).length;
    for (const { id } of sensors) await daysOf(id);
    expect(workedOut()).toBe(3);
    behind.pop();
    for (const { id } of sensors) await daysOf(id);
    expect(workedOut()).toBe(4);
  });

  it('are there also when keeping a further month lets the oldest go', async () => {
    const { comparisons } = house(() => -15);
    // Five thousand months, January first: as many as are kept.
    await comparisons.finder(sensors, { quantity: 'pm25', from: JANUARY, to: Date.UTC(2026 + 416, 8) - OFFSET });
    const find = await comparisons.finder(sensors, { quantity: 'pm25', from: JANUARY - DAY_MS, to: JANUARY + DAY_MS });
    expect(find(sensors[0]!.id, 'sds011', JANUARY)).toMatchObject({ month: '2026-01', u: 30 });
    expect(find(sensors[0]!.id, 'sds011', JANUARY - DAY_MS)).toBeUndefined();
  });
});

describe('the uncertainty of a row', () => {
  it.each<[string, UncertainRow]>([
    ['no mean', dayRow('sensor0001', JANUARY, null)],
    ['a mean below nothing', dayRow('sensor0001', JANUARY, -1)],
    ['what no figure is laid down for', dayRow('sensor0001', JANUARY, 20, { quantity: 'temperature' })],
    ['what an official station measured', dayRow('official00', JANUARY, 20, { sensor: 'official' })],
  ])('is none of %s', (_what, row) => {
    expect(row).not.toHaveProperty('uncertainty');
    expect(row).not.toHaveProperty('uncertaintyFrom');
  });

  it('is the directive’s where nothing was compared, for both sizes of particles', () => {
    expect(dayRow('sensor0001', JANUARY, 20)).toMatchObject({ uncertainty: 8.8, uncertaintyFrom: 'directive' });
    const coarse = dayRow('sensor0001', JANUARY, 20, { quantity: 'pm10' });
    expect(coarse).toMatchObject({ uncertainty: 22.5, uncertaintyFrom: 'directive' });
  });

  it.each([
    ['a day', 24, 40],
    ['a day of 25 hours', 25, 40],
    ['more than a day, of which only the bias lasts', 26, 20],
  ])('beside a comparison is that of %s', (_what, hours, uncertainty) => {
    const row = dayRow('sensor0001', JANUARY, 20);
    const comparison = { u: 40, bias: -10, official: 'Chorweiler' };
    const told = withUncertainty({ ...row, end: row.start + hours * HOUR_MS, comparison });
    expect(told).toMatchObject({ uncertainty, uncertaintyFrom: 'comparison' });
  });

  it('over several parts rests on those with a mean that were compared', () => {
    const part = (mean: number | null, u?: number, bias = 0, name = 'Chorweiler') => ({
      ...dayRow('sensor0001', JANUARY, mean),
      ...(u !== undefined && { comparison: { u, bias, official: name } }),
    });
    const parts = [part(5, 20, -2), part(5, 10, 4, 'Ebertplatz'), part(null, 90, 50, 'Far'), part(5)];
    expect(comparisonOfParts(parts)).toEqual({ u: 20, bias: 1, official: 'Chorweiler, Ebertplatz' });
    expect(comparisonOfParts(parts.slice(2))).toBeUndefined();
  });
});

describe('a report', () => {
  it('is not called up to date while means of the sensors around are being made: its uncertainty rests on them', async () => {
    const list = new StationList([...sensors, official]);
    const behind = [sensors[2]!.id];
    const { comparisons, measured } = house(() => -15, { behind });
    const reports = createReports({
      store: { raw: async () => [] },
      stationStore: list,
      areas: new AreaDirectory([], () => list.stations()),
      rollups: measured,
      comparisons,
      clock: () => MARCH,
    });
    const asked = { station: sensors[0]!.id, quantity: 'pm25', from: '2026-01-01', to: '2026-01-31' };
    const { question } = readQuestion(asked, { lastClosed: '2026-02-27', dayOffset: '+01:00' });
    const place = reports.place(question!)!;
    // Two at once: the second finds the comparison in the making.
    const both = await Promise.all([reports.report(question!, place), reports.evidence(question!, place)]);
    expect(both.map(({ isUpToDate }) => isUpToDate)).toEqual([false, false]);
    behind.pop();
    expect((await reports.report(question!, place)).isUpToDate).toBe(true);
    expect((await reports.evidence(question!, place)).isUpToDate).toBe(true);
  });
});
