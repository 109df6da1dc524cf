import { describe, expect, it } from '@jest/globals';
import { OFFICIAL_SENSORS } from '../../server/domain/correction/referenceMeans.ts';
import { datastream, observation, sensorModel, thing } from '../../server/sensorThings/entities.ts';
import { passes } from '../../server/sensorThings/filterEvaluation.ts';
import { type Expression, parseFilter } from '../../server/sensorThings/filterParser.ts';
import { stationOf } from '../support/stations.ts';

const START = Date.UTC(2026, 10, 26, 11);

describe('an official station', () => {
  const reference = { network: 'Umweltbundesamt', code: 'DENW095', type: 'background' } as const;
  const station = stationOf('official01', { reference, sensorModels: [] });

  it('is called what it is, and a station of a host no official one', () => {
    expect(thing(station).body).toMatchObject({
      description: 'Official station of a measuring network (Umweltbundesamt).',
      properties: { reference },
    });
    expect(thing(stationOf('aaaaaaaaa1')).body.description).toContain('not an official measurement');
    expect(thing(stationOf('aaaaaaaaa1')).body.properties).not.toHaveProperty('reference');
  });

  it.each([
    [OFFICIAL_SENSORS['1h'], 'hourly means', '2026-11-26T12:00:00.000Z'],
    [OFFICIAL_SENSORS['24h'], 'daily means', '2026-11-27T11:00:00.000Z'],
  ])('has in %s %s, each for the whole of its window', (sensor, means, end) => {
    const series = { station, sensor, quantity: 'pm10' } as const;
    expect(datastream(series).body.description).toBe(`PM10, ${means} as Umweltbundesamt states them.`);
    expect(sensorModel(sensor).body.name).toMatch(new RegExp(`^${means} of an official network$`, 'i'));
    const { body, id } = observation({ ...series, measuredAt: START, value: 20, flags: [] });
    expect([id, body]).toEqual([
      `official01.${sensor}.pm10.${START}`,
      { phenomenonTime: `2026-11-26T11:00:00.000Z/${end}`, result: 20, resultTime: null },
    ]);
    const holds = (filter: string) => passes(parseFilter(filter) as Expression, ([step = '']) => body[step], START);
    expect(holds(`phenomenonTime ge 2026-11-26T11:00:00Z and phenomenonTime le ${end}`)).toBe(true);
    expect(holds(`phenomenonTime lt ${end} or phenomenonTime gt 2026-11-26T11:00:00Z`)).toBe(false);
  });

  it('leaves single readings as they were', () => {
    const series = { station: stationOf('aaaaaaaaa1'), sensor: 'sds011', quantity: 'pm10' } as const;
    expect(datastream(series).body.description).toContain('single readings');
    expect(observation({ ...series, measuredAt: START, value: 20, flags: [] }).body).toEqual({
      phenomenonTime: '2026-11-26T11:00:00.000Z',
      result: 20,
      resultTime: '2026-11-26T11:00:00.000Z',
    });
    expect(sensorModel('sds011').body).toMatchObject({ name: 'Nova SDS011', description: 'Instrument: Nova SDS011' });
  });
});
