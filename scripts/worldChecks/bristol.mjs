import { numberIn, readCsv, rounded } from './csv.mjs';

const DAY_HOURS = 24;
/** A day is valid with 18 valid hours, as everywhere here. */
const MIN_HOURS = 18;
const LIMIT = 50;

/** Sensors of the time and place that report every 28 minutes: no hour of theirs is valid. */
const WITHOUT_HOURS = ['23650'];

/**
 * Daily means of Bristol's SDS011 beside official daily means, January to March 2019: the months both sources cover.
 * `domain` is the program's own arithmetic; its least number of
 * pairs (`MIN_COMPARISON_PAIRS`, older than this comparison) is the rule by which a sensor takes part.
 */
export function checkBristol({ hoursFile, officialFile, domain }) {
  const hours = readCsv(hoursFile, ';');
  const official = readCsv(officialFile);
  const days = official.map((row) => row.Date);
  const sensors = [...new Set(Object.keys(hours[0] ?? {}).flatMap((column) => column.split('.')[0] ?? []))].filter(
    (name) => name !== 'hour',
  );
  const byHour = new Map(hours.map((row) => [Number(row.hour), row]));
  const dayMean = (sensor, quantity, day) => {
    const first = Date.parse(`${day}T00:00:00Z`) / 3_600_000;
    const values = Array.from({ length: DAY_HOURS }, (_, hour) =>
      numberIn(byHour.get(first + hour)?.[`${sensor}.${quantity}`]),
    ).filter((value) => value !== undefined);
    return values.length < MIN_HOURS ? undefined : domain.meanOfMeans(values);
  };
  const against = (quantity, column, station) => {
    const reference = new Map(
      official.flatMap((row) => {
        const value = numberIn(row[column]);
        return value === undefined ? [] : [[row.Date, value]];
      }),
    );
    const found = sensors.map((sensor) => ({
      sensor,
      pairs: days.flatMap((day) => {
        const value = dayMean(sensor, quantity, day);
        return value === undefined || !reference.has(day)
          ? []
          : [{ day, sensor: value, reference: reference.get(day) }];
      }),
    }));
    const hasEnough = ({ pairs }) => pairs.length >= domain.MIN_COMPARISON_PAIRS;
    const passing = found.filter(hasEnough);
    const failing = found.filter((each) => !hasEnough(each));
    return {
      quantity,
      station,
      officialDays: reference.size,
      sensors: passing.map(({ sensor, pairs }) => ({ sensor, ...figures(pairs, domain) })),
      median: figures(medianPairs(passing, reference, domain), domain),
      failing: [
        ...failing.map(({ sensor, pairs }) => ({ sensor, days: pairs.length })),
        ...WITHOUT_HOURS.map((sensor) => ({ sensor, days: 0 })),
      ],
    };
  };
  return {
    from: days[0],
    to: days.at(-1),
    rule: { leastDays: domain.MIN_COMPARISON_PAIRS, leastHours: MIN_HOURS },
    comparisons: [
      against('pm25', 'PM2.5_1', "Bristol St Paul's (background)"),
      against('pm10', 'PM10_1', "Bristol St Paul's (background)"),
      against('pm10', 'PM10_2', 'Bristol Temple Way (traffic)'),
    ],
  };
}

/** Median of at least three sensors, day by day. */
function medianPairs(passing, reference, { stationsFigure }) {
  const byDay = new Map();
  for (const { pairs } of passing) {
    for (const { day, sensor } of pairs) byDay.set(day, [...(byDay.get(day) ?? []), sensor]);
  }
  return [...byDay].flatMap(([day, values]) => {
    const { median } = stationsFigure(values);
    return median === undefined ? [] : [{ day, sensor: median, reference: reference.get(day) }];
  });
}

function figures(pairs, { comparisonOf, isAbove }) {
  const found = comparisonOf(pairs);
  const limit = { value: LIMIT, rounding: { kind: 'half-up', places: 0 } };
  const above = (value) => isAbove(limit, value) === true;
  return {
    n: found?.n ?? 0,
    slope: rounded(found?.slope),
    r2: rounded(found?.r2),
    bias: rounded(found?.bias, 2),
    rmse: rounded(found?.rmse, 2),
    daysAbove50: {
      sensor: pairs.filter(({ sensor }) => above(sensor)).length,
      official: pairs.filter(({ reference }) => above(reference)).length,
      both: pairs.filter(({ sensor, reference }) => above(sensor) && above(reference)).length,
    },
  };
}
