import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { privateStation, privateStationSchema } from '../../../server/api/stations/stationViews.ts';
import type { Station } from '../../../server/domain/station.ts';
import { stationOf } from '../../support/stations.ts';

/** A station of which everything there is to know is known; a field that is added belongs here too. */
const FULL: Required<Station> = {
  ...stationOf('aaaaaaaaaa'),
  ...{ heightClass: 'below-4m', siting: 'street', altitudeMetres: 120, country: 'GB', statusReason: 'Defekt' },
  ...{ exclusion: { reason: 'sensor-fault', since: 5 }, refusal: { reason: 'outside-area', at: 5 } },
  ...{
    sensorCommunityId: 7675,
    formerIds: ['bbbbbbbbbb'],
    joined: [],
    joining: 'cccccccccc',
    marks: [],
    annotations: [],
    formerPlaces: [],
  },
  ...{ reference: { network: 'UK AURN', type: 'background' }, consent: { version: '1', acceptedAt: 5 } },
};

it('describes everything it tells of a station', () => {
  const told = JSON.parse(JSON.stringify(privateStation(FULL)));
  expect(z.strictObject(privateStationSchema.shape).safeParse(told).error?.issues).toBeUndefined();
});
