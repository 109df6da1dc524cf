import type { Station } from '../../server/domain/station.ts';

/** A public station so many degrees north of 51 N, 7 E. */
export function station(id: string, north = 0, change: Partial<Station> = {}): Station {
  return {
    ...{ id, locationId: 1_000_000_000, name: id, position: { lat: 51 + north, lon: 7 }, positionGridMetres: 100 },
    ...{ isIndoor: false, isPublishedIndoor: false, isNoisePublic: false, sensorModels: ['sds011'], status: 'active' },
    ...{ source: 'direct', licence: 'ODbL-1.0', externalIds: [], createdAt: 0 },
    ...change,
  } as Station;
}
