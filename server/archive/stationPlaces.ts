import { distanceMetres } from '../domain/distance.ts';
import type { Position, Station } from '../domain/station.ts';
import { newStationId, type RandomBytes } from '../process/keys.ts';
import type { NewStation, StationStore } from '../store/registry/stationStore.ts';
import type { ArchiveSource } from './archiveRow.ts';
import { SensorNames } from './sensorNames.ts';

/** The registry as an import uses it. */
export type ImportRegistry = Pick<
  StationStore,
  'station' | 'stations' | 'device' | 'sensorIdOf' | 'addStations' | 'updateStation' | 'keepSensorIds'
>;

/** Where the rows of a source go. */
export interface ImportTarget {
  stationId: string;
  /** Instrument as it is named at that station, e.g. `sds011-2`; absent where the message names its own. */
  sensor?: string;
  sensorModels: readonly string[];
}

/** A sensor that stood elsewhere before. */
export interface SensorMove {
  sensorId: number;
  from: Position;
  to: Position;
  metres: number;
  /** The station of the later place. */
  stationId: string;
}

/** What an import does to the registry. */
export interface PlaceOptions {
  /** Everything goes to this station. */
  stationId?: string | undefined;
  /** Sensors of one `location` become one station. */
  isJoining: boolean;
  randomBytes: RandomBytes;
  /** What new stations say they come from; `import` when left out. */
  source?: 'import' | 'mirror';
}

/** Further apart than this, two coordinates of a sensor are two places; less is a pin that was put right. */
export const SAME_PLACE_METRES = 1_000;

const SENSOR = 'sensor.community:';
/** Begins the external id of a place of sensor.community. */
export const LOCATION_PREFIX = 'sensor.community-location:';

/** What this run knows of a station. */
type KnownStation = Pick<Station, 'id' | 'position' | 'sensorModels' | 'externalIds'>;

/** Why a source has no station. */
type NoTarget = 'no-place' | 'no-station' | 'other-place';

/**
 * Finds or makes the station of each source. A station is a place: a sensor that moved gets a second one, and both carry
 * its id, so that which row belongs where does not depend on the order of the files. New stations exist in memory until
 * `save`, which the importer calls before it stores their first rows.
 */
export class StationPlaces {
  readonly moves: SensorMove[] = [];
  readonly counts = { made: 0, extended: 0 };
  readonly #registry: ImportRegistry;
  readonly #options: PlaceOptions;
  readonly #names: SensorNames;
  readonly #byExternalId = new Map<string, Set<string>>();
  readonly #latestOf = new Map<number, string>();
  readonly #made = new Map<string, NewStation & { id: string }>();
  /** Made in this run, saved or not: in a dry run the registry never hears of them. */
  readonly #known = new Map<string, KnownStation>();
  readonly #extended = new Set<string>();

  constructor(registry: ImportRegistry, options: PlaceOptions) {
    this.#registry = registry;
    this.#options = options;
    this.#names = new SensorNames(registry);
    for (const station of registry.stations()) {
      for (const externalId of station.externalIds) this.#index(externalId, station.id);
    }
  }

  /** The station of a source, or why it has none. Ask once a source: rows share it. */
  targetOf(source: ArchiveSource): ImportTarget | NoTarget {
    const stationId = this.#stationOf(source);
    const station = this.#station(stationId);
    if (station === undefined) return stationId as NoTarget;
    const { sensorId, ownNumber, model } = source;
    const { sensorModels } = station;
    if (ownNumber !== undefined && model !== undefined)
      return { stationId, sensor: this.#names.ownNameOf(stationId, model, ownNumber), sensorModels };
    if (sensorId === undefined || model === undefined) return { stationId, sensorModels };
    this.#extend(station, source);
    this.#latestOf.set(sensorId, stationId);
    return { stationId, sensor: this.#names.nameOf(stationId, model, sensorId), sensorModels: station.sensorModels };
  }

  /** Writes what `targetOf` decided since the last call. */
  async save(): Promise<void> {
    const made = [...this.#made.values()];
    const extended = [...this.#extended].filter((id) => !this.#made.has(id));
    this.#made.clear();
    this.#extended.clear();
    if (made.length > 0) await this.#registry.addStations(made);
    for (const id of extended) {
      const { externalIds = [], sensorModels = [] } = this.#known.get(id) ?? {};
      // Beside what came meanwhile: it may have been joined with another.
      await this.#registry.updateStation(id, (now) => ({
        externalIds: [...new Set([...now.externalIds, ...externalIds])],
        sensorModels: [...new Set([...now.sensorModels, ...sensorModels])],
      }));
    }
    await this.#registry.keepSensorIds(this.#names.takeNew());
  }

  #stationOf(source: ArchiveSource): string {
    const { stationId } = this.#options;
    if (stationId !== undefined) return this.#isAt(stationId, source.position) ? stationId : 'other-place';
    if (source.sensorId === undefined) return this.#registry.device(source.deviceId ?? '')?.stationId ?? 'no-station';
    return this.#placeOf(source.sensorId, source) ?? this.#joined(source) ?? this.#make(source.sensorId, source);
  }

