import type { Station } from '../../server/domain/station.ts';

/** The station at a place of a network spread over Germany, for benches that need no registry. */
export function mapStation(at: number): Station {
  return {
    id: idOf(at),
    locationId: 1_500_000_000 + at,
    name: `Station ${at}`,
    position: { lat: 47.5 + ((at * 7919) % 7000) / 1000, lon: 6.5 + ((at * 104_729) % 8000) / 1000 },
    positionGridMetres: 100,
    isIndoor: false,
    isPublishedIndoor: false,
    isNoisePublic: false,
    sensorModels: ['sds011'],
    status: 'active',
    source: 'direct',
    licence: 'ODbL-1.0',
    externalIds: [],
    createdAt: 0,
  };
}

/** As much like a random name as a real one, since that is most of what is sent: a step through all there are. */
function idOf(at: number): string {
  return ((BigInt(at) * ID_STEP + ID_FIRST) % ID_COUNT).toString(36).padStart(10, '0');
}

const ID_COUNT = 36n ** 10n;
/** No factor in common with 36, so that none comes twice. */
const [ID_FIRST, ID_STEP] = [1_234_567_890_123_457n, 2_718_281_828_459_045n];
