import { isOneLicence } from '../../../domain/licences.ts';
import { between } from '../../../domain/textSpan.ts';
import { inPlace, type ReportTexts } from './reportTexts.ts';

/** English texts of reports and citations. */
export const en: ReportTexts = {
  title: 'Report',
  heading: ({ quantity, place, period }) => `${quantity}: ${place}, ${period}`,
  intro:
    'One figure from citizen measurements with everything it rests on: to check, to print and to cite. The address of this page holds the whole question.',
  severalStations: (count) => (count === 1 ? 'one chosen station' : `${count} chosen stations`),
  station: (name) => `Station ${name}`,
  withdrawnStation: 'withdrawn station',
  withheldStation: 'station without a place',
  period: (from, to) => `${from} to ${to}`,
  indicative: 'Citizen measurement, not an official value',
  figure: {
    median: ({ n, place, value, quantity, period }) =>
      `Median of the ${n} stations${inPlace(place)}: ${value} ${quantity}, ${period}.`,
    mean: ({ n, place, value, quantity, period }) =>
      `Mean of the ${n} stations${inPlace(place)}: ${value} ${quantity}, ${period}.`,
    single: ({ place, value, quantity, period }) => `${place}: ${value} ${quantity} on average, ${period}.`,
  },
  furtherStations: (count) =>
    count === 1 ? 'One more station does not count.' : `${count} more stations do not count.`,
  uncertainty: (value, official) =>
    `Uncertainty ±\u00a0${value} (95\u202f%)${official === undefined ? '' : `; that is how far sensors of this kind were from official values here (${official})`}.`,
  noData: ({ quantity, place, isConverted }) =>
    isConverted
      ? `No hour of ${quantity} of this period can be converted by the humidity formula for ${place}: that takes valid values of an SDS011 and of the humidity beside it.`
      : `There are no valid hourly values of ${quantity} for ${place} in this period.`,
  tooFew: ({ quantity, place, n, of }) =>
    n === 0 && of <= 1
      ? `${quantity}, ${place}: too few days are valid for a mean over the period; it takes 75\u202f%.`
      : of === 1
        ? `${quantity}, ${place}: a single station gives no figure here; that takes three valid ones.`
        : `${quantity}, ${place}: ${n === 0 ? 'none' : n} of ${of} stations ${n < 2 ? 'has' : 'have'} enough valid days (75\u202f%). A figure for an area takes three stations.`,
  daysAbove: ({ above, limit, instrument, least, most, permitted }) =>
    `${above === 0 ? 'On no day did the mean of the sensors lie' : `On ${above} ${above === 1 ? 'day' : 'days'} the mean of the sensors lay`} above ${limit} (daily mean, ${instrument}); ${most === 0 ? 'with the uncertainty added it is none either' : `with the uncertainty subtracted and added it is ${least === most ? 'as many' : `${least} to ${most}`}`}. A calendar year may have ${permitted}.`,
  humidDays: (count) =>
    `${count} of these days ${count === 1 ? 'was' : 'were'} humid: such sensors then tend to read high.`,
  notCounted: ({ notCounted, days }) =>
    `${notCounted} of ${days} days ${notCounted === 1 ? 'is' : 'are'} not counted: valid measurements or stations are missing.`,
  yearAbove: ({ limit, instrument, isAbove }) =>
    `The mean of the year is ${isAbove ? 'above' : 'not above'} ${limit} (annual mean, ${instrument}).`,
  inForce: {
    later: (date) => `This value is in force from ${date} only.`,
    since: (date) => `This value is in force from ${date}; days before are counted against it for comparison only.`,
    until: (date) => `This value was in force until ${date}; days after are counted against it for comparison only.`,
    earlier: (date) => `This value was in force until ${date} only.`,
  },
  yearNeedsYear: ({ limit, instrument }) =>
    `For this quantity ${instrument} has an annual mean only (${limit}). It is compared with a whole calendar year.`,
  finding: {
    beyond: 'That is more than the rule provides for.',
    within: 'That is not more than the rule provides for.',
    open: 'Whether the calendar year stays within the rule cannot be told from these days.',
    none: '',
  },
  findingOfYears: {
    beyond: ({ year, above }) =>
      `In ${year} it was ${above} ${above === 1 ? 'day' : 'days'}: that is more than the rule provides for.`,
    within: 'In none of these calendar years is it more than the rule provides for.',
    open: 'Whether each of these calendar years stays within the rule cannot be told from these days.',
  },
  findingAlsoLeast: 'It is more with the uncertainty subtracted as well.',
  findingWord: { beyond: 'more than provided for', within: 'not more', open: 'open', none: '–' },
  percentile: ({ value, rank }) =>
    `With gaps, the value at place ${rank} from the top counts instead of the days: ${value}.`,
  legal: 'An indicative comparison: only the official network can establish that a legal rule is broken.',
  chart: 'Course',
  chartSummary: ({ quantity, place, period, span, valid }) =>
    `${quantity}, ${place}, ${period}: daily values ${between(span)}, ${valid === 1 ? 'one valid day' : `${valid} valid days`}.`,
  chartLegend: {
    line: 'daily value',
    band: 'middle half of the stations',
    limit: 'value compared with',
    gap: 'not counted',
    above: 'day above',
  },
  noChart: 'No day of this period has enough valid measurements for a course.',
  rules: 'Days above the values of other rules',
  rulesCaption:
    'Days on which the mean of the sensors lay above the value; “from, to” with the uncertainty subtracted and added. “Permitted” is per calendar year.',
  rulesColumns: ['Rule', 'Value', 'Days', 'from, to', 'permitted'],
  noDailyRule: 'no daily value',
  calendar: 'Day by day',
  calendarLegend:
    'One box a day, coloured by the daily value. Triangle: above the value compared with. Empty: not counted. Dot: humid day, as far as a sound humidity sensor was there.',
  calendarTable: 'All days as a table',
  dayColumns: ['Day', 'Value', '± U', 'Stations', 'Comparison', 'Marks'],
  dayState: { above: 'above', 'not-above': 'not above', 'no-coverage': 'not counted' },
  marks: { humid: 'humid', flagged: 'doubtful hours', annotated: 'marked by the host' },
  gegenprobe: 'Cross-check',
  gegenprobeIntro:
    'The same question under every other defensible choice: what the other side would try is already here. Each line leads to its report.',
  gegenprobeColumns: ['Choice', 'µg/m³', 'Stations', 'Days above', 'Outcome'],
  gegenprobeOwn: 'as in this report',
  holds: ({ holds, of }) =>
    of === 1
      ? 'Only this choice comes to a statement.'
      : `Of ${of} combinations of these choices that come to a statement, ${holds} ${holds === 1 ? 'comes' : 'come'} to the same as this report.`,
  holdsNothing: 'Whether the rule would be kept cannot be told under any of these choices.',
  valueRange: (span) =>
    span.isOne ? `The figure is ${span.most} throughout.` : `The figure is ${between(span)}, depending on the choice.`,
  holdsOpen: (of) =>
    `This report comes to no statement; ${of === 1 ? 'one combination' : `${of} combinations`} of these choices ${of === 1 ? 'does' : 'do'}.`,
  choices: {
    statistic: { median: 'median of the stations', mean: 'mean of the stations' },
    values: {
      raw: 'raw values',
      'gamma-de': 'with humidity formula gamma 0.22 (research only)',
      'reference-ratio': 'adjusted to an official station (hourly ratio)',
    },
    doubtful: { with: 'with doubtful hours', without: 'without doubtful hours' },
    annotated: { with: 'with marked hours', without: 'without hours marked by the host' },
    highest: { with: 'with the highest station', without: 'without the highest station' },
    stations: { all: 'all stations', 'same-as-last-year': 'only stations that were valid the year before too' },
  },
  choiceNames: {
    statistic: 'Value of an area',
    values: 'Values',
    doubtful: 'Doubtful hours',
    annotated: 'Marked hours',
    highest: 'Highest station',
    stations: 'Stations',
  },
  quality: 'What the figure rests on',
  coverage: ({ n, of, valid, possible, percent }) =>
    `${n} of ${of} ${of === 1 ? 'station' : 'stations'} ${n === 1 ? 'counts' : 'count'}. ${n === 0 ? '' : `Of ${n === 1 ? 'its' : 'their'} ${possible} possible hours ${valid} are valid (${percent}). `}An hour is valid with 75\u202f% of the expected readings, a day with 18 hours, a period with 75\u202f% of its days.`,
  lastYear: (count) =>
    `${count === 1 ? 'One of the stations was' : `${count} of the stations were`} valid in the same period of the year before too.`,
  stationColumns: ['Station', 'Mean µg/m³', 'Days', 'Note'],
  leftOut: {
    indoor: 'indoors, does not count',
    excluded: (reason) => (reason === '' ? 'left out' : `left out: ${reason}`),
    invalid: 'too few valid days, does not count',
  },
  missing: (ids) => `Not public (any more), therefore not included: ${ids}.`,
  revised: (count) =>
    `${count === '1' ? 'One hourly value was' : `${count} hourly values were`} changed after the first version (late measurements, marks).`,
  official: 'Official values beside it',
  noOfficial: 'This installation has no official station with values of this period.',
  officialAway: (distance) => `, ${distance} away`,
  officialText: ({ name, distance, officialMean, placeMean, common, place, official }) =>
    `Nearest official station with values: ${name}${distance}. Over the ${common === 1 ? 'one day' : `${common} days`} both have (here ${place}, official ${official}): official ${officialMean}, citizen sensors ${placeMean} (raw values). Official stations stand otherwise than sensors at homes; a difference alone is no error.`,
  officialNoCommon: ({ name, distance, place, official }) =>
    `Nearest official station with values: ${name}${distance}. No day has both values (here ${place} ${place === 1 ? 'day' : 'days'}, official ${official}).`,
  officialHours: ({ name, distance, officialMean, placeMean, common, place, official }) =>
    `Nearest official station with values: ${name}${distance}. Over the ${common === '1' ? 'one hour' : `${common} hours`} both have (here ${place}, official ${official}): official ${officialMean}, citizen sensors ${placeMean} (raw values). Official stations stand otherwise than sensors at homes; a difference alone is no error.`,
  reference: {
    row: (names) => `adjusted to ${names}`,
    note: ({ names, share, method }) =>
      `Adjusted means: each hour is multiplied by the ratio of ${names} to the like sensors near it (method ${method}). ${share} of this value thus stem from others; it cannot be recomputed from a citation.`,
  },
  noReference:
    'This cannot be adjusted: within 15 km there is no official station with hourly values of this period and enough like sensors near it.',
  notCitable:
    'Adjusted values rest on measurements of others and cannot be cited. The report from raw values can be cited; this value stands in its cross-check.',
  method: 'Method',
  methodText: ({ report, list }) => `Computed with ${report} (${list}).`,
  methodsLink: 'All methods and their sources',
  checked: (date) => `Values of the rules last compared with their sources on ${date}.`,
  licence: 'Licence and sources',
  licences: (all) =>
    all.length === 1 || isOneLicence(all)
      ? `Measurements of the stations named, licence ${all.join('; in part ')}.`
      : `Measurements of the stations named under several licences; for the figure the strictest applies: ${all[0]}. All: ${all.join(', ')}.`,
  says: 'What this does and does not say',
  caveats: ({ n, percent }) =>
    `${n === 0 ? '' : `It rests on ${n === 1 ? 'one citizen sensor' : `${n} citizen sensors`} with ${percent} of the possible hours. `}It is not an official value and does not establish that a legal rule is broken. It holds for the places where the sensors hang, not for the air of a whole area. Low-cost optical sensors read high in humid air. It says nothing of nitrogen dioxide and ozone.`,
  copy: 'Copy paragraph',
  copied: 'Copied',
  takeAway: 'Take away',
  cite: 'Cite',
  citeText:
    'Freezes this figure with all its hourly values at a permanent address, signed, for anyone to check. This cannot be undone.',
  print: 'Print',
  printed: (date, address) => `As of ${date}, not frozen. The same question again: ${address}`,
  files: {
    svg: 'Chart (SVG)',
    png: 'Chart (PNG)',
    csv: 'Days (CSV)',
    excel: 'Days (CSV for German Excel)',
    json: 'All numbers (JSON)',
  },
  form: 'Change the question',
  fields: {
    area: 'Area',
    station: 'Stations',
    orStation: 'or stations',
    stationHelp: 'Ids, separated by commas',
    stationName: 'Name of a station',
    remove: 'Leave out',
    quantity: 'Quantity',
    from: 'First day',
    to: 'Last day',
    rule: 'Compare with',
    choices: 'Further choices',
    submit: 'Show report',
    noArea: 'no area',
    period: 'Period',
  },
  quickPeriods: {
    lastDays: 'Last 7 days',
    soFar: (year) => `${year} so far`,
    winter: (from, to) => (from === to ? `Winter ${from}` : `Winter ${from}/${to.slice(2)}`),
  },
  ruleNames: {
    eu: 'EU law in force',
    eu2030: 'EU law from 2030',
    who: 'WHO guideline 2021',
    at: 'Austria (IG-L)',
    ch: 'Switzerland (LRV)',
    none: 'no value',
  },
  faults: {
    'no-place': 'Please choose an area or a station.',
    'bad-place': 'The place in this address is none: either an area or ids of stations.',
    'too-many-stations': 'These are more than 60 stations.',
    'bad-quantity': 'There are reports for PM2.5 and PM10.',
    'bad-period': 'The period needs a first and a last day from 2010 on, in this order.',
    'too-long': 'The period is longer than three years.',
    'not-begun': 'No day of this period is over yet. There are no measurements of the future.',
    'bad-rule': 'The chosen rule has no value for this quantity.',
    'bad-choice': 'One of the choices in this address does not exist.',
  },
  notes: { 'cut-to-closed': 'The period goes beyond yesterday: counted up to the last day that is over.' },
  unknownArea: 'This area does not exist here. The file of the borders may have changed.',
  unknownStation: 'There is no public station with these ids. They may have been removed or hidden.',
  tooMuch: 'So many hours of so many stations are too much for one report: please shorten the period.',
  storeAway: 'The measurements cannot be reached just now. Please try again later.',
  behind:
    'The means are not up to date yet: some are being made anew. The figures may change in the next minutes; they can be cited and downloaded after that.',
};
