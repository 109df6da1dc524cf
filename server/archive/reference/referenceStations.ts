import type { Position, ReferenceType, Station } from '../../domain/station.ts';
import { newStationId, type RandomBytes } from '../../process/keys.ts';
import type { NewStation } from '../../store/registry/stationStore.ts';
import type { ImportRegistry } from '../stationPlaces.ts';
import type { ReferencePlace } from './referenceFile.ts';

/** What the operator says of official stations that the files do not. */
export interface ReferenceRequest {
  /** Who measures, to be named beside every value. */
  network: string;
  /** Under which licence the values may be shown. */
  licence: string;
  /** Code in the network, for files that name none. */
  code?: string | undefined;
  name?: string | undefined;
  position?: Position | undefined;
  type?: ReferenceType | undefined;
}

/** Finds or makes official stations by their codes. New ones exist in memory until `save`. */
export class ReferenceStations {
  readonly counts = { made: 0, extended: 0 };
  readonly #registry: Pick<ImportRegistry, 'stations' | 'addStations'>;
  readonly #request: ReferenceRequest;
  readonly #randomBytes: RandomBytes;
  readonly #idByExternalId = new Map<string, string>();
  readonly #places = new Map<string, ReferencePlace>();
  #made: (NewStation & { id: string })[] = [];

  constructor(
    registry: Pick<ImportRegistry, 'stations' | 'addStations'>,
    request: ReferenceRequest,
    randomBytes: RandomBytes,
  ) {
    this.#registry = registry;
    this.#request = request;
    this.#randomBytes = randomBytes;
    for (const station of registry.stations()) this.#index(station);
  }

  /** Takes over what a file says of stations; values of later files find them by code or number. */
  learn(places: readonly ReferencePlace[]): void {
    for (const place of places) {
      this.#places.set(place.code, place);
      if (place.number !== undefined) this.#places.set(place.number, place);
    }
  }

  /** The station of a code as a file has it, or why there is none: nobody said its code, or where it stands. */
  stationOf(fileCode: string): { id: string } | { refused: 'no-code' | 'no-place' } {
    const place = this.#places.get(fileCode);
    const code = place?.code ?? (fileCode || this.#request.code);
    if (code === undefined) return { refused: 'no-code' };
    const id = this.#idByExternalId.get(this.#externalId(code)) ?? this.#make(code, place);
    return id === undefined ? { refused: 'no-place' } : { id };
  }

  /** Writes the new stations. */
  async save(): Promise<void> {
    const made = this.#made;
    this.#made = [];
    if (made.length > 0) await this.#registry.addStations(made);
  }

  #make(code: string, place: ReferencePlace | undefined): string | undefined {
    const { network, licence, name, type } = this.#request;
    const position = this.#request.position ?? place?.position;
    if (position === undefined) return undefined;
    const externalId = this.#externalId(code);
    const station = {
      id: newStationId(this.#randomBytes),
      name: name ?? place?.name ?? code,
      position,
      isIndoor: false,
      sensorModels: [],
      status: 'active',
      source: 'import',
      licence,
      externalIds: [externalId],
      reference: { network, code, type: type ?? place?.type ?? 'unknown' },
    } satisfies NewStation;
    this.#idByExternalId.set(externalId, station.id);
    this.#made.push(station);
    this.counts.made++;
    return station.id;
  }

  #externalId(code: string): string {
    return `official:${this.#request.network}:${code}`;
  }

  #index({ id, externalIds, reference }: Station): void {
    if (reference === undefined) return;
    for (const externalId of externalIds) this.#idByExternalId.set(externalId, id);
  }
}
