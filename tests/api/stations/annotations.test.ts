import { describe, expect, it } from '@jest/globals';
import type { RawPoint, Series, SeriesPoint } from '../../../server/domain/contract.ts';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import { type OwnStation, type Program, startProgram } from '../../support/program.ts';
import { pushOnce, pushUntil } from '../../support/steadyDevice.ts';

const TEN = Date.parse('2026-01-05T10:00:00Z');
const NOON = TEN + 2 * HOUR_MS;
const BARBECUE = { kind: 'barbecue', from: '2026-01-05T11:10:00Z', to: '2026-01-05T11:40:00Z' };

/** A station with two hours of readings up to noon: 10 µg/m³, and 100 while somebody grills. */
async function stationWithBarbecue() {
  const clock = { now: TEN };
  const program = await startProgram({ clock: () => clock.now });
  const station = await program.addStation('esp8266-15303512');
  const isGrilling = (at: number) => at >= Date.parse(BARBECUE.from) && at < Date.parse(BARBECUE.to);
  await pushUntil({ program, station, clock }, NOON, (at) => ({
    SDS_P1: '20.00',
    SDS_P2: isGrilling(at) ? '100.00' : '10.00',
    interval: '146000',
  }));
  return { program, station, clock };
}

const annotationsOf = ({ id }: OwnStation) => `/api/v1/stations/${id}/annotations`;

async function seriesOf(program: Program, station: OwnStation, query: string): Promise<Series> {
  const path = `/api/v1/stations/${station.id}/series?quantity=pm25&from=2026-01-05T10:00:00Z&to=2026-01-05T12:00:00Z&`;
  return JSON.parse((await program.get(path + query)).text);
}

describe('a period its owner marked', () => {
  it('marks the points it touches and travels with the series, which counts them all the same', async () => {
    const { program, station } = await stationWithBarbecue();
    const before = await seriesOf(program, station, 'window=1h');
    const made = await program.send('POST', annotationsOf(station), { body: BARBECUE, key: station.ownerKey });
    expect(made.status).toBe(201);
    const hours = await seriesOf(program, station, 'window=1h');
    const points = hours.points as SeriesPoint[];
    expect(points.map(({ flags }) => flags)).toEqual([[], ['pm25-above-pm10', 'annotated']]);
    expect(points.map(({ mean }) => mean)).toEqual((before.points as SeriesPoint[]).map(({ mean }) => mean));
    expect(points[1]?.mean).toBeGreaterThan(40);
    expect(hours.annotations).toEqual([
      {
        id: JSON.parse(made.text).id,
        kind: 'barbecue',
        from: '2026-01-05T11:10:00.000Z',
        to: '2026-01-05T11:40:00.000Z',
      },
    ]);
    const raw = (await seriesOf(program, station, 'window=raw')).points as RawPoint[];
    const marked = raw.filter(({ flags }) => flags.includes('annotated'));
    expect(new Set(marked.map(({ value }) => value))).toEqual(new Set([100]));
    expect(marked).toHaveLength(12);
  });

  it('is left out of a second figure that says so', async () => {
    const { program, station } = await stationWithBarbecue();
    await program.send('POST', annotationsOf(station), { body: BARBECUE, key: station.ownerKey });
    const hours = await seriesOf(program, station, 'window=1h&without=annotated');
    expect(hours.without).toBe('annotated');
    const points = hours.points as SeriesPoint[];
    expect(points.map(({ mean, count }) => [mean, count])).toEqual([
      [10, 24],
      [null, 0],
    ]);
    const quarters = (await seriesOf(program, station, 'window=15m&without=annotated')).points as SeriesPoint[];
    expect(quarters.map(({ mean }) => mean)).toEqual([10, 10, 10, 10, null, null, null, 10]);
    const raw = (await seriesOf(program, station, 'window=raw&without=annotated')).points as RawPoint[];
    expect(new Set(raw.map(({ value }) => value))).toEqual(new Set([10]));
  });

  it('has a column in CSV files, which say whether it counts', async () => {
    const { program, station } = await stationWithBarbecue();
    await program.send('POST', annotationsOf(station), { body: BARBECUE, key: station.ownerKey });
    const path = `/api/v1/stations/${station.id}/series?quantity=pm25&format=csv&from=2026-01-05T10:00:00Z&to=2026-01-05T12:00:00Z`;
    const { text } = await program.get(path);
    const lines = text.trimEnd().split('\n');
    expect(lines.at(-1)).toMatch(/,24,24,1,pm25-above-pm10 annotated,\d,barbecue,19.25,,directive$/);
    expect(lines.find((line) => line.startsWith('start,'))).toMatch(/,annotations,uncertainty,raw,uncertaintyFrom$/);
    expect(text).toContain('count all the same');
    const without = await program.get(`${path}&without=annotated`);
    expect(without.headers.get('content-disposition')).toContain('-without-annotated.csv');
    expect(without.text).toContain('# WITHOUT the periods');
    expect((await program.get(`${path}&window=raw`)).text).toMatch(/,100,pm25-above-pm10 annotated,barbecue\n/);
  });

  it('can be taken back, and listed by anyone', async () => {
    const { program, station } = await stationWithBarbecue();
    const made = await program.send('POST', annotationsOf(station), { body: BARBECUE, key: station.ownerKey });
    const { id } = JSON.parse(made.text);
    expect(JSON.parse((await program.get(annotationsOf(station))).text).annotations).toHaveLength(1);
    const path = `${annotationsOf(station)}/${id}`;
    expect((await program.send('DELETE', path)).status).toBe(401);
    expect((await program.send('DELETE', path, { key: station.ownerKey })).status).toBe(204);
    expect((await program.send('DELETE', path, { key: station.ownerKey })).status).toBe(404);
    expect(JSON.parse((await program.get(annotationsOf(station))).text)).toEqual({ annotations: [] });
  });

  it('is refused from strangers, out of the list, upside down, too long or too far ahead', async () => {
    const { program, station } = await stationWithBarbecue();
    const other = await program.addStation('esp8266-999');
    const answers = await Promise.all(
      [
        { body: BARBECUE, key: other.ownerKey },
        { body: BARBECUE },
        { body: { ...BARBECUE, kind: 'the neighbour at no. 12' }, key: station.ownerKey },
        { body: { ...BARBECUE, note: 'free text' }, key: station.ownerKey },
        { body: { ...BARBECUE, from: BARBECUE.to, to: BARBECUE.from }, key: station.ownerKey },
        { body: { ...BARBECUE, from: '2024-01-05T11:10:00Z' }, key: station.ownerKey },
        { body: { ...BARBECUE, to: '2026-05-05T11:10:00Z' }, key: station.ownerKey },
      ].map((options) => program.send('POST', annotationsOf(station), options)),
    );
    expect(answers.map(({ status }) => status)).toEqual([403, 401, 400, 400, 400, 400, 400]);
  });

  it('outlives a restart, and two made at once both count', async () => {
    const { program, station, clock } = await stationWithBarbecue();
    const others = ['stove', 'traffic', 'fireworks'].map((kind) => ({ ...BARBECUE, kind }));
    await Promise.all(
      others.map((body) => program.send('POST', annotationsOf(station), { body, key: station.ownerKey })),
    );
    await program.close();
    const again = await startProgram({ dataDir: program.dataDir, clock: () => clock.now });
    const { annotations } = JSON.parse((await again.get(annotationsOf(station))).text);
    expect(annotations.map(({ kind }: { kind: string }) => kind).sort()).toEqual(['fireworks', 'stove', 'traffic']);
  });
});

