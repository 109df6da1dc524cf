import { describe, expect, it } from '@jest/globals';
import { DAY_MS, HOUR_MS } from '../../../server/domain/durations.ts';
import { inEhrenfeld, MIDNIGHT, officialHours, officialStation, startAreaHouse } from '../../support/areaHouse.ts';

const at = (hours: number) => new Date(MIDNIGHT + hours * HOUR_MS).toISOString();
const FIVE = [...'abcde'];
/** Each station's value rises by 1 an hour; their median at hour h is 12 + h. */
const courses = FIVE.flatMap((letter, place) =>
  Array.from({ length: 26 }, (_, hour) => ({
    stationId: letter.repeat(10),
    ...{ pm25: [8, 10, 12, 14, 90][place]! + hour, from: hour, hours: 1 },
  })),
);

async function house(official: readonly number[], change?: Parameters<typeof officialStation>[0]) {
  const stations = [...FIVE.map((letter) => inEhrenfeld(letter)), officialStation(change)];
  const started = await startAreaHouse(stations, courses);
  await started.store.append(officialHours('z'.repeat(10), official));
  return started;
}

const path = `/api/v1/areas/ehrenfeld/officials?from=${at(0)}&to=${at(24)}`;

describe('official stations of an area', () => {
  it('are compared hour by hour, raw, with distance and type', async () => {
    const { send } = await house(Array.from({ length: 24 }, (_, hour) => 6 + hour / 2));
    const { status, body } = await send('GET', path);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      areaId: 'ehrenfeld',
      quantity: 'pm25',
      window: '1h',
      method: 'official-comparison-1',
    });
    const [official, ...others] = body.officials as Record<string, unknown>[];
    expect(others).toEqual([]);
    expect(official).toMatchObject({
      ...{ name: 'Chorweiler', network: 'LANUV', code: 'DENW053', type: 'background', licence: 'ODbL-1.0' },
      ...{ distanceMetres: { nearest: 1000, farthest: 1000 }, n: 24, state: 'deviates', correlation: 1, slope: 2 },
      ...{ networkMean: 23.5, officialMean: 11.75, bias: 11.75 },
    });
  });

  it('never count in the figure, though they stand in the area', async () => {
    const { send } = await house([1, 1, 1, 1]);
    const { body } = await send('GET', `/api/v1/areas/ehrenfeld?from=${at(0)}&to=${at(2)}`);
    expect(body).toMatchObject({ stationCount: 5, statistics: { count: 5, median: 12.5 } });
  });

  it('agree within what an indicative measurement may be off, and say nothing below 18 common hours', async () => {
    const near = await house(Array.from({ length: 24 }, (_, hour) => 10 + hour));
    expect((await near.send('GET', path)).body.officials).toMatchObject([{ state: 'agrees', bias: 2 }]);
    const few = await house([10, 11, 12]);
    expect((await few.send('GET', path)).body.officials).toMatchObject([{ state: 'unknown', n: 3 }]);
    const none = await house([]);
    expect((await none.send('GET', path)).body.officials).toMatchObject([{ state: 'unknown', n: 0, bias: null }]);
  });

  it('may say the same for hours: that is no stuck instrument, and an hour needs but one value', async () => {
    const { rollups } = await house(Array(24).fill(9));
    const query = {
      stationIds: ['z'.repeat(10)],
      quantity: 'pm25',
      from: MIDNIGHT,
      to: MIDNIGHT + DAY_MS,
    } as const;
    const hours = await rollups.rows({ ...query, window: 'hour' });
    expect(hours.map(({ mean, flags }) => [mean, flags])).toEqual(Array(24).fill([9, []]));
    const [day] = await rollups.rows({ ...query, window: 'day' });
    expect(day).toMatchObject({ mean: 9, parts: { valid: 24, of: 24 } });
    expect(day).not.toHaveProperty('uncertainty');
  });

  it('stand on the page, with a state of its own when the whole network deviates', async () => {
    const { send } = await house(Array.from({ length: 26 }, (_, hour) => 1 + hour / 2));
    const { text } = await send('GET', '/area/ehrenfeld?lang=de');
    expect(text).toContain(
      'Das ganze Netz weicht von der amtlichen Station ab: Es zeigt im Mittel 17,8\u202fµg/m³ mehr.',
    );
    expect(text).toContain('Amtliche Station (Hintergrund), 1,0 km von den Bürgerstationen entfernt.');
    expect(text).toContain('Quelle: LANUV. Lizenz: ODbL-1.0.');
    expect(text).toMatch(/class="course-official" d="M/);
    expect(text).toContain('Quadrate: amtliche Station Chorweiler.');
  });

  it('are at most three, those that measure the quantity before nearer ones that do not', async () => {
    const position = inEhrenfeld('a').position;
    const silent = ['v', 'w', 'x'].map((letter) => ({
      ...officialStation({ position, name: `Nur NO2 ${letter}` }),
      id: letter.repeat(10),
    }));
    const stations = [...FIVE.map((letter) => inEhrenfeld(letter)), ...silent, officialStation()];
    const { send, store } = await startAreaHouse(stations, courses);
    await store.append(officialHours('z'.repeat(10), Array(24).fill(9)));
    const { officials } = (await send('GET', path)).body as { officials: { name: string; n: number }[] };
    expect(officials.map(({ name, n }) => [name, n])).toEqual([
      ['Nur NO2 v', 0],
      ['Nur NO2 w', 0],
      ['Chorweiler', 24],
    ]);
    const { text } = await send('GET', '/area/ehrenfeld?lang=de');
    expect(text).toContain('Quadrate: amtliche Station Chorweiler.');
  });

  it('that are far away or hidden are not shown', async () => {
    const far = await house([1], { position: { lat: 51.3, lon: 7.05 } });
    expect((await far.send('GET', path)).body.officials).toEqual([]);
    const hidden = await house([1], { status: 'hidden' });
    expect((await hidden.send('GET', path)).body.officials).toEqual([]);
    expect((await hidden.send('GET', '/api/v1/areas/bonn/officials')).status).toBe(404);
    expect((await hidden.send('GET', `/api/v1/areas/ehrenfeld/officials?from=${at(100)}`)).status).toBe(400);
  });
});
