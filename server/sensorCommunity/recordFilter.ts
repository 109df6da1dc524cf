import { type Box, distanceMetres, isInBox } from '../domain/distance.ts';
import { type Rejection, reject } from '../domain/reading.ts';
import { type Position, publicPosition, type Station } from '../domain/station.ts';
import { countryOf } from './stationFrames.ts';

/** A parsed `/airrohr/v1/filter/<query>`. */
export interface RecordFilter {
  /** The query's text: equal for equal filters. */
  key: string;
  /** True for a station that passes, of an instance in `country`. */
  takesPlace: (station: Station, country: string) => boolean;
  takesType: (type: string) => boolean;
}

/** Longer than any list of types and countries there is. */
const MAX_LENGTH = 1_000;
const FORM = 'Filters are type=, area=lat,lon,km, box=lat,lon,lat,lon, country= and indoor=0 or 1, joined by &.';

type PlaceTest = (position: Position, station: Station, country: string) => boolean;

/**
 * Reads `type=SDS011,BME280&area=48.8,9.0,10&box=48.7,9.0,48.9,9.3&country=DE,BE&indoor=0`: a part of the path, every
 * piece optional, all of them must hold. `area` is latitude, longitude and kilometres; `box` two corners, latitude first.
 * A piece we do not know is refused: leaving it out would answer with more than was asked for.
 */
export function parseRecordFilter(query: string): RecordFilter | Rejection {
  if (query.length > MAX_LENGTH) return reject('unreadable', 'The filter is too long.');
  const places: PlaceTest[] = [];
  let types: readonly string[] | undefined;
  for (const piece of query.split('&').filter((text) => text !== '')) {
    const at = piece.indexOf('=');
    const [name, value] = [piece.slice(0, Math.max(at, 0)), piece.slice(at + 1)];
    if (name === 'type') {
      types = listOf(value);
      continue;
    }
    const test = Object.hasOwn(PLACE_TESTS, name) ? PLACE_TESTS[name]?.(value) : undefined;
    if (test === undefined) return reject('unreadable', FORM);
    places.push(test);
  }
  return {
    key: query,
    takesType: (type) => types?.includes(type.toUpperCase()) ?? true,
    takesPlace: (station, country) => {
      const position = publicPosition(station);
      return places.every((test) => test(position, station, country));
    },
  };
}

const PLACE_TESTS: Readonly<Record<string, (value: string) => PlaceTest | undefined>> = {
  area: areaTest,
  box: boxTest,
  country: (value) => {
    const countries = listOf(value);
    return (_position, station, country) => countries.includes(countryOf(station, country));
  },
  indoor: (value) => (/^[01]$/.test(value) ? (_position, { isIndoor }) => isIndoor === (value === '1') : undefined),
};

function areaTest(value: string): PlaceTest | undefined {
  const [lat, lon, kilometres] = numbersOf(value, 3) ?? [];
  if (lat === undefined || lon === undefined || kilometres === undefined) return undefined;
  return (position) => distanceMetres(position, { lat, lon }) <= kilometres * 1000;
}

function boxTest(value: string): PlaceTest | undefined {
  const [lat1, lon1, lat2, lon2] = numbersOf(value, 4) ?? [];
  if (lat1 === undefined || lon1 === undefined || lat2 === undefined || lon2 === undefined) return undefined;
  const [west, east] = [Math.min(lon1, lon2), Math.max(lon1, lon2)];
  const box: Box = { west, east, south: Math.min(lat1, lat2), north: Math.max(lat1, lat2) };
  return (position) => isInBox(position, box);
}

function numbersOf(value: string, count: number): number[] | undefined {
  const texts = value.split(',').map((text) => text.trim());
  const numbers = texts.map(Number);
  const isGood = numbers.length === count && !texts.includes('') && numbers.every(Number.isFinite);
  return isGood ? numbers : undefined;
}

function listOf(value: string): string[] {
  return value.split(',').map((text) => text.trim().toUpperCase());
}
