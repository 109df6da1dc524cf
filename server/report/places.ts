import type { AreaDirectory } from '../areas/areaDirectory.ts';
import { type Place, type Question, questionWindow, type ReportQuantity } from '../domain/report/question.ts';
import { publishes, type Station, stationKind } from '../domain/station.ts';

/** A place of a question, with the stations that stood there in its period. */
export interface KnownPlace {
  place: Place;
  /** The area's name, or the station's when it is one alone. */
  name: string;
  /** Public citizen stations, in order of id: the same question always sees them alike. */
  stations: Station[];
  /** Ids asked for that are no public station (any more). */
  missing: string[];
}

/** Where places are looked up. */
export interface PlaceSources {
  areas: Pick<AreaDirectory, 'area' | 'citizensOf' | 'stoodIn'>;
  station: (stationId: string) => Station | undefined;
  /** The id a former one leads to, and any other as it is. */
  presentId: (stationId: string) => string;
}

/** What of a question leads to its stations. */
export type PlaceQuestion = Pick<Question, 'place' | 'quantity' | 'from' | 'to' | 'dayOffset'>;

/** The question with the present ids of its stations: those that were cited may be joined with others by now. */
export function presentQuestion({ presentId }: Pick<PlaceSources, 'presentId'>, question: Question): Question {
  const { place } = question;
  if ('areaId' in place) return question;
  return { ...question, place: { stationIds: [...new Set(place.stationIds.map(presentId))].sort() } };
}

/** The place with its public stations; undefined for an area that is none. */
export function knownPlace({ areas, station }: PlaceSources, question: PlaceQuestion): KnownPlace | undefined {
  const { place, quantity } = question;
  if ('areaId' in place) {
    const area = areas.area(place.areaId);
    if (area === undefined) return undefined;
    const there = areas.citizensOf(area.id, quantity, questionWindow(question));
    return { place, name: area.name, stations: sortedCitizens(there, quantity), missing: [] };
  }
  const found = place.stationIds.flatMap((id) => station(id) ?? []);
  const stations = sortedCitizens(found, quantity);
  const known = new Set(stations.map(({ id }) => id));
  const missing = place.stationIds.filter((id) => !known.has(id));
  return { place, name: stations.length === 1 ? stations[0]!.name : '', stations, missing };
}

function sortedCitizens(stations: readonly Station[], quantity: ReportQuantity): Station[] {
  return stations
    .filter((station) => publishes(station, quantity) && stationKind(station) === 'citizen')
    .sort((one, other) => (one.id < other.id ? -1 : 1));
}
