import { describe, expect, it } from '@jest/globals';
import { flagBit, isValid } from '../../server/domain/assessment/flag.ts';
import { NOW } from '../archive/archiveHouse.ts';
import { recordAt, START, startMirror, withDouble } from './mirrorHouse.ts';

describe('one place, one vote', () => {
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

  it('lets the operator have the last word: taken in again, it is not left out again', async () => {
    const { cycle, mirrored, registry } = await withDouble();
    for (const step of [1, 2, 3]) await cycle(step);
    const { id, status } = mirrored()!;
    expect(status).toBe('excluded');
    await registry.updateStation(id, { status: 'active', statusReason: undefined, exclusion: undefined });
    for (const step of [4, 5, 6, 7]) await cycle(step);
    expect(mirrored()?.status).toBe('active');
  });

  it('takes the double in again when the station here is deleted, or silent for a day', async () => {
    const { cycle, mirrored, registry, own, clock, publish, mirror } = await withDouble();
    for (const step of [1, 2, 3]) await cycle(step);
    const later = async (hours: number) => {
      clock.now = START + hours * 3_600_000;
      publish([recordAt(clock.now - 3_000, { P1: '5.00', P2: '2.00' })]);
      await mirror.once();
      return mirrored();
    };
    expect(await later(23)).toMatchObject({ status: 'excluded' });
    const again = await later(25);
    expect([again?.status, again?.statusReason, again?.exclusion]).toEqual(['active', undefined, undefined]);
    for (const step of [700, 701, 702]) await cycle(step);
    expect(mirrored()?.status).toBe('excluded');
    await registry.removeStation(own);
    expect((await later(31))?.status).toBe('active');
  });

  it.each(['pending', 'hidden'] as const)('takes nobody’s place while it is %s, and is not named', async (status) => {
    for (const named of [undefined, 39_300]) {
      const { cycle, mirrored, station, registry, own } = await withDouble(named);
      await registry.updateStation(own, { status });
      for (const step of [1, 2, 3, 4]) await cycle(step);
      expect([mirrored()?.status, mirrored()?.statusReason, station().externalIds]).toEqual(['active', undefined, []]);
    }
  });

  it('takes the double in again when the station here is hidden', async () => {
    const { cycle, mirrored, registry, own } = await withDouble();
    for (const step of [1, 2, 3]) await cycle(step);
    expect(mirrored()?.status).toBe('excluded');
    await registry.updateStation(own, { status: 'hidden' });
    await cycle(4);
    expect([mirrored()?.status, mirrored()?.statusReason]).toEqual(['active', undefined]);
  });

  it('ends a merge that a crash cut short', async () => {
    const { cycle, mirrored, registry, own, station } = await withDouble(39_300);
    await cycle(1);
    const { id, externalIds } = mirrored()!;
    await registry.updateStation(own, { externalIds, formerIds: [id], sensorCommunityId: undefined });
    await cycle(2);
    expect([mirrored(), registry.pendingErasures(), station().formerIds]).toEqual([undefined, [], [id]]);
  });

  it('leaves one alone that the operator left out for another reason', async () => {
    const { cycle, mirrored, registry, own, publish, mirror, clock } = await withDouble();
    for (const step of [1, 2, 3]) await cycle(step);
    await registry.updateStation(mirrored()!.id, { exclusion: { reason: 'local-source', since: NOW } });
    await registry.removeStation(own);
    publish([recordAt(clock.now, { P1: '5.00', P2: '2.00' })]);
    await mirror.once();
    expect(mirrored()).toMatchObject({ status: 'excluded', exclusion: { reason: 'local-source' } });
  });

  it('joins the station of the present place, where the sensor stood elsewhere before', async () => {
    const { cycle, publish, mirror, registry, own, readings } = await withDouble(39_300);
    publish([recordAt(NOW - 86_400_000, { P1: '99.00', P2: '88.00' }, { latitude: '51.1', longitude: '13.8' })]);
    await mirror.once();
    const [former] = registry.stations().filter(({ source }) => source === 'mirror');
    for (const step of [1, 2, 3]) await cycle(step);
    expect(
      registry
        .stations()
        .map(({ id }) => id)
        .sort(),
    ).toEqual([own, former!.id].sort());
    expect((await readings(former!.id)).map(({ values }) => values.pm25)).toEqual([88]);
    expect((await readings(own)).map(({ values }) => values.pm25)).toEqual([11.25, 12.25, 13.25]);
  });

  it('takes no further sensor of a place that is joined with a station here', async () => {
    const { cycle, publish, mirror, registry, own, readings, clock } = await withDouble(39_300);
    for (const step of [1, 2, 3]) await cycle(step);
    const before = (await readings()).length;
    const climate = recordAt(clock.now, { temperature: '4.00', humidity: '80.00' });
    const sensor = { id: 39_301, pin: '7', sensor_type: { id: 9, name: 'DHT22', manufacturer: 'various' } };
    publish([{ ...climate, sensor }]);
    expect(await mirror.once()).toBe(0);
    expect([(await readings()).length, registry.stations().map(({ id }) => id)]).toEqual([before, [own]]);
    expect(registry.station(own)?.externalIds).not.toContain('sensor.community:39301');
  });

  it('a station joined in error is undone by deleting it: the mirrored one is there again under its number', async () => {
    const { cycle, publish, mirror, mirrored, registry, own, clock } = await withDouble(39_300);
    for (const step of [1, 2, 3]) await cycle(step);
    expect(mirrored()).toBeUndefined();
    await registry.removeStation(own);
    publish([recordAt(clock.now - 3_000, { P1: '5.00', P2: '2.00' })]);
    expect(await mirror.once()).toBe(1);
    expect(registry.sensorIdOf(mirrored()!.id, 'sds011')).toBe(39_300);
  });

  it('believes nobody who names a sensor that says the same all day', async () => {
    const { publish, mirror, mirrored, recent, clock, own, station } = await withDouble(39_300);
    for (let step = 1; step <= 6; step++) {
      clock.now = START + step * 149_000;
      const values = { pm25: 999.9, pm10: 1999.9 };
      recent.note({ stationId: own, sensor: 'sds011', measuredAt: clock.now, values, flags: 0 });
      publish([recordAt(clock.now - 3_000, { P1: '1999.90', P2: '999.90' })]);
      await mirror.once();
    }
    expect([mirrored()?.status, station().externalIds]).toEqual(['active', []]);
  });
});

