import type { Kind } from './filterKinds.ts';

/** What a function takes and gives. */
export interface FunctionType {
  /** Kind of each argument. */
  takes: readonly Kind[];
  /** How many of them must be there; all when absent. */
  least?: number;
  gives: Kind;
}

const ofText = (gives: Kind, count: 1 | 2 = 1): FunctionType => ({ takes: Array(count).fill('text') as Kind[], gives });
const ofTime = (gives: Kind): FunctionType => ({ takes: ['time'], gives });
const ofNumber: FunctionType = { takes: ['number'], gives: 'number' };
const ofPlaces: FunctionType = { takes: ['place', 'place'], gives: 'condition' };

/** The functions of a filter (OGC 18-088, table 24; OData 4.0 part 2, section 5.1.1.4). */
export const FUNCTIONS: Readonly<Record<string, FunctionType>> = {
  substringof: ofText('condition', 2),
  contains: ofText('condition', 2),
  endswith: ofText('condition', 2),
  startswith: ofText('condition', 2),
  length: ofText('number'),
  indexof: ofText('number', 2),
  substring: { takes: ['text', 'number', 'number'], least: 2, gives: 'text' },
  tolower: ofText('text'),
  toupper: ofText('text'),
  trim: ofText('text'),
  concat: ofText('text', 2),
  year: ofTime('number'),
  month: ofTime('number'),
  day: ofTime('number'),
  hour: ofTime('number'),
  minute: ofTime('number'),
  second: ofTime('number'),
  fractionalseconds: ofTime('number'),
  date: ofTime('day'),
  time: ofTime('clock'),
  totaloffsetminutes: ofTime('number'),
  now: { takes: [], gives: 'time' },
  mindatetime: { takes: [], gives: 'time' },
  maxdatetime: { takes: [], gives: 'time' },
  round: ofNumber,
  floor: ofNumber,
  ceiling: ofNumber,
  'geo.distance': { ...ofPlaces, gives: 'number' },
  'geo.length': { takes: ['place'], gives: 'number' },
  'geo.intersects': ofPlaces,
  st_equals: ofPlaces,
  st_disjoint: ofPlaces,
  st_touches: ofPlaces,
  st_within: ofPlaces,
  st_overlaps: ofPlaces,
  st_crosses: ofPlaces,
  st_intersects: ofPlaces,
  st_contains: ofPlaces,
  st_relate: { takes: ['place', 'place', 'text'], gives: 'condition' },
};
