import { describe, expect, it } from '@jest/globals';
import { mirrorRows } from '../../server/mirror/mirrorRecords.ts';
import { NOW } from '../archive/archiveHouse.ts';
import { CAPTURES, captured } from '../sensorCommunity/records.ts';
import { DRESDEN, EVERYWHERE, recordAt, startMirror } from './mirrorHouse.ts';

describe('records of sensor.community', () => {
  it('are read as the captures have them, from their region only, indoor ones not at all', () => {
    // Captures of 2018 and 2019 are from before the files said indoors or outdoors.
    const records = CAPTURES.flatMap(captured).map((record) => ({
      ...record,
      location: { ...record.location, indoor: record.location.indoor ?? 0 },
    }));
    const rows = mirrorRows(records, EVERYWHERE);
    const outdoor = records.filter(({ location }) => location.indoor === 0);
    expect(rows).toHaveLength(outdoor.length);
    expect(mirrorRows(records, { lat: 52.54, lon: 13.37, kilometres: 1 }).map(({ source }) => source.sensorId)).toEqual(
      [2129, 2130, 2129, 2130],
    );
    const bmp = rows.find(({ source }) => source.model === 'bmp180');
    expect(bmp).toMatchObject({
      message: { sensors: [{ values: { pressure: 1012.08, temperature: 23.5 } }] },
      altitudeMetres: 19.5,
    });
    expect(new Set(rows.map(({ country }) => country))).toEqual(
      new Set(['DE', 'BE', 'NL', 'BG', 'AT', 'SE', 'PL', 'GB', 'US', 'CZ']),
    );
    const exact = rows.find(({ source }) => source.sensorId === 3329);
    expect(exact?.source.position).toEqual({ lat: 44.721, lon: 11.289 });
  });

  it.each([undefined, null, 1, '1', true])('do not count when they may be indoors: %j', (indoor) => {
    const record = recordAt(NOW, { P1: '12.00' });
    expect(mirrorRows([record], DRESDEN)).toHaveLength(1);
    expect(mirrorRows([{ ...record, location: { ...record.location, indoor } }], DRESDEN)).toEqual([]);
  });

  it.each([
    ['NL', 'NL'],
    ['nl', 'NL'],
    ['', undefined],
    ['N"', undefined],
    ['Nederland', undefined],
    [null, undefined],
  ])('say their country only by its code: %j is %j', (country, code) => {
    const record = recordAt(NOW, { P1: '12.00' });
    const [row] = mirrorRows([{ ...record, location: { ...record.location, country } }], DRESDEN);
    expect(row?.country).toBe(code);
  });

  it.each([
    ['113.6', 113.6],
    [-12, -12],
    ['0.0', undefined],
    ['', undefined],
    [null, undefined],
    ['-46000', undefined],
    ['1e999', undefined],
    ['99999.0', undefined],
  ])('say their altitude where it can be one: %j is %j', (altitude, metres) => {
    const record = recordAt(NOW, { P1: '12.00' });
    const [row] = mirrorRows([{ ...record, location: { ...record.location, altitude } }], DRESDEN);
    expect(row?.altitudeMetres).toBe(metres);
  });

  it('pass over what cannot be read', () => {
    const good = recordAt(NOW, { P1: '12.00', P2: 'nan', junk: 'x', pressure_at_sealevel: '1' });
    const bad = [
      null,
      3,
      {},
      { ...good, timestamp: 'now' },
      { ...good, location: { ...good.location, latitude: '' } },
      { ...good, sensor: { ...good.sensor, id: 1_000_000_001 } },
      { ...good, sensordatavalues: 'none' },
    ];
    const [row, ...more] = mirrorRows([...bad, good], DRESDEN);
    expect([row?.message.sensors[0]?.values, more]).toEqual([{ pm10: 12 }, []]);
  });
});

