import { describe, expect, it } from '@jest/globals';
import { areaSchema, areaSeriesSchema, areasSchema } from '../../../server/api/areas/areaViews.ts';
import { HOUR_MS } from '../../../server/domain/durations.ts';
import { inEhrenfeld, MIDNIGHT, startAreaHouse } from '../../support/areaHouse.ts';

const at = (hours: number) => new Date(MIDNIGHT + hours * HOUR_MS).toISOString();
const YESTERDAY = `from=${at(0)}&to=${at(24)}`;

/** Five stations of a whole day with means 8, 10, 12, 14 and 90; more may be added. */
const FIVE = [...'abcde'].map((letter, place) => ({ letter, pm25: [8, 10, 12, 14, 90][place]! }));
const stationsOf = (letters: readonly { letter: string }[]) => letters.map(({ letter }) => inEhrenfeld(letter));
const coursesOf = (letters: readonly { letter: string; pm25: number }[]) =>
  letters.map(({ letter, pm25 }) => ({ stationId: letter.repeat(10), pm25, hours: 24 }));

describe('GET /areas/{id}', () => {
  it('gives the median of the stations valid over the whole window, with quartiles and each station’s part', async () => {
    const { send } = await startAreaHouse(
      [...stationsOf(FIVE), inEhrenfeld('f', { siting: 'garden' }), inEhrenfeld('g')],
      [...coursesOf(FIVE), { stationId: 'f'.repeat(10), pm25: 1, hours: 17 }],
    );
    const { status, body } = await send('GET', `/api/v1/areas/ehrenfeld?${YESTERDAY}`);
    expect(status).toBe(200);
    expect(areaSchema.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({
      ...{ id: 'ehrenfeld', name: 'Ehrenfeld', stationCount: 7, quantity: 'pm25', unit: 'µg/m³' },
      ...{ from: at(0), to: at(24), method: 'area-median-1', meanMethod: 'clock-mean-1' },
      statistics: {
        ...{ state: 'ok', count: 5, median: 12, lowerQuartile: 10, upperQuartile: 14, min: 8, max: 90, tolerates: 2 },
        // 35 % of 12 is less than the directive's 8.8 for a day.
        ...{ uncertainty: 8.8, leftOut: { indoor: 0, unknownIndoor: 0, excluded: 0, withoutValidMean: 2 } },
        ...{ sensorModels: { sds011: 5 }, sitings: { unknown: 5 }, flags: [] },
      },
    });
    const stations = body.stations as { id: string; mean: number | null; isCounted: boolean; parts: object }[];
    expect(stations.map(({ mean, isCounted }) => [mean, isCounted])).toEqual([
      ...[8, 10, 12, 14, 90].map((mean) => [mean, true]),
      [null, false],
      [null, false],
    ]);
  });

  it('names the instrument of the quantity of a station without a mean, not another one it has', async () => {
    const stations = [
      inEhrenfeld('a', { sensorModels: ['dht22', 'sds011'] }),
      inEhrenfeld('b', { sensorModels: ['dht22'] }),
    ];
    const { send } = await startAreaHouse(stations, []);
    const { body } = await send('GET', `/api/v1/areas/ehrenfeld?${YESTERDAY}`);
    const modelsOf = (body.stations as { sensorModel: string }[]).map(({ sensorModel }) => sensorModel);
    expect(modelsOf).toEqual(['sds011', 'unknown']);
    const page = await send('GET', `/area/ehrenfeld?lang=de`);
    expect(page.text).toContain('Sensor nicht angegeben');
    expect(page.text).not.toContain('DHT22');
  });

  it('takes a station’s mean of exactly the window, of hours where it does not hold whole days', async () => {
    const stations = stationsOf(FIVE.slice(0, 3));
    const { send } = await startAreaHouse(stations, [
      // Its day is not valid, but its afternoon is; another was twice as high before noon.
      { stationId: 'a'.repeat(10), pm25: 20, from: 12, hours: 12 },
      { stationId: 'b'.repeat(10), pm25: 60, hours: 12 },
      { stationId: 'b'.repeat(10), pm25: 30, from: 12, hours: 12 },
      { stationId: 'c'.repeat(10), pm25: 40, hours: 24 },
    ]);
    const medianOf = async (query: string) => {
      const { statistics } = (await send('GET', `/api/v1/areas/ehrenfeld?${query}`)).body as { statistics: object };
      return statistics;
    };
    expect(await medianOf(YESTERDAY)).toMatchObject({ state: 'too-few', count: 2, median: null, uncertainty: null });
    expect(await medianOf(`from=${at(12)}&to=${at(24)}`)).toMatchObject({ count: 3, median: 30, lowerQuartile: null });
    // Cut to full hours.
    expect(await medianOf(`from=${at(12.4)}&to=${at(24.4)}`)).toMatchObject({ count: 3, median: 30 });
  });

  it('counts neither indoor nor excluded stations, and says so; nothing of those that are not public', async () => {
    const { send } = await startAreaHouse(
      [
        ...stationsOf(FIVE.slice(0, 3)),
        inEhrenfeld('d', { status: 'excluded', statusReason: 'steht am Grill' }),
        inEhrenfeld('e', { isIndoor: true, isPublishedIndoor: true }),
        inEhrenfeld('f', { isIndoor: true }),
        inEhrenfeld('g', { status: 'hidden' }),
      ],
      coursesOf([...FIVE, { letter: 'f', pm25: 1 }, { letter: 'g', pm25: 1 }]),
    );
    const { body, text } = await send('GET', `/api/v1/areas/ehrenfeld?${YESTERDAY}`);
    expect(body.statistics).toMatchObject({ count: 3, median: 10, leftOut: { indoor: 1, excluded: 1 } });
    expect(body.stationCount).toBe(5);
    expect(text).not.toMatch(/f{10}|g{10}/);
    expect(text).toContain('steht am Grill');
  });

  it('counts a station where it stood at the time, before and after it was moved', async () => {
    const porz = { lat: 51.05, lon: 7.15 };
    const ehrenfeld = { lat: 51.05, lon: 7.05 };
    const moved = (letter: string, hour: number) =>
      inEhrenfeld(letter, {
        position: porz,
        formerPlaces: [{ position: ehrenfeld, until: MIDNIGHT + hour * HOUR_MS }],
      });
    const { send } = await startAreaHouse(
      [...stationsOf(FIVE.slice(0, 2)), moved('c', 12), moved('d', 24)],
      coursesOf(FIVE.slice(0, 4)),
    );
    const membersOf = async (area: string, query: string) => {
      const { body } = await send('GET', `/api/v1/areas/${area}?${query}`);
      const { stations, statistics } = body as {
        stations: { id: string; isCounted: boolean }[];
        statistics: { median: number | null };
      };
      return [
        stations
          .filter(({ isCounted }) => isCounted)
          .map(({ id }) => id[0])
          .join(''),
        statistics.median,
      ];
    };
    // The day: "d" moved when it had ended, "c" at noon and is valid nowhere.
    expect(await membersOf('ehrenfeld', YESTERDAY)).toEqual(['abd', 10]);
    expect(await membersOf('porz', YESTERDAY)).toEqual(['', null]);
    expect(await membersOf('ehrenfeld', `from=${at(0)}&to=${at(12)}`)).toEqual(['abcd', 11]);
    const { stations } = (await send('GET', `/api/v1/areas/ehrenfeld?from=${at(0)}&to=${at(12)}`)).body;
    expect(new Set((stations as { lon: number }[]).map(({ lon }) => lon.toFixed(2)))).toEqual(new Set(['7.05']));
    expect(await membersOf('porz', `from=${at(12)}&to=${at(23)}`)).toEqual(['c', null]);
    const { body } = await send('GET', `/api/v1/areas/ehrenfeld/series?window=1h&from=${at(11)}&to=${at(13)}`);
    expect((body.points as { count: number }[]).map(({ count }) => count)).toEqual([4, 3]);
    const list = (await send('GET', `/api/v1/areas?${YESTERDAY}`)).body.areas as { statistics: { count: number } }[];
    expect(list.map(({ statistics }) => statistics.count)).toEqual([3, 0]);
  });

  it('has no figure of a window that has not ended', async () => {
    const { send, time } = await startAreaHouse(stationsOf(FIVE), coursesOf(FIVE));
    time.now = MIDNIGHT + 20.5 * HOUR_MS;
    const { body } = await send('GET', `/api/v1/areas/ehrenfeld?${YESTERDAY}`);
    expect(body.statistics).toMatchObject({ state: 'too-few', median: null, flags: ['open'] });
    const { from, to, statistics } = (await send('GET', '/api/v1/areas/ehrenfeld')).body as Record<string, unknown>;
    expect([from, to]).toEqual([at(-4), at(20)]);
    expect(statistics).toMatchObject({ median: 12, flags: [] });
  });

  it('is told from an unknown one, and a wrong query from a right one', async () => {
    const { send } = await startAreaHouse([], []);
    expect((await send('GET', '/api/v1/areas/porz')).body).toMatchObject({ stationCount: 0, stations: [] });
    expect((await send('GET', '/api/v1/areas/bonn')).status).toBe(404);
    expect((await send('GET', '/api/v1/areas/bonn/series')).status).toBe(404);
    expect((await send('GET', `/api/v1/areas/porz?from=${at(2)}&to=${at(1)}`)).status).toBe(400);
    expect((await send('GET', '/api/v1/areas/porz?quantity=pm2')).status).toBe(400);
  });
});

describe('GET /areas', () => {
  it('lists every district with its figure, those without stations too', async () => {
    const { send } = await startAreaHouse(stationsOf(FIVE), coursesOf(FIVE));
    const { body } = await send('GET', `/api/v1/areas?quantity=pm10&${YESTERDAY}`);
    expect(areasSchema.safeParse(body).error).toBeUndefined();
    expect(body.areas).toMatchObject([
      { id: 'ehrenfeld', bbox: [7, 51, 7.1, 51.1], stationCount: 5, statistics: { count: 5, median: 36.5 } },
      { id: 'porz', stationCount: 0, statistics: { count: 0, median: null } },
    ]);
  });
});

describe('GET /areas/{id}/series', () => {
  it('gives each hour its own median, and empty hours none', async () => {
    const { send } = await startAreaHouse(stationsOf(FIVE), coursesOf(FIVE));
    const { body } = await send('GET', `/api/v1/areas/ehrenfeld/series?window=1h&from=${at(22)}&to=${at(26)}`);
    expect(areaSeriesSchema.safeParse(body).error).toBeUndefined();
    expect(body).toMatchObject({ areaId: 'ehrenfeld', window: '1h', day: '+01:00', method: 'area-median-1' });
    const points = body.points as { start: string; median: number | null; count: number }[];
    expect(points.map(({ start, median, count }) => [start, median, count])).toEqual([
      [at(22), 12, 5],
      [at(23), 12, 5],
      [at(24), null, 0],
      [at(25), null, 0],
    ]);
  });

  it('gives days as the stations’ own days, and marks the open one', async () => {
    const { send } = await startAreaHouse(stationsOf(FIVE), coursesOf(FIVE));
    const { body } = await send('GET', `/api/v1/areas/ehrenfeld/series?window=1d&from=${at(3)}&to=${at(26)}`);
    expect(body.points).toMatchObject([
      { start: at(0), median: 12, flags: [] },
      { start: at(24), median: null, flags: ['open'] },
    ]);
    const year = await send('GET', `/api/v1/areas/ehrenfeld/series?window=1y&from=${at(3)}&to=${at(26)}`);
    expect(year.body.points).toMatchObject([{ start: '2025-12-31T23:00:00.000Z', flags: ['open'] }]);
  });

  it('comes as a file that says what it is', async () => {
    const { send } = await startAreaHouse(stationsOf(FIVE), coursesOf(FIVE));
    const answer = await send('GET', `/api/v1/areas/ehrenfeld/series?window=1d&format=csv&from=${at(0)}&to=${at(24)}`);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.text).toContain('# Bürgermessung, kein amtlicher Messwert.');
    expect(answer.text.trim().split('\n').slice(-2)).toEqual([
      'start,median,lowerQuartile,upperQuartile,min,max,stations,state,uncertainty,indoor,unknownIndoor,excluded,withoutValidMean,uncertaintyFrom',
      `${at(0)},12,10,14,8,90,5,ok,8.8,0,0,0,0,directive`,
    ]);
  });

  it('refuses what would take too long', async () => {
    const stations = Array.from({ length: 60 }, (_, i) =>
      inEhrenfeld('a', { id: `station${String(i).padStart(3, '0')}` }),
    );
    const { send } = await startAreaHouse(stations, []);
    const { status, body } = await send('GET', '/api/v1/areas/ehrenfeld/series?from=2020-01-01T00:00:00Z');
    expect([status, body.type]).toEqual([400, expect.stringContaining('too-many-points')]);
  });
});

