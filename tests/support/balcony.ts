import {
  type IssuedStation,
  isRefusal,
  type NewStation,
  type StationStore,
} from '../../server/store/registry/stationStore.ts';

/** An exact position that no public answer may hold. */
export const EXACT = { lat: 51.4567891, lon: 7.0123456 };

/** A body that registers a station there. */
export const BALCONY = {
  name: 'Balkon Süd',
  position: EXACT,
  sensorModel: 'sds011',
  isIndoor: false,
  heightClass: '4-to-10m',
  siting: 'courtyard',
  acceptedTerms: true,
};

/** A station to be registered, at `EXACT` unless `change` says otherwise. */
export function balcony(change: Partial<NewStation> = {}): NewStation {
  return {
    name: 'Balkon',
    position: EXACT,
    isIndoor: false,
    sensorModels: ['sds011'],
    status: 'active',
    source: 'direct',
    licence: 'ODbL-1.0',
    ...change,
  };
}

/** Puts it into a registry. */
export async function stationIn(store: StationStore, change: Partial<NewStation> = {}): Promise<IssuedStation> {
  const made = await store.addStation(balcony(change));
  if (isRefusal(made)) throw new Error(made.refused);
  return made;
}
