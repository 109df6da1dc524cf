import { type Area, isInPolygons } from '../domain/area.ts';
import { isInBox } from '../domain/distance.ts';
import type { TimeWindow } from '../domain/means/calendarWindows.ts';
import type { Quantity } from '../domain/quantity.ts';
import { isPublic, type Position, publicPosition, publishes, type Station, stationKind } from '../domain/station.ts';
import { placesIn } from '../domain/stationHistory.ts';

/** Positions whose area is kept; public positions are few, as they lie on a grid. */
const MAX_KEPT = 50_000;

/** The operator's districts and which public station lies in which, always by public positions. */
export class AreaDirectory {
  readonly #byId: ReadonlyMap<string, Area>;
  readonly #stations: () => readonly Station[];
  #areaByPlace = new Map<string, Area | undefined>();

  /** `stations` gives the registry as of now. */
  constructor(areas: readonly Area[], stations: () => readonly Station[]) {
    this.#byId = new Map(areas.map((area) => [area.id, area]));
    this.#stations = stations;
  }

  /** All areas in the order of the operator's file. */
  areas(): Area[] {
    return [...this.#byId.values()];
  }

  /** One area; undefined when there is none with this id. */
  area(areaId: string): Area | undefined {
    return this.#byId.get(areaId);
  }

  /**
   * The area a public position lies in; the first of the file where areas overlap. Give `publicPosition(station)`, never
   * the exact place: near a border the answer could tell on which side of a street someone lives.
   */
  areaOf(position: Position): Area | undefined {
    const place = `${position.lat},${position.lon}`;
    if (this.#areaByPlace.has(place)) return this.#areaByPlace.get(place);
    if (this.#areaByPlace.size >= MAX_KEPT) this.#areaByPlace.clear();
    const area = this.areas().find(({ box, polygons }) => isInBox(position, box) && isInPolygons(position, polygons));
    this.#areaByPlace.set(place, area);
    return area;
  }

  /** Every station of the registry, public or not. */
  stations(): readonly Station[] {
    return this.#stations();
  }

  /** `citizensOf` for every area, in one pass over the registry. */
  citizensByArea(quantity: Quantity, window: TimeWindow): Map<string, Station[]> {
    const found = new Map<string, Station[]>(this.areas().map(({ id }) => [id, []]));
    for (const station of this.#stations()) {
      if (!isCitizen(station, quantity)) continue;
      for (const areaId of this.#areaIdsIn(station, window)) if (areaId !== undefined) found.get(areaId)?.push(station);
    }
    return found;
  }

  /** Citizen stations whose values of the quantity are public and that stood in the area at any time of a window. */
  citizensOf(areaId: string, quantity: Quantity, window: TimeWindow): Station[] {
    return this.#stations().filter(
      (station) => isCitizen(station, quantity) && this.#areaIdsIn(station, window).has(areaId),
    );
  }

  /** True when a station stood in the area for all of a window. */
  stoodIn(areaId: string, station: Station, window: TimeWindow): boolean {
    const areaIds = this.#areaIdsIn(station, window);
    return areaIds.size === 1 && areaIds.has(areaId);
  }

  /** Public stations that stand in the area now, those left out of figures among them; empty for an unknown one. */
  stationsOf(areaId: string): Station[] {
    return this.#stations().filter(
      (station) => isPublic(station) && this.areaOf(publicPosition(station))?.id === areaId,
    );
  }

  /** The areas a station stood in during a window; undefined among them for a place in none. */
  #areaIdsIn(station: Station, window: TimeWindow): Set<string | undefined> {
    return new Set(placesIn(station, window).map((place) => this.areaOf(publicPosition(place))?.id));
  }
}

function isCitizen(station: Station, quantity: Quantity): boolean {
  return publishes(station, quantity) && stationKind(station) === 'citizen';
}