describe('what a mirror is sent', () => {
  it.each([
    ['a time to come', 10 * 60_000, { P1: '12.00' }, 0],
    ['a clock a little ahead', 60_000, { P1: '12.00' }, 1],
    ['the sixth day', -6 * 86_400_000, { P1: '12.00' }, 1],
    ['the eighth day', -8 * 86_400_000, { P1: '12.00' }, 0],
    ['words for values', -5_000, { P1: 'unknown', P2: 'unavailable' }, 0],
    ['no numbers', -5_000, { P1: 'nan', P2: 'NaN' }, 0],
    ['what is not finite', -5_000, { P1: 'inf', P2: 'Infinity' }, 0],
    ['no list of values', -5_000, {}, 0],
    ['numbers beside words', -5_000, { P1: 'unknown', P2: '7.00' }, 1],
  ])('%s', async (_what, after, values, stored) => {
    const { mirror, publish, readings, registry } = await startMirror();
    publish([recordAt(NOW + after, values as Record<string, string>)]);
    expect(await mirror.once()).toBe(stored);
    // A time to come is beyond what the helper reads.
    expect([(await readings()).length, registry.stations().length]).toEqual([after > 0 ? 0 : stored, stored]);
  });

  it('one sensor twice at a time counts once, the first as it came', async () => {
    const { mirror, publish, readings } = await startMirror();
    publish([recordAt(NOW - 5_000, { P1: '12.00' }), recordAt(NOW - 5_000, { P1: '13.00' })]);
    expect(await mirror.once()).toBe(1);
    expect((await readings()).map(({ values }) => values)).toEqual([{ pm10: 12 }]);
  });

  it('a pin put right is followed, without the history of a move; one far away is another place', async () => {
    const { mirror, publish, registry, clock } = await startMirror();
    const at = async (minutes: number, latitude: string) => {
      clock.now = NOW + minutes * 60_000;
      publish([recordAt(clock.now, { P1: '12.00' }, { latitude })]);
      await mirror.once();
      return registry.stations().map(({ position, formerPlaces }) => [position.lat, formerPlaces]);
    };
    expect(await at(0, '51.044')).toEqual([[51.044, undefined]]);
    expect(await at(5, '51.047')).toEqual([[51.044, undefined]]);
    expect(await at(65, '51.047')).toEqual([[51.047, undefined]]);
    expect(await at(70, '51.09')).toEqual([
      [51.047, undefined],
      [51.09, undefined],
    ]);
  });

  it('less than nothing is refused; more than an instrument can tell is kept as it came, and counts nowhere', async () => {
    const { mirror, publish, readings } = await startMirror();
    publish([recordAt(NOW - 5_000, { P1: '-1.00', P2: '1e9' })]);
    expect(await mirror.once()).toBe(1);
    const [reading] = await readings();
    expect(reading?.values).toEqual({ pm25: 1e9 });
    expect(isValid(reading!.flags, 'pm25')).toBe(false);
  });
});
