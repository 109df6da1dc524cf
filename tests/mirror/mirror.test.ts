import { describe, expect, it } from '@jest/globals';
import { flagBit } from '../../server/domain/flag.ts';
import type { Reading } from '../../server/domain/reading.ts';
import { mirrorRows } from '../../server/mirror/mirrorRecords.ts';
import { isRefusal } from '../../server/store/stationStore.ts';
import { NOW } from '../archive/archiveHouse.ts';
import { CAPTURES, captured } from '../sensorCommunity/records.ts';
import { DRESDEN, EVERYWHERE, recordAt, START, startMirror } from './mirrorHouse.ts';

describe('records of sensor.community', () => {
  it('are read as the captures have them, from their region only, indoor ones not at all', () => {
    // Captures of 2018 and 2019 are from before the files said indoors or outdoors.
    const records = CAPTURES.flatMap(captured).map((record) => ({
      ...record,
      location: { ...record.location, indoor: record.location.indoor ?? 0 },
    }));
    const rows = mirrorRows(records, EVERYWHERE)!;
    const outdoor = records.filter(({ location }) => location.indoor === 0);
    expect(rows).toHaveLength(outdoor.length);
    expect(
      mirrorRows(records, { lat: 52.54, lon: 13.37, kilometres: 1 })!.map(({ source }) => source.sensorId),
    ).toEqual([2129, 2130, 2129, 2130]);
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
    const [row] = mirrorRows([{ ...record, location: { ...record.location, country } }], DRESDEN)!;
    expect(row?.country).toBe(code);
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
    const [row, ...more] = mirrorRows([...bad, good], DRESDEN)!;
    expect([row?.message.sensors[0]?.values, more]).toEqual([{ pm10: 12 }, []]);
    expect(mirrorRows({ error: 'busy' }, DRESDEN)).toBeUndefined();
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

  /** A host's own station beside the mirrored one, which sends the same values to both. */
  async function withDouble(sensorCommunityId?: number) {
    const town = await startMirror();
    const made = await town.registry.addStation({
      ...{ name: 'Balkon', position: { lat: 51.0441, lon: 13.7458 }, isIndoor: false, sensorModels: ['sds011'] },
      ...{ status: 'active', source: 'direct', licence: 'ODbL-1.0' },
      ...(sensorCommunityId !== undefined && { sensorCommunityId }),
    });
    if (isRefusal(made)) throw new Error(made.refused);
    const own = made.station.id;
    const push = async (at: number, pm25: number, flags = 0) => {
      const reading: Reading = {
        stationId: own,
        sensor: 'sds011',
        measuredAt: at,
        values: { pm25, pm10: pm25 + 5 },
        flags,
      };
      town.recent.note(reading);
      await town.store.append([{ stationId: own, measuredAt: at, receivedAt: at, health: {}, readings: [reading] }]);
    };
    /** One cycle: there 3 s before here; `other`: there something else. */
    const cycle = async (step: number, other = 0, flags = 0) => {
      town.clock.now = START + step * 149_000;
      const pm25 = 10.25 + step;
      await push(town.clock.now, pm25, flags);
      town.publish([recordAt(town.clock.now - 3_000, { P1: (pm25 + 5 + other).toFixed(2), P2: pm25.toFixed(2) })]);
      await town.mirror.once();
    };
    const mirrored = () => town.registry.stations().find(({ source }) => source === 'mirror');
    const station = () => town.registry.station(own)!;
    return { ...town, own, cycle, mirrored, station };
  }

  it('leaves a suspected double out of figures and says why', async () => {
    const { cycle, mirrored } = await withDouble();
    for (const step of [1, 2]) await cycle(step);
    expect(mirrored()?.status).toBe('active');
    await cycle(3);
    expect(mirrored()).toMatchObject({ status: 'excluded', statusReason: expect.stringContaining('“Balkon”') });
  });

  it('makes one station of two when its host named the sensor and values agree, with the history of both', async () => {
    const { cycle, mirrored, station, publish, mirror, registry, own, readings, clock } = await withDouble(39_300);
    for (let day = 3; day > 0; day--) {
      publish([recordAt(NOW - day * 3_600_000, { P1: '9.00', P2: `${day}.00` })]);
      await mirror.once();
    }
    for (const step of [1, 2, 3]) await cycle(step);
    expect(mirrored()).toBeUndefined();
    expect(station().externalIds).toEqual(['sensor.community:39300', 'sensor.community-location:25019']);
    expect(station().sensorCommunityId).toBeUndefined();
    const all = await readings();
    expect(new Set(all.map(({ stationId }) => stationId))).toEqual(new Set([own]));
    expect(all.map(({ values }) => values.pm25)).toEqual([3, 2, 1, 11.25, 12.25, 13.25]);
    await cycle(4);
    expect([registry.stations().length, (await readings()).length]).toEqual([1, 7]);
    expect(clock.now).toBe(START + 4 * 149_000);
  });

  it('believes no time of the sender’s own choosing', async () => {
    const { cycle, mirrored } = await withDouble(39_300);
    for (const step of [1, 2, 3, 4]) await cycle(step, 0, flagBit('claimed'));
    expect(mirrored()?.status).toBe('active');
  });

  it('believes no number without values that agree', async () => {
    const { cycle, mirrored, station } = await withDouble(39_300);
    for (const step of [1, 2, 3, 4]) await cycle(step, 1);
    expect([mirrored()?.status, station().sensorCommunityId, station().externalIds]).toEqual(['active', 39_300, []]);
  });
});
