import type { AreaDirectory } from '../areas/areaDirectory.ts';
import type { MeanThreshold } from '../domain/alerts/alertSettings.ts';
import { type AreaStatistics, areaStatistics, type StationMean } from '../domain/areaStatistics.ts';
import { distanceMetres } from '../domain/distance.ts';
import { isPublic, publicPosition, type Station } from '../domain/station.ts';
import type { Aggregator } from '../live/aggregator.ts';
import type { WatchedArea } from './noticeRecords.ts';
import { validMean } from './stationVerdicts.ts';

/** A degree of latitude, metres, rounded down: what is farther apart in latitude alone is outside a circle. */
const METRES_PER_DEGREE = 110_000;

/** Areas whose members are kept: those of all watches, and what people look at. */
const MAX_KEPT = 10_000;

/** What looking at an area needs. */
export interface AreaViewParts {
  stations: () => readonly Station[];
  station: (stationId: string) => Station | undefined;
  districts: Pick<AreaDirectory, 'area' | 'stationsOf'>;
  aggregator: Pick<Aggregator, 'aggregate'>;
}

/** Areas as viewers watch them: public outdoor stations by their public places, and the median over them. */
export class AreaView {
  readonly #parts: AreaViewParts;
  /** Members for one state of the registry: distances to 15,000 stations are not for every minute. */
  #members = new Map<string, readonly Station[] | undefined>();
  #membersOf: readonly Station[] | undefined;

  constructor(parts: AreaViewParts) {
    this.#parts = parts;
  }

  /** Stations that count: public, outdoors, not left out by the operator. Undefined for an area that does not exist. */
  members(area: WatchedArea): readonly Station[] | undefined {
    const stations = this.#parts.stations();
    if (stations !== this.#membersOf || this.#members.size > MAX_KEPT) this.#members.clear();
    this.#membersOf = stations;
    const key = JSON.stringify(area);
    if (!this.#members.has(key)) this.#members.set(key, this.#find(area)?.filter(counts));
    return this.#members.get(key);
  }

  /** What a district is called. */
  districtName(areaId: string): string | undefined {
    return this.#parts.districts.area(areaId)?.name;
  }

  /** The stations' figure: the median of the valid means, from three stations on. */
  statistics(area: WatchedArea, layer: Pick<MeanThreshold, 'quantity' | 'average'>, now: number): AreaStatistics {
    const means = (this.members(area) ?? []).map(
      (station): StationMean => ({
        stationId: station.id,
        mean: validMean(this.#parts.aggregator, station.id, layer, now),
        isIndoor: station.isIndoor,
        sensorModel: station.sensorModels[0] ?? 'unknown',
        siting: station.siting,
      }),
    );
    return areaStatistics(means);
  }

  #find(area: WatchedArea): readonly Station[] | undefined {
    const { stations, station, districts } = this.#parts;
    if ('radiusMetres' in area) return stations().filter((each) => isWithin(each, area));
    if ('stationIds' in area) return area.stationIds.flatMap((id) => station(id) ?? []);
    return districts.area(area.areaId) && districts.stationsOf(area.areaId);
  }
}

function counts(station: Station): boolean {
  return isPublic(station) && station.status === 'active' && !station.isIndoor;
}

function isWithin(
  station: Station,
  { lat, lon, radiusMetres }: { lat: number; lon: number; radiusMetres: number },
): boolean {
  const place = publicPosition(station);
  if (Math.abs(place.lat - lat) * METRES_PER_DEGREE > radiusMetres) return false;
  return distanceMetres(place, { lat, lon }) <= radiusMetres;
}
