import type { MethodsTexts } from './methodsTexts.ts';

/** A date that stays on one line. */
const date = (iso: string) => iso.replace(/-/g, '\u2011');

/** English texts of `/methods`. */
export const methodsEn: MethodsTexts = {
  title: (name) => `How it is computed – ${name}`,
  description:
    'Limits, indices, means, uncertainty, corrections and flags: what every number here rests on, with sources and versions.',
  heading: 'How it is computed',
  contents: 'In detail',
  founding: 'Basis',
  version: {
    heading: 'Version',
    since: (day) => `since ${date(day)}`,
    between: (from, to) => `${date(from)} to ${date(to)}`,
  },
  pm25: 'PM2.5',
  sources: 'Sources',
  sourcesIntro: 'Where only a site is named, a stored copy of the page was read.',
  api: 'The same for programs:',
  short: {
    heading: 'In short',
    entries: [
      {
        term: 'What is measured',
        text: 'Simple sensors estimate from scattered light how much particulate matter is in the air. They are no official instruments. They do PM2.5 fairly well; PM10 most of them only extrapolate.',
      },
      {
        term: 'Hour and day',
        text: 'An hour counts with at least 75\u202f% of the expected readings and one in every 20 minutes. A day counts with 18 valid hours. What does not count is shown as a gap, never as zero and never as good.',
      },
      {
        term: 'Now, on the map',
        text: 'The map shows the mean of the last 60 minutes. That is not an hourly mean by the clock and therefore has another name.',
      },
      {
        term: 'An area',
        text: 'First each station’s mean over the whole period, then the middle one of these. There is a number from 3 stations on and a range from 5. It holds for the places of the stations, not for the whole area.',
      },
      {
        term: 'Limit values',
        text: 'A limit value always belongs to a mean and a year, never to a moment. Only the official network finds that it was exceeded. What stands here is an indicative comparison.',
      },
      {
        term: 'Humid air',
        text: 'In humid air the sensors count water too and read high. Such hours are marked and widen the uncertainty; they are neither left out nor scaled down.',
      },
      {
        term: 'Uncertainty',
        text: 'Every mean has a ±. It is at least as large as EU law allows indicative measurements, and larger where the comparison with an official station shows more. Many sensors of one kind do not make it smaller, since they may err together.',
      },
      {
        term: 'Corrections',
        text: 'What is shown is the raw value. A correction never replaces it; it stands beside it with name and version.',
      },
      {
        term: '“Unconfirmed”',
        text: 'This marks what nobody has yet read in the original text.',
      },
    ],
  },
  limits: {
    heading: 'Limit and guideline values',
    intro: (checkedOn) =>
      `Last compared with their sources on ${checkedOn}. “The limit” without year and averaging time is never named here: there are several.`,
    inForce: (on) => `In force on ${on}`,
    coming: 'To come',
    who: 'Recommendations of the WHO (no law)',
    heads: { value: 'Value', what: 'What it is', permitted: 'May be above', validity: 'Applies' },
    permitted: (times) => `${times} ${times === 1 ? 'time' : 'times'} a year`,
    percentile: (rank) => `${rank}th percentile`,
    margin: (value) => `margin of tolerance ${value} µg/m³`,
    period: (from, to) => {
      if (from && to) return `${date(from)} to ${date(to)}`;
      if (to) return `until ${date(to)}`;
      // Also of what begins only one day: “since 2030” would be wrong until then.
      return from ? `from ${date(from)}` : 'no date';
    },
    comparing: 'How values are compared',
    capture: 'How much must have been measured',
    statistic: 'Statistic',
    least: 'At least',
  },
  indices: {
    heading: 'Air quality indices',
    intro: (checkedOn) =>
      `Last compared with their sources on ${checkedOn}. A class is made of closed hours by the clock only. As this network measures neither ozone nor nitrogen dioxide, it is never the whole index.`,
    named: (title) => `Here it is called “${title}”.`,
    since: (publisher, from, to) =>
      `Publisher: ${publisher}${from ? `, valid from ${from}` : ''}${to ? ` to ${to}` : ''}.`,
    class: 'Class',
    averaging: {
      hour: 'hourly means',
      'running-24h': 'running mean of 24 hours',
      day: 'daily means',
      'day-or-nowcast': 'daily means; for now, NowCast of 12 hours',
    },
    number: 'Index',
    upTo: (to) => `up to ${to}`,
    between: (from, to) => `above ${from} to ${to}`,
    above: (from) => `above ${from}`,
    bounds: 'Bounds of the classes',
    colours: 'Colours',
    names: 'Translated names',
    rounding: 'Rounding to whole µg/m³ before classing',
  },
  figures: {
    heading: 'From reading to figure',
    rollups: 'Stored hours and days',
    rollupsText: (method) =>
      `Hours and days are stored with count, expectation, coverage, smallest and largest value, mean, median, the share of each flag and a revision (method ${method}). When readings come late, or an annotation or a method changes, they are computed again and the revision goes up by one. Raw values are never overwritten.`,
  },
  uncertainty: {
    heading: 'Uncertainty',
    intro: 'U is the expanded uncertainty (95\u202f%, k = 2) of a mean, in µg/m³:',
    formula: (humidExcess) =>
      `a and p: figures for indicative measurements from the table; x: the mean; Uᵥ: what the comparison of sensors of the kind with the nearest official station with daily means on at least 15 days of the same calendar month shows, where there is one of at least 30 days: twice the root mean squared difference of daily means, for means over more than a day twice the lasting bias; f: share of humid readings; ${humidExcess}: the part of a humid value that may be water. The directive has no figure for hours; those of the day apply.`,
    table: 'Uncertainty allowed by Directive (EU) 2024/2881, Annex V',
    mean: 'Mean',
    fixed: 'Fixed measurement',
    indicative: 'Indicative measurement',
    larger: (absolute, percent) => `${absolute}\u202fµg/m³ or ${percent}\u202f%`,
    averaging: { hour: 'hour', day: 'day', year: 'year' },
    classes: 'Sensor classes of CEN/TS 17660-2:2024; no sensor here has been classified',
    class: 'Class',
    percent: 'Uncertainty',
  },
  corrections: {
    heading: 'Corrections',
    intro:
      'No humidity formula carries over from one place to another: for the same sensor 0.22 (Germany) and 0.05 (Bishkek) were found, and at 95\u202f% humidity the formulas differ by a factor of four. They are therefore offered in the API only, for research. Best founded is the hourly ratio of like sensors to a reference station nearby.',
    heads: { name: 'Name', formula: 'Formula', use: 'Offered', madeFor: 'Made for' },
    offered: 'on the pages',
    research: 'in the API only',
    any: 'any sensor, like with like',
  },
  checks: {
    heading: 'Checked against the world',
    intro: (methods) =>
      `Two comparisons with official measurements, made with this program’s own arithmetic (${methods}). The number of common days a sensor needs (30) is a constant of that arithmetic; it was chosen when it was known how many sensors have how many days. Those that fail are named. How the Dutch hours are labelled was, after a first look, tested on the changes from hour to hour.`,
    again: 'To run it again:',
    bristol: {
      heading: 'Bristol: daily means beside official daily means',
      intro: ({ from, to, leastDays, leastHours, checkedOn }) =>
        `SDS011 in Bristol from ${from} to ${to}, the months both sources cover. A sensor counts with at least ${leastDays} common valid days, a day with at least ${leastHours} valid hours. Raw values; nothing was removed, not even a broken sensor. Computed on ${checkedOn}.`,
      found: ({ pm25, pm25Bias, pm10, above }) =>
        `PM2.5: the median of the sensors follows the official station well (R² ${pm25}), but is off by ${pm25Bias} µg/m³ on average. PM10: only moderately (R² ${pm10}). Days above 50 agree badly: ${above.map(({ sensor, official, both }) => `sensors ${sensor}, official ${official}, in common ${both}`).join('; ')}. Exceedance days cannot be read off the PM10 of these sensors.`,
      caption: (quantity, station, days) => `${quantity} against ${station}, ${days} official days`,
      heads: {
        sensor: 'Sensor',
        n: 'Days',
        slope: 'Slope',
        bias: 'Bias (µg/m³)',
        above: 'Days above 50: sensor / official / both',
      },
      medianOf: 'Median of the sensors',
      failed: (sensors) => `Too few common valid days (in brackets): ${sensors}.`,
    },
    dutch: {
      heading: 'North Holland: the adjustment to a reference station',
      intro: ({ kilometres, leastKits, checkedOn }) =>
        `139 kits and 13 official stations, 7 to 21 February 2020, beside RIVM’s calibration on the same hours. “Elsewhere”: the factor stems from the nearest other station and its kits; judged is the median of the kits within ${kilometres} km (at least ${leastKits}) of a station that contributed nothing to the factor. “On site”: each kit by itself, the factor from the other kits at the same station. Many of the stations stand beside a steelworks; RIVM averages over several stations and knew these too. Computed on ${checkedOn}.`,
      labels: ({ hours, pm25, pm10 }) =>
        hours === 0
          ? `Both files label their hours alike (correlation of the changes from hour to hour ${pm25[0]} and ${pm10[0]}).`
          : `The kits label their hours ${hours} h later than the official stations: the changes from hour to hour fit better when moved (PM2.5 ${pm25[0]} instead of ${pm25[1]}, PM10 ${pm10[0]} instead of ${pm10[1]}). They are compared so moved.`,
      caption: (quantity, elsewhere, home) => `${quantity}: ${elsewhere} hours elsewhere, ${home} kit hours on site`,
      heads: { way: 'Value', elsewhere: 'elsewhere', home: 'on site', bias: 'Bias' },
      rows: { raw: 'raw', corrected: 'adjusted (reference-ratio-1)', rivm: 'RIVM’s calibration' },
      found:
        'The adjustment nearly removes the mean bias, but does not make single hours better at another place: PM2.5 even scatters more afterwards. It improves means, not hourly values, and not beside local sources. RIVM’s calibration is better.',
    },
    recomputed: {
      heading: 'Bochum: the same means by another way',
      text: 'Sliding means over 1 and 24 hours of an SDS011 in Bochum, 25 December 2022 to 3 January 2023, differ by less than 10⁻⁹ µg/m³ from those that SQL makes independently of the same readings. Hours and days of a whole year equal, row by row, those of a script without our code, in both databases. Both are computed anew whenever the program is tested.',
      again: 'Compute it yourself:',
    },
  },
  flags: {
    heading: 'Flags',
    intro:
      'Flags say something about a reading. Nothing is deleted. Agreement with neighbours does not make a value right: all may err alike.',
    rawTable: 'From the reading alone',
    derivedTable: 'From the station’s past and its neighbours',
    windowTable: 'Of hours, days and longer periods',
    lastHourOnly: (flags) =>
      `${flags} are of the last closed hour only. Stored hours and days, series and reports do not carry them: every new station would change earlier values of its neighbours.`,
    flag: 'Flag',
    meaning: 'Meaning',
    effect: 'Effect',
    thresholds: 'Thresholds (for programs)',
    raw: {
      claimed: 'The time came from the device, not from our clock.',
      'out-of-range': 'Outside what the instrument can measure.',
      saturated: 'At full scale.',
      'humidity-end-stop': 'Humidity at its end stop: the sensor is wet or stuck.',
    },
    classes: { info: 'note', doubtful: 'doubtful: counts, is marked', invalid: 'invalid: counts in no mean' },
  },
};
