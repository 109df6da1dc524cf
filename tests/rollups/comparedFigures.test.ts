import { expect, it } from '@jest/globals';
import { UNCERTAINTY_VERSION } from '../../server/domain/correction/uncertainty.ts';
import { DAY_MS } from '../../server/domain/durations.ts';
import { startWithReference } from '../support/referenceHouse.ts';

/** First and last day of the month before a time, at UTC+1. */
function monthBefore(at: number): { from: Date; to: Date } {
  const local = new Date(at + 3_600_000);
  const [year, month] = [local.getUTCFullYear(), local.getUTCMonth()];
  return { from: new Date(Date.UTC(year, month - 1, 1)), to: new Date(Date.UTC(year, month, 0)) };
}

it('a series, a report and the days above carry what the official station near them shows', async () => {
  const now = Date.now();
  const server = await startWithReference({ now, hours: 62 * 24, hasReference: true });
  const get = async (path: string) => (await (await fetch(server.url + path)).json()) as Record<string, unknown>;
  const { features } = await get('/api/v1/stations');
  const { id } = (features as { properties: { id: string; sensorModels: string[] } }[]).find(
    ({ properties }) => properties.sensorModels[0] === 'sds011',
  )!.properties;
  const { from, to } = monthBefore(now);
  const isoDay = (date: Date) => date.toISOString().slice(0, 10);
  const range = `from=${isoDay(from)}T00:00:00%2B01:00&to=${isoDay(new Date(to.getTime() + DAY_MS))}T00:00:00%2B01:00`;
  const points = async (query: string) => {
    const series = await get(`/api/v1/stations/${id}/series?quantity=pm25&${query}&${range}`);
    if (!query.includes('window=raw')) expect(series.uncertaintyMethod).toBe(UNCERTAINTY_VERSION);
    return series.points as { mean: number; uncertainty: number; uncertaintyFrom: string }[];
  };
  // The sensors measure twice what the station does, about 16 instead of 8.
  const [day] = await points('window=1d');
  expect(day).toMatchObject({ uncertaintyFrom: 'comparison' });
  expect(day!.uncertainty).toBeGreaterThan(14);
  const [hour] = await points('window=1h');
  expect(hour).toMatchObject({ uncertainty: day!.uncertainty, uncertaintyFrom: 'comparison' });
  const [month] = await points('window=1mo');
  expect(month).toMatchObject({ uncertaintyFrom: 'comparison' });
  expect(month!.uncertainty / month!.mean).toBeCloseTo(1, 1);
  const [corrected] = await points('window=1d&method=reference-ratio');
  expect(corrected).toMatchObject({ uncertainty: 8.8, uncertaintyFrom: 'directive' });
  const ledger = await get(`/api/v1/days-above?station=${id}&quantity=pm25&rule=who&year=${from.getUTCFullYear()}`);
  const lines = ledger.lines as { date: string; uncertainty: number; uncertaintyFrom: string }[];
  const line = lines.find(({ date }) => date === isoDay(from))!;
  expect(line.uncertaintyFrom).toBe('comparison');
  expect(line.uncertainty).toBeCloseTo(day!.uncertainty, 2);
  const page = `/report?station=${id}&quantity=pm25&from=${isoDay(from)}&to=${isoDay(to)}&lang=de`;
  const text = await (await fetch(server.url + page)).text();
  expect(text).toContain('so weit wichen Sensoren dieser Bauart hier von den amtlichen Werten ab (Chorweiler)');
});
