import { describe, expect, it } from '@jest/globals';
import { isRejection } from '../../server/domain/reading.ts';
import { passes, timeBounds } from '../../server/sensorThings/filterEvaluation.ts';
import { type Expression, parseFilter } from '../../server/sensorThings/filterParser.ts';

const NOW = Date.UTC(2026, 10, 26, 12);
const ENTITY = {
  name: "O'Neill's balcony",
  result: 12.5,
  phenomenonTime: '2026-11-26T10:20:30.000Z',
  interval: '2026-01-01T00:00:00Z/2026-02-01T00:00:00Z',
  properties: { isIndoor: false, sensorModels: ['sds011'] },
  location: { type: 'Point', coordinates: [7.01, 51.45] },
  Thing: { name: 'Balcony' },
};

function read(steps: readonly string[]): unknown {
  return steps.reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], ENTITY);
}

function parsed(text: string): Expression {
  const expression = parseFilter(text);
  if (isRejection(expression)) throw new Error(`${text}: ${expression.detail}`);
  return expression;
}

describe('a filter', () => {
  it.each([
    'result gt 12',
    'result ge 12.5 and result le 12.5',
    'not (result lt 12.5)',
    'result eq 12.5 or missing eq 1',
    'result ne 13',
    'result add 1 mul 2 eq 14.5',
    'result sub 0.5 div 2 eq 12.25',
    'result mod 5 eq 2.5',
    "name eq 'O''Neill''s balcony'",
    "Thing/name eq 'Balcony'",
    'properties/isIndoor eq false',
    'missing eq null',
    'result ne null',
    "substringof('balcony', name)",
    "contains(name, 'Neill')",
    "startswith(name,'O')and endswith(name,'y')",
    'length(name) eq 17',
    "indexof(name,'N') eq 2",
    "substring(name,10) eq 'balcony'",
    "substring(name,10,4) eq 'balc'",
    "tolower(Thing/name) eq 'balcony'",
    "toupper(trim(' a ')) eq 'A'",
    "concat('a','b') eq 'ab'",
    'year(phenomenonTime) eq 2026 and month(phenomenonTime) eq 11 and day(phenomenonTime) eq 26',
    'hour(phenomenonTime) eq 10 and minute(phenomenonTime) eq 20 and second(phenomenonTime) eq 30',
    'phenomenonTime gt 2026-11-26T11:20:29+01:00',
    'phenomenonTime lt now() and phenomenonTime gt mindatetime() and now() lt maxdatetime()',
    "date(phenomenonTime) eq '2026-11-26'",
    'date(phenomenonTime) eq 2026-11-26 and date(phenomenonTime) lt 2026-11-27',
    'phenomenonTime ge 2026-11-26 and phenomenonTime lt 2026-11-27 and not (phenomenonTime ge 2026-11-27)',
    "phenomenonTime gt now() sub duration'PT1H40M' and phenomenonTime lt now() sub duration'PT1H30M'",
    "phenomenonTime add duration'P1DT0.5S' eq 2026-11-27T10:20:30.5Z",
    'phenomenonTime gt 2026-11-26 and phenomenonTime lt 2026-11-27 and 2026-11-26 lt phenomenonTime',
    'interval ge 2026-01-01 and 2026-01-01 le interval and interval le 2026-02-01 and 2026-02-01 ge interval',
    '2026-01-01T00:00:00Z le interval and not (2026-01-15T00:00:00Z le interval) and not (interval lt 2026-01-15)',
    "phenomenonTime sub 2026-11-26T10:20:00Z eq duration'PT30S'",
    "duration'PT1M' add duration'PT30S' lt duration'PT2M' and duration'-PT1M' lt duration'PT0S'",
    'interval le 2026-02-01T00:00:00Z and interval ge 2026-01-01T00:00:00Z',
    "time(phenomenonTime) eq '10:20:30.000' and fractionalseconds(phenomenonTime) eq 0",
    'totaloffsetminutes(phenomenonTime) eq 0',
    'round(result) eq 13 and floor(result) eq 12 and ceiling(result) eq 13',
    "st_within(location, geography'POLYGON ((7 51, 8 51, 8 52, 7 52, 7 51))')",
    "geo.distance(location, geography'POINT (7.01 51.55)') lt 0.11",
    "geo.distance(location, geography'POINT (7.01 51.55)') gt 0.09",
    "geo.distance(geography'LINESTRING (7 51.4, 8 51.4)', location) le 0.05001",
    "geo.length(geography'LINESTRING (7 51, 7 52, 8 52)') eq 2",
    "geo.intersects(location, geography'POLYGON ((7 51, 8 51, 8 52, 7 52, 7 51))')",
    "st_equals(location, geography'POINT (7.01 51.45)')",
    "st_disjoint(location, geography'POINT (7.02 51.45)')",
    "st_touches(location, geography'POLYGON ((7.01 51, 8 51, 8 52, 7.01 52, 7.01 51))')",
    "st_touches(location, geography'LINESTRING (7.01 51.45, 8 52)')",
    "not st_touches(location, geography'LINESTRING (7.01 51, 7.01 52)')",
    "st_intersects(location, geography'LINESTRING (7.01 51, 7.01 52)')",
    "st_contains(geography'POLYGON ((7 51, 8 51, 8 52, 7 52, 7 51))', location)",
    "not st_overlaps(location, geography'POLYGON ((7 51, 8 51, 8 52, 7 52, 7 51))')",
    "not st_crosses(location, geography'LINESTRING (7.01 51, 7.01 52)')",
    "st_relate(location, geography'POLYGON ((7 51, 8 51, 8 52, 7 52, 7 51))', 'T*F**F***')",
    "st_relate(geography'POINT (7.01 51.45)', location, '0FFFFFFF2')",
    "not st_within(location, geography'POLYGON ((7 51,8 51,8 52,7 52,7 51),(7 51.4,7.1 51.4,7.1 51.5,7 51.5,7 51.4))')",
  ])('%s holds', (text) => expect(passes(parsed(text), read, NOW)).toBe(true));

  it.each([
    'result gt 12.5',
    'missing gt 1',
    'missing lt 1',
    "result gt 'a'",
    'missing ne null',
    'date(phenomenonTime) eq 2026-11-25',
    "phenomenonTime gt now() sub duration'PT1H'",
    "result add duration'PT1H' gt 0",
    "missing sub duration'PT1H' lt now()",
    "date(now() add duration'P99999999D') eq 2026-11-26",
    "time(now() sub duration'P99999999D' sub duration'P99999999D') lt '24'",
    `now() sub duration'P${'9'.repeat(400)}D' sub duration'P${'9'.repeat(400)}D' lt now()`,
    "st_within(location, geography'POLYGON ((8 51, 9 51, 9 52, 8 52, 8 51))')",
    'interval lt 2026-02-01T00:00:00Z',
  ])('%s does not', (text) => expect(passes(parsed(text), read, NOW)).toBe(false));

  it('binds as OData says: not, arithmetic, comparison, and, or', () => {
    expect(passes(parsed('false and false or true'), read, NOW)).toBe(true);
    expect(passes(parsed('false and (false or true)'), read, NOW)).toBe(false);
    expect(passes(parsed('2 add 3 mul 4 eq 14'), read, NOW)).toBe(true);
  });

  it.each([
    ['result gt', 'ends too early'],
    ['(result gt 1', 'lacks ")"'],
    ['result gt 1)', 'too much'],
    ['result ~ 1', 'cannot be read from "~ 1"'],
    ["name eq 'x", 'cannot be read'],
    ['geo.area(location) lt 1', 'geo.area is not supported'],
    ["st_within(location, geography'CIRCLE (1 2)')", 'POINT, a LINESTRING or a POLYGON'],
    ["st_within(location, geography'POLYGON ((1 2, 3 4))')", 'POINT, a LINESTRING or a POLYGON'],
    ["phenomenonTime gt now() sub duration'P1M'", 'no duration of days, hours'],
    ["phenomenonTime gt now() sub duration'P'", 'no duration of days, hours'],
    ['phenomenonTime ge 2026-13-01', '2026-13-01 is no time'],
    ['substring(name) eq 1', 'lacks ","'],
    ['substring(name,1,2,3) eq 1', 'lacks ")"'],
    ['length(name', 'lacks ")"'],
    ['length(name, name) eq 1', 'lacks ")"'],
    [`${'('.repeat(100)}1${')'.repeat(100)}`, 'too deeply'],
    ['1 eq 1 and '.repeat(300), 'too long'],
  ])('%s is refused with its reason', (text, reason) => {
    const result = parseFilter(text);
    expect(isRejection(result) && result.detail).toContain(reason);
  });

  it('says between which times it can hold', () => {
    const names = ['phenomenonTime', 'resultTime'];
    const [from, to] = ['2026-01-01T00:00:00Z', '2026-02-01T00:00:00Z'];
    const bounds = (text: string) => timeBounds(parsed(text), names, NOW);
    expect(bounds(`phenomenonTime ge ${from} and resultTime lt ${to} and result gt 1`)).toEqual({
      from: Date.parse(from),
      to: Date.parse(to),
    });
    expect(bounds(`phenomenonTime gt ${from} and phenomenonTime le ${to}`)).toEqual({
      from: Date.parse(from) + 1,
      to: Date.parse(to) + 1,
    });
    expect(bounds(`phenomenonTime eq ${from}`)).toEqual({ from: Date.parse(from), to: Date.parse(from) + 1 });
    expect(bounds("phenomenonTime gt now() sub duration'PT1H'")).toEqual({ from: NOW - 3_600_000 + 1, to: Infinity });
    expect(bounds('phenomenonTime ge 2026-01-01 and phenomenonTime lt 2026-02-01')).toEqual({
      from: Date.parse(from),
      to: Date.parse(to),
    });
    expect(bounds(`phenomenonTime ge resultTime`)).toEqual({ from: -Infinity, to: Infinity });
    expect(bounds(`phenomenonTime ge ${from} or result gt 1`)).toEqual({ from: -Infinity, to: Infinity });
  });
});