describe('a change of device or place', () => {
  it('goes on in the same series, with a mark; the old device is refused', async () => {
    const { program, station, clock } = await stationWithBarbecue();
    const body = { deviceId: 'esp8266-777', replaces: station.deviceId };
    const path = `/api/v1/stations/${station.id}/devices`;
    const bound = await program.send('POST', path, { body, key: station.ownerKey });
    expect(bound.status).toBe(201);
    expect(await pushOnce(program, station, { SDS_P2: '11.00' })).toBe(401);
    const device = { ...station, ...JSON.parse(bound.text) };
    clock.now += 60_000;
    expect(await pushOnce(program, device, { SDS_P2: '12.00' })).toBe(204);
    const later = await program.get(
      `/api/v1/stations/${station.id}/series?quantity=pm25&window=raw&from=2026-01-05T11:56:00Z&to=2026-01-05T12:10:00Z`,
    );
    const both: Series = JSON.parse(later.text);
    expect((both.points as RawPoint[]).map(({ value }) => value)).toEqual([10, 12]);
    expect(both.marks).toEqual([{ kind: 'device-changed', at: '2026-01-05T12:00:00.000Z' }]);
    const file = await program.get(
      `/api/v1/stations/${station.id}/series?quantity=pm25&from=2026-01-05T11:00:00Z&format=csv`,
    );
    expect(file.text).toContain('# Change in the series: 2026-01-05T12:00:00.000Z device-changed\n');
  });

  it('leaves no mark when a device that never measured is replaced, nor when the place is corrected', async () => {
    const clock = { now: TEN };
    const program = await startProgram({ clock: () => clock.now });
    const station = await program.addStation('esp8266-1111');
    const { id, ownerKey: key } = station;
    await program.send('POST', `/api/v1/stations/${id}/devices`, {
      body: { deviceId: 'esp8266-2222', replaces: 'esp8266-1111' },
      key,
    });
    await program.send('PATCH', `/api/v1/stations/${id}`, { body: { position: { lat: 51.5, lon: 7 } }, key });
    expect((await seriesOf(program, station, 'window=1h')).marks).toEqual([]);
    const bound = await program.send('POST', `/api/v1/stations/${id}/devices`, {
      body: { deviceId: 'esp8266-2222' },
      key,
    });
    await pushOnce(program, { ...station, ...JSON.parse(bound.text) }, { SDS_P2: '12.00' });
    const corrected = { position: { lat: 51.51, lon: 7 }, positionChange: 'corrected' };
    await program.send('PATCH', `/api/v1/stations/${id}`, { body: corrected, key });
    expect((await seriesOf(program, station, 'window=1h')).marks).toEqual([]);
    await program.send('PATCH', `/api/v1/stations/${id}`, { body: { position: { lat: 51.52, lon: 7 } }, key });
    await program.send('PATCH', `/api/v1/stations/${id}`, { body: { sensorModels: ['sps30'] }, key });
    expect((await seriesOf(program, station, 'window=1h')).marks).toEqual([
      { kind: 'moved', at: '2026-01-05T10:00:00.000Z' },
    ]);
  });

  it('refuses to replace a device that stands elsewhere', async () => {
    const program = await startProgram();
    const station = await program.addStation('esp8266-1111');
    const other = await program.addStation('esp8266-3333');
    const body = { deviceId: 'esp8266-2222', replaces: other.deviceId };
    const answer = await program.send('POST', `/api/v1/stations/${station.id}/devices`, {
      body,
      key: station.ownerKey,
    });
    expect(answer.status).toBe(404);
    expect(await pushOnce(program, other, { SDS_P2: '12.00' })).toBe(204);
  });
});