describe('while means are being made anew', () => {
  it.each([
    ['', areasSchema],
    ['/ehrenfeld', areaSchema],
    ['/ehrenfeld/series', areaSeriesSchema],
  ])('/areas%s says so and is kept by no cache', async (path, schema) => {
    const { send, rollups } = await startAreaHouse(stationsOf(FIVE), coursesOf(FIVE));
    const state = { isUpToDate: false };
    rollups.upToDate = async () => state.isUpToDate;
    const behind = await send('GET', `/api/v1/areas${path}?${YESTERDAY}`);
    expect([behind.status, behind.headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(behind.body).toMatchObject({ isUpToDate: false });
    expect(schema.safeParse(behind.body).error).toBeUndefined();
    state.isUpToDate = true;
    const after = await send('GET', `/api/v1/areas${path}?${YESTERDAY}`);
    expect(after.headers.get('cache-control')).toBe('public, max-age=60');
    expect(after.body).not.toHaveProperty('isUpToDate');
  });

  it('a course as CSV is refused: what is saved does not change', async () => {
    const { send, rollups } = await startAreaHouse(stationsOf(FIVE), coursesOf(FIVE));
    rollups.upToDate = async () => false;
    const refused = await send('GET', `/api/v1/areas/ehrenfeld/series?format=csv&${YESTERDAY}`);
    expect([refused.status, refused.body.code, refused.headers.get('retry-after')]).toEqual([
      503,
      'means-behind',
      expect.any(String),
    ]);
  });

  it.each(['/area', '/area/ehrenfeld', `/station/${'a'.repeat(10)}`, `/compare?stations=${'a'.repeat(10)}`])(
    '%s says so also of what was ready only after it had been read',
    async (path) => {
      const { send, rollups } = await startAreaHouse(stationsOf(FIVE), coursesOf(FIVE));
      const state = { isUpToDate: false };
      rollups.upToDate = async () => state.isUpToDate;
      const rows = rollups.rows.bind(rollups);
      rollups.rows = async (query) => {
        state.isUpToDate = true;
        return rows(query);
      };
      expect((await send('GET', path)).text).toContain('noch nicht auf dem neuesten Stand');
      expect((await send('GET', path)).text).not.toContain('noch nicht auf dem neuesten Stand');
    },
  );
});
