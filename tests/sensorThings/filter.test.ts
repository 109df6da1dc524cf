import { describe, expect, it } from '@jest/globals';
import { isRejection } from '../../server/domain/reading.ts';
import { checkedFilter } from '../../server/sensorThings/filterCheck.ts';
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
    'round(result) eq 13 and round(0 sub result) eq -13 and round(12.4) eq 12',
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
    ['', 'ends too early'],
    ['(result gt 1', 'lacks ")" at its end'],
    ['(result gt 1 name', 'lacks ")" at character 14, before "name"'],
    ['result gt 1)', '")" at character 12 too much'],
    ['result ~ 1', 'cannot be read from "~ 1" at character 8 on'],
    ["name eq 'x", `cannot be read from "'x" at character 9 on`],
    ['result gt ) 1', '")" at character 11, where a value belongs'],
    ['geo.area(location) lt 1', 'The function geo.area at character 1 is not supported'],
    ["name eq any('x')", 'The function any at character 9 is not supported'],
    ["st_within(location, geography'CIRCLE (1 2)')", 'POINT, a LINESTRING or a POLYGON'],
    ["st_within(location, geography'POLYGON ((1 2, 3 4))')", 'POINT, a LINESTRING or a POLYGON'],
    [`st_within(location, geography'POINT(${' '.repeat(1_900)}')`, 'POINT, a LINESTRING or a POLYGON'],
    ["phenomenonTime gt now() sub duration'P1M'", 'no duration of days, hours'],
    ["phenomenonTime gt now() sub duration'P'", 'no duration of days, hours'],
    ['phenomenonTime ge 2026-13-01', '2026-13-01 at character 19 is no time'],
    ['phenomenonTime ge 2026-02-29T00:00:00Z', '2026-02-29T00:00:00Z at character 19 is no time'],
    ['time(phenomenonTime) lt 25:00', '25:00 at character 25 is no time'],
    ['length(name', 'lacks "," at its end'],
    ['length(name name) eq 1', 'lacks "," at character 13, before "name"'],
    [`${'('.repeat(100)}1${')'.repeat(100)}`, 'too deeply'],
    ['1 eq 1 and '.repeat(300), 'too long'],
  ])('%s is refused with its reason', (text, reason) => {
    const result = parseFilter(text);
    expect(isRejection(result) && result.detail).toContain(reason);
  });

  it.each([
    ['Thing', 'name', 'The filter is a text (name) and no condition'],
    ['Thing', 'length(name)', 'The filter is a number (length) and no condition'],
    ['Thing', '5', 'The filter is a number (5) and no condition'],
    ['Thing', "'x'", "The filter is a text ('x') and no condition"],
    ['Observation', 'result add 1', 'The filter is a number and no condition'],
    ['Thing', 'not name', '"not" at character 1 takes a condition, not a text (name)'],
    ['Thing', "name eq 'x' and id", '"and" at character 13 joins conditions, not a text (id)'],
    ['Observation', 'result or true', '"or" at character 8 joins conditions, not a number (result)'],
    ['Thing', 'name gt 5', '"gt" at character 6 cannot compare a text (name) with a number (5)'],
    ['Observation', "result eq 'x'", `"eq" at character 8 cannot compare a number (result) with a text ('x')`],
    ['Observation', "result gt '3'", `"gt" at character 8 cannot compare a number (result) with a text ('3')`],
    ['Observation', "phenomenonTime lt 'abc'", `cannot compare a time (phenomenonTime) with a text ('abc')`],
    [
      'Observation',
      'phenomenonTime gt 5',
      '"gt" at character 16 cannot compare a time (phenomenonTime) with a number (5)',
    ],
    ['Observation', 'result gt 2026-11-26', 'a number (result) with a day (2026-11-26)'],
    ['Observation', "date(phenomenonTime) eq 'noon'", "a day (date) with a text ('noon')"],
    ['Observation', 'time(phenomenonTime) lt 2026-11-26', 'a time of day (time) with a day (2026-11-26)'],
    ['Observation', "phenomenonTime lt duration'PT1H'", "a time (phenomenonTime) with a duration (duration'PT1H')"],
    ['Thing', 'true gt false', '"gt" at character 6 cannot compare a condition (true) with a condition (false)'],
    ['Location', "location eq geography'POINT (7 51)'", '"eq" at character 10 cannot compare a place (location)'],
    ['Datastream', "unitOfMeasurement eq 'x'", "an object (unitOfMeasurement) with a text ('x')"],
    ['Thing', "name add 'x' eq 'y'", `"add" at character 6 cannot take a text (name) and a text ('x')`],
    [
      'Observation',
      "result mul duration'PT1H' gt 1",
      '"mul" at character 8 cannot take a number (result) and a duration',
    ],
    ['Observation', 'phenomenonTime add phenomenonTime gt now()', '"add" at character 16 cannot take a time'],
    ['Thing', 'length(5) eq 1', '"length" at character 1 takes a text, not a number (5)'],
    ['Observation', 'length(result) eq 1', '"length" at character 1 takes a text, not a number (result)'],
    ['Observation', 'round(phenomenonTime) eq 1', '"round" at character 1 takes a number, not a time (phenomenonTime)'],
    ['Thing', 'year(name) eq 2026', '"year" at character 1 takes a time, not a text (name)'],
    ['Thing', "year('soon') eq 2026", `"year" at character 1 takes a time, not a text ('soon')`],
    ['Thing', "substring(name,'a') eq 'x'", `"substring" at character 1 takes a number, not a text ('a')`],
    ['Thing', 'length(name, name) eq 1', '"length" at character 1 takes 1 argument, not 2'],
    ['Thing', 'substring(name) eq name', '"substring" at character 1 takes 2 to 3 arguments, not 1'],
    ['Thing', 'substring(name,1,2,3) eq name', '"substring" at character 1 takes 2 to 3 arguments, not 4'],
    ['Observation', 'phenomenonTime lt now(1)', '"now" at character 19 takes 0 arguments, not 1'],
    ['Location', "geo.distance(location, 'POINT (7 51)') lt 1", 'takes a place, not a text'],
    [
      'Location',
      "st_relate(location, location, 'TTT') eq true",
      "takes a pattern of nine of T, F, *, 0, 1 and 2, not 'TTT'",
    ],
    [
      'Location',
      "st_within(geography'LINESTRING (1 2, 3 4)', geography'LINESTRING (1 2, 3 4)')",
      '"st_within" at character 1 takes a point as one of its two places',
    ],
    ['Thing', "nmae eq 'x'", 'knows no "nmae" here, as at character 1'],
    ['Thing', "not (name/first eq 'x')", 'knows no "name/first" here, as at character 6'],
    ['Datastream', "unitOfMeasurement/colour eq 'x'", 'knows no "unitOfMeasurement/colour" here'],
    ['Observation', "Datastream/Thing eq 'x'", 'knows no "Datastream/Thing" here'],
  ] as const)('of a %s cannot be %s', (type, text, reason) => {
    const result = checkedFilter(parsed(text), type);
    expect(isRejection(result) && result.detail).toContain(reason);
  });

  it.each([
    ['Thing', 'true'],
    ['Thing', 'properties/isIndoor'],
    ['Thing', 'not properties/isIndoor and properties/reference/network eq null'],
    ['Thing', "properties/source gt 'a' or properties/source gt 5"],
    ['Thing', "substringof('a', name) eq true and (length(name) gt 3) eq true"],
    ['Observation', 'result gt null or resultQuality eq null or result add null eq 5'],
    ['Observation', 'validTime eq null and not (parameters/flags eq null)'],
    [
      'Observation',
      "FeatureOfInterest/feature/type eq 'Point' and st_within(FeatureOfInterest/feature, geography'POLYGON ((7 51,8 51,8 52,7 51))')",
    ],
    ['Datastream', "unitOfMeasurement/symbol eq 'µg/m³' and unitOfMeasurement ne null"],
    ['Datastream', "Thing/id eq 'x' and ObservedProperty/@iot.id eq 'pm25'"],
    ['Observation', "phenomenonTime sub duration'PT1H' lt now() and phenomenonTime sub 2026-11-26 gt duration'PT1H'"],
  ] as const)('of a %s may be %s', (type, text) => expect(isRejection(checkedFilter(parsed(text), type))).toBe(false));

  it.each([
    // In text the hour before would come first.
    ["phenomenonTime eq '2026-11-26T11:20:30+01:00'", true],
    ["phenomenonTime lt '2026-11-26T11:20:30+01:00'", false],
    ["phenomenonTime gt '2026-11-26'", true],
    ["'2026-11-26T11:20:29+01:00' lt phenomenonTime", true],
    ["date(phenomenonTime) eq '2026-11-26' and year('2026-11-26') eq 2026", true],
    [
      "time(phenomenonTime) eq 10:20:30 and time(phenomenonTime) gt 10:20 and time(phenomenonTime) lt '10:20:30.5'",
      true,
    ],
  ])('reads a quoted time beside a time as one: %s is %s', (text, holds) => {
    const filter = checkedFilter(parsed(text), 'Observation');
    expect(isRejection(filter) ? filter.detail : passes(filter, read, NOW)).toBe(holds);
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