  /** The station that carries the sensor, at this place; for a row without coordinates, where it was last. */
  #placeOf(sensorId: number, { position }: ArchiveSource): string | undefined {
    const carriers = [...(this.#byExternalId.get(`${SENSOR}${sensorId}`) ?? [])];
    if (position === undefined) return this.#latestOf.get(sensorId) ?? carriers[0];
    return carriers.find((id) => this.#isAt(id, position));
  }

  #joined({ locationId, position }: ArchiveSource): string | undefined {
    if (!this.#options.isJoining || locationId === undefined) return undefined;
    const there = this.#byExternalId.get(`${LOCATION_PREFIX}${locationId}`) ?? [];
    return [...there].find((id) => this.#isAt(id, position));
  }

  #make(sensorId: number, source: ArchiveSource): string {
    const { position, locationId, isIndoor } = source;
    if (position === undefined) return 'no-place';
    const isNamedByLocation = this.#options.isJoining && locationId !== undefined;
    const station = {
      id: newStationId(this.#options.randomBytes),
      // In no language; `#` is how their map marks a sensor's number.
      name: isNamedByLocation ? `Sensor.Community ${locationId}` : `Sensor.Community #${sensorId}`,
      position,
      isIndoor,
      sensorModels: [],
      status: 'active',
      source: this.#options.source ?? 'import',
      licence: 'ODbL-1.0',
      externalIds: [],
    } satisfies NewStation;
    this.#noteMove(sensorId, position, station.id);
    this.#made.set(station.id, station);
    this.#known.set(station.id, station);
    this.counts.made++;
    return station.id;
  }

  #noteMove(sensorId: number, to: Position, stationId: string): void {
    const [first] = this.#byExternalId.get(`${SENSOR}${sensorId}`) ?? [];
    const former = this.#latestOf.get(sensorId) ?? first;
    const from = former === undefined ? undefined : this.#station(former)?.position;
    if (from) this.moves.push({ sensorId, from, to, metres: Math.round(distanceMetres(from, to)), stationId });
  }

  /** Adds the sensor's ids and model to the station, where it lacks them. */
  #extend(station: KnownStation, source: ArchiveSource): void {
    const { sensorId, locationId, model = '' } = source;
    const ids = [`${SENSOR}${sensorId}`, ...(locationId === undefined ? [] : [`${LOCATION_PREFIX}${locationId}`])];
    const externalIds = [...new Set([...station.externalIds, ...ids])];
    const sensorModels = [...new Set([...station.sensorModels, model])];
    if (externalIds.length === station.externalIds.length && sensorModels.length === station.sensorModels.length)
      return;
    for (const externalId of ids) this.#index(externalId, station.id);
    const made = this.#made.get(station.id);
    if (made) this.#made.set(station.id, { ...made, externalIds, sensorModels });
    else if (!this.#extended.has(station.id)) this.counts.extended++;
    this.#extended.add(station.id);
    this.#known.set(station.id, { id: station.id, position: station.position, externalIds, sensorModels });
  }

  #station(id: string): KnownStation | undefined {
    return this.#known.get(id) ?? this.#registry.station(id);
  }

  #isAt(stationId: string, position: Position | undefined): boolean {
    const station = this.#station(stationId);
    if (station === undefined) return false;
    return position === undefined || distanceMetres(station.position, position) <= SAME_PLACE_METRES;
  }

  #index(externalId: string, stationId: string): void {
    const carriers = this.#byExternalId.get(externalId) ?? new Set<string>();
    this.#byExternalId.set(externalId, carriers.add(stationId));
  }
}