describe('the mirror', () => {
  it('asks once, politely, and takes only what is new', async () => {
    const { mirror, upstream, publish, registry, readings } = await startMirror();
    publish([
      recordAt(NOW - 60_000, { P1: '12.43', P2: '7.87' }),
      recordAt(NOW - 60_000, { P1: '1', P2: '1' }, { latitude: '48.1', longitude: '11.5' }),
    ]);
    expect(await mirror.once()).toBe(1);
    expect(await mirror.once()).toBe(0);
    expect(
      upstream.requests.map(({ headers }) => [
        headers['user-agent'],
        headers['if-modified-since'] === upstream.modified,
      ]),
    ).toEqual([
      ['buergerluft/0 (luft@example.org)', false],
      ['buergerluft/0 (luft@example.org)', true],
    ]);
    const [station, ...more] = registry.stations();
    expect(more).toEqual([]);
    expect(station).toMatchObject({
      source: 'mirror',
      licence: 'ODbL-1.0',
      status: 'active',
      altitudeMetres: 628.8,
      externalIds: ['sensor.community:39300', 'sensor.community-location:25019'],
    });
    expect(registry.sensorIdOf(station!.id, 'sds011')).toBe(39_300);
    expect((await readings()).map(({ sensor, measuredAt, values }) => ({ sensor, measuredAt, values }))).toEqual([
      { sensor: 'sds011', measuredAt: NOW - 60_000, values: { pm10: 12.43, pm25: 7.87 } },
    ]);
  });

  it('keeps the country of a place as it is there, also when it is put right; a station of a host has none', async () => {
    const { mirror, publish, registry } = await startMirror();
    const countryAfter = async (minutes: number, country: string) => {
      publish([recordAt(NOW - 600_000 + minutes * 60_000, { P1: '12.43', P2: '7.87' }, { country })]);
      await mirror.once();
      return registry.stations()[0]?.country;
    };
    expect(await countryAfter(0, 'DE')).toBe('DE');
    expect(await countryAfter(1, 'CZ')).toBe('CZ');
    expect(await countryAfter(2, '')).toBe('CZ');
    await registry.updateStation(registry.stations()[0]!.id, { country: undefined, source: 'import' });
    expect(await countryAfter(3, 'CZ')).toBe('CZ');
    await registry.updateStation(registry.stations()[0]!.id, { country: undefined, source: 'direct' });
    expect(await countryAfter(4, 'CZ')).toBeUndefined();
  });

  it.each([
    [{}, '"records":1,"inRegion":1'],
    [{ latitude: '13.746', longitude: '51.044' }, 'no outdoor sensor of sensor.community lies in MIRROR_AREA'],
  ])('says once what it found, and when its circle lies elsewhere: %j', async (place, words) => {
    const { mirror, publish, clock, lines } = await startMirror();
    for (const minutes of [0, 5, 10]) {
      clock.now = NOW + minutes * 60_000;
      publish([recordAt(clock.now - 5_000, { P1: '12.00' }, place)]);
      await mirror.once();
    }
    expect(lines).toEqual([expect.stringContaining(words)]);
  });

  it('waits longer and longer while the other side fails, and as long as it asks', async () => {
    const { mirror, upstream, clock, warnings } = await startMirror();
    const requestsAfter = async (minutes: number) => {
      clock.now += minutes * 60_000;
      await mirror.once();
      return upstream.requests.length;
    };
    upstream.status = 503;
    expect(await requestsAfter(0)).toBe(1);
    expect(await requestsAfter(4)).toBe(1);
    expect(await requestsAfter(1)).toBe(2);
    expect(await requestsAfter(9)).toBe(2);
    upstream.headers['Retry-After'] = '7200';
    expect(await requestsAfter(1)).toBe(3);
    expect(await requestsAfter(119)).toBe(3);
    upstream.status = 200;
    expect(await requestsAfter(1)).toBe(4);
    expect(await requestsAfter(1)).toBe(5);
    upstream.body = '<html>';
    upstream.modified = 'later';
    expect(await requestsAfter(5)).toBe(6);
    expect(warnings).toHaveLength(4);
  });
});
