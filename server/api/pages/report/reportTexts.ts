import type { Finding } from '../../../domain/report/figure.ts';
import type { Choices } from '../../../domain/report/question.ts';
import type { QuestionFault, QuestionNote } from '../../../report/questionUrl.ts';

/** Words for each value of each choice. */
type ChoiceWords = { [Name in keyof Choices]: Record<Choices[Name], string> };

/** Texts of reports and citations in one language. Numbers and dates come in formatted. */
export interface ReportTexts {
  title: string;
  heading(parts: { quantity: string; place: string; period: string }): string;
  intro: string;
  severalStations(count: number): string;
  station(name: string): string;
  withdrawnStation: string;
  /** A station whose place was taken out. */
  withheldStation: string;
  period(from: string, to: string): string;
  indicative: string;
  figure: Record<'median' | 'mean', (parts: FigureParts) => string> & { single(parts: FigureParts): string };
  uncertainty(value: string): string;
  noData(place: string): string;
  tooFew(parts: { place: string; n: number; of: number }): string;
  daysAbove(parts: DaysAboveParts): string;
  humidDays(count: number): string;
  notCounted(parts: { notCounted: number; days: number }): string;
  yearAbove(parts: { limit: string; instrument: string; isAbove: boolean }): string;
  yearNeedsYear(parts: { limit: string; instrument: string }): string;
  finding: Record<Finding, string>;
  findingAlsoLeast: string;
  findingWord: Record<Finding, string>;
  percentile(parts: { value: string; rank: number }): string;
  legal: string;
  chart: string;
  chartSummary(parts: {
    quantity: string;
    place: string;
    period: string;
    min: string;
    max: string;
    valid: number;
  }): string;
  chartLegend: { line: string; band: string; limit: string; gap: string; above: string };
  noChart: string;
  rules: string;
  rulesCaption: string;
  rulesColumns: [string, string, string, string, string];
  noDailyRule: string;
  calendar: string;
  calendarLegend: string;
  calendarTable: string;
  dayColumns: [string, string, string, string, string, string];
  dayState: Record<'above' | 'not-above' | 'no-coverage', string>;
  marks: Record<'humid' | 'flagged' | 'annotated', string>;
  gegenprobe: string;
  gegenprobeIntro: string;
  gegenprobeColumns: [string, string, string, string, string];
  gegenprobeOwn: string;
  holds(parts: { holds: number; of: number }): string;
  holdsNothing: string;
  /** Of a report that itself comes to no statement. */
  holdsOpen(of: number): string;
  choices: ChoiceWords;
  choiceNames: Record<keyof Choices, string>;
  quality: string;
  coverage(parts: { n: number; of: number; valid: string; possible: string; percent: string }): string;
  lastYear(count: number): string;
  stationColumns: [string, string, string, string];
  leftOut: { indoor: string; excluded(reason: string): string; invalid: string };
  missing(ids: string): string;
  revised(count: string): string;
  official: string;
  noOfficial: string;
  officialText(
    parts: Record<'name' | 'distance' | 'officialMean' | 'placeMean', string> &
      Record<'common' | 'place' | 'official', number>,
  ): string;
  officialAway(distance: string): string;
  /** `distance`: as `officialAway` says it, or empty. */
  officialNoCommon(parts: { name: string; distance: string; place: number; official: number }): string;
  method: string;
  methodText(parts: { report: string; list: string }): string;
  checked(date: string): string;
  licence: string;
  licences(parts: { strictest: string; all: string }): string;
  says: string;
  caveats(parts: { n: number; percent: string }): string;
  copy: string;
  copied: string;
  takeAway: string;
  cite: string;
  citeText: string;
  print: string;
  files: Record<'svg' | 'png' | 'csv' | 'excel' | 'json', string>;
  form: string;
  fields: Record<
    'area' | 'station' | 'stationHelp' | 'quantity' | 'from' | 'to' | 'rule' | 'choices' | 'submit' | 'noArea',
    string
  >;
  ruleNames: Record<string, string>;
  faults: Record<QuestionFault, string>;
  notes: Record<QuestionNote, string>;
  unknownArea: string;
  unknownStation: string;
  tooMuch: string;
  storeAway: string;
  publicReason: string;
}

interface FigureParts {
  n: number;
  /** Name of an area or station; empty for several stations. */
  place: string;
  value: string;
  quantity: string;
  period: string;
}

interface DaysAboveParts {
  above: number;
  limit: string;
  instrument: string;
  least: number;
  most: number;
  permitted: number;
}

/** ` in Ehrenfeld`; nothing where the place has no name of its own. */
function inPlace(area: string): string {
  return area === '' ? '' : ` in ${area}`;
}

const de: ReportTexts = {
  title: 'Bericht',
  heading: ({ quantity, place, period }) => `${quantity}: ${place}, ${period}`,
  intro:
    'Eine Zahl aus Bürgermessungen mit allem, worauf sie beruht: zum Nachrechnen, Drucken und Zitieren. Die Adresse dieser Seite enthält die ganze Frage.',
  severalStations: (count) => `${count} ausgewählte Stationen`,
  station: (name) => `Station ${name}`,
  withdrawnStation: 'zurückgezogene Station',
  withheldStation: 'Station ohne Ortsangabe',
  period: (from, to) => `${from} bis ${to}`,
  indicative: 'Bürgermessung, kein amtlicher Messwert',
  figure: {
    median: ({ n, place, value, quantity, period }) =>
      `Median der ${n} Stationen${inPlace(place)}: ${value} ${quantity}, ${period}.`,
    mean: ({ n, place, value, quantity, period }) =>
      `Mittel der ${n} Stationen${inPlace(place)}: ${value} ${quantity}, ${period}.`,
    single: ({ place, value, quantity, period }) => `${place}: im Mittel ${value} ${quantity}, ${period}.`,
  },
  uncertainty: (value) => `Unsicherheit ± ${value} (95\u202f%).`,
  noData: (place) => `Für ${place} liegen aus diesem Zeitraum keine gültigen Stundenwerte vor.`,
  tooFew: ({ place, n, of }) =>
    n === 0 && of <= 1
      ? `${place}: Für ein Mittel über den Zeitraum sind zu wenige Tage gültig; nötig sind 75\u202f%.`
      : `${place}: Nur ${n} von ${of} Stationen ${n === 1 ? 'hat' : 'haben'} genug gültige Tage (75\u202f%). Einen Wert für das Gebiet gibt es ab drei Stationen.`,
  daysAbove: ({ above, limit, instrument, least, most, permitted }) =>
    `${above === 1 ? 'An einem Tag' : `An ${above} Tagen`} lag das Sensormittel über ${limit} (Tagesmittel, ${instrument}); mit abgezogener und zugezählter Unsicherheit sind es ${least} bis ${most}. Im Kalenderjahr sind ${permitted} erlaubt.`,
  humidDays: (count) =>
    count === 1
      ? 'Einer dieser Tage war feucht: Dann zeigen solche Sensoren eher zu viel.'
      : `${count} dieser Tage waren feucht: Dann zeigen solche Sensoren eher zu viel.`,
  notCounted: ({ notCounted, days }) => `${notCounted} von ${days} Tagen sind nicht gezählt, weil Messwerte fehlen.`,
  yearAbove: ({ limit, instrument, isAbove }) =>
    `Das Jahresmittel liegt ${isAbove ? 'über' : 'nicht über'} ${limit} (Jahresmittel, ${instrument}).`,
  yearNeedsYear: ({ limit, instrument }) =>
    `${instrument} nennt für diese Größe nur ein Jahresmittel (${limit}). Verglichen wird es mit einem vollen Kalenderjahr.`,
  finding: {
    beyond: 'Das ist mehr, als die Vorgabe vorsieht.',
    within: 'Das ist nicht mehr, als die Vorgabe vorsieht.',
    open: 'Ob das Kalenderjahr innerhalb der Vorgabe bleibt, lässt sich aus diesen Tagen nicht sagen.',
    none: '',
  },
  findingAlsoLeast: 'Auch mit abgezogener Unsicherheit bleibt es mehr.',
  findingWord: { beyond: 'mehr als vorgesehen', within: 'nicht mehr', open: 'offen', none: '–' },
  percentile: ({ value, rank }) =>
    `Bei lückenhaften Daten zählt statt der Tage der Wert an Stelle ${rank} von oben: ${value}.`,
  legal:
    'Ein orientierender Vergleich: Ob eine rechtliche Vorgabe verletzt ist, stellt nur das amtliche Messnetz fest.',
  chart: 'Verlauf',
  chartSummary: ({ quantity, place, period, min, max, valid }) =>
    `${quantity}, ${place}, ${period}: Tageswerte zwischen ${min} und ${max}, ${valid === 1 ? 'ein gültiger Tag' : `${valid} gültige Tage`}.`,
  chartLegend: {
    line: 'Tageswert',
    band: 'mittlere Hälfte der Stationen',
    limit: 'Vergleichswert',
    gap: 'nicht gezählt',
    above: 'Tag darüber',
  },
  noChart: 'Kein Tag dieses Zeitraums hat genug gültige Messwerte für einen Verlauf.',
  rules: 'Tage über den Werten anderer Regeln',
  rulesCaption:
    'Gezählt sind Tage, an denen das Sensormittel über dem Wert lag; „von, bis“ mit abgezogener und zugezählter Unsicherheit. „Erlaubt“ gilt je Kalenderjahr.',
  rulesColumns: ['Regel', 'Wert', 'Tage', 'von, bis', 'erlaubt'],
  noDailyRule: 'kein Tageswert',
  calendar: 'Tag für Tag',
  calendarLegend:
    'Ein Kästchen je Tag, Farbe nach dem Tageswert. Dreieck: über dem Vergleichswert. Leer: nicht gezählt. Punkt: feuchter Tag.',
  calendarTable: 'Alle Tage als Tabelle',
  dayColumns: ['Tag', 'Wert', '± U', 'Stationen', 'Vergleich', 'Merkmale'],
  dayState: { above: 'darüber', 'not-above': 'nicht darüber', 'no-coverage': 'nicht gezählt' },
  marks: { humid: 'feucht', flagged: 'zweifelhafte Stunden', annotated: 'vom Betreiber markiert' },
  gegenprobe: 'Gegenprobe',
  gegenprobeIntro:
    'Dieselbe Frage, jede andere vertretbare Wahl: Was die Gegenseite versuchen würde, steht schon hier. Jede Zeile führt zu ihrem Bericht.',
  gegenprobeColumns: ['Wahl', 'µg/m³', 'Stationen', 'Tage darüber', 'Ergebnis'],
  gegenprobeOwn: 'wie in diesem Bericht',
  holds: ({ holds, of }) =>
    `Von ${of} Verbindungen dieser Wahlen, die zu einer Aussage kommen, kommen ${holds} zu derselben wie dieser Bericht.`,
  holdsNothing: 'Keine Verbindung dieser Wahlen kommt zu einer Aussage, die halten oder fallen könnte.',
  holdsOpen: (of) =>
    `Dieser Bericht kommt zu keiner Aussage; ${of === 1 ? 'eine Verbindung dieser Wahlen kommt' : `${of} Verbindungen dieser Wahlen kommen`} zu einer.`,
  choices: {
    statistic: { median: 'Median der Stationen', mean: 'Mittel der Stationen' },
    values: { raw: 'Rohwerte', 'gamma-de': 'mit Feuchteformel gamma 0,22 (nur Forschung)' },
    doubtful: { with: 'mit zweifelhaften Stunden', without: 'ohne zweifelhafte Stunden' },
    annotated: { with: 'mit markierten Stunden', without: 'ohne vom Betreiber markierte Stunden' },
    highest: { with: 'mit der höchsten Station', without: 'ohne die höchste Station' },
    stations: { all: 'alle Stationen', 'same-as-last-year': 'nur Stationen, die im Jahr davor auch gültig waren' },
  },
  choiceNames: {
    statistic: 'Gebietswert',
    values: 'Werte',
    doubtful: 'Zweifelhafte Stunden',
    annotated: 'Markierte Stunden',
    highest: 'Höchste Station',
    stations: 'Stationen',
  },
  quality: 'Worauf die Zahl beruht',
  coverage: ({ n, of, valid, possible, percent }) =>
    `${n} von ${of} Stationen zählen. Von ihren ${possible} möglichen Stunden sind ${valid} gültig (${percent}). Eine Stunde gilt mit 75 % der erwarteten Messungen, ein Tag mit 18 Stunden, ein Zeitraum mit 75 % seiner Tage.`,
  lastYear: (count) => `${count} der Stationen waren im selben Zeitraum des Vorjahrs auch gültig.`,
  stationColumns: ['Station', 'Mittel µg/m³', 'Tage', 'Hinweis'],
  leftOut: {
    indoor: 'drinnen, zählt nicht',
    excluded: (reason) => `ausgenommen: ${reason}`,
    invalid: 'zu wenige gültige Tage, zählt nicht',
  },
  missing: (ids) => `Nicht (mehr) öffentlich und deshalb nicht dabei: ${ids}.`,
  revised: (count) =>
    `${count} Stundenwerte wurden nach ihrem ersten Stand geändert (nachgereichte Messungen, Markierungen).`,
  official: 'Amtliche Werte daneben',
  noOfficial: 'In dieser Installation gibt es keine amtliche Station mit Werten aus diesem Zeitraum.',
  officialAway: (distance) => `, ${distance} entfernt`,
  officialText: ({ name, distance, officialMean, placeMean, common, place, official }) =>
    `Nächste amtliche Station mit Werten: ${name}${distance}. Über die ${common} Tage, die beide haben (hier ${place}, amtlich ${official}): amtlich ${officialMean}, Bürgersensoren ${placeMean} (Rohwerte). Amtliche Stationen stehen anders als Sensoren an Wohnungen; ein Unterschied allein ist kein Fehler.`,
  officialNoCommon: ({ name, distance, place, official }) =>
    `Nächste amtliche Station mit Werten: ${name}${distance}. Kein Tag hat beide Werte (hier ${place} Tage, amtlich ${official}).`,
  method: 'Verfahren',
  methodText: ({ report, list }) =>
    `Gerechnet mit ${report} (${list}). Alle Verfahren stehen mit ihren Quellen in der Schnittstelle unter /api/v1/methods.`,
  checked: (date) => `Werte der Regeln zuletzt mit ihren Quellen verglichen am ${date}.`,
  licence: 'Lizenz und Quellen',
  licences: ({ strictest, all }) =>
    all === strictest
      ? `Messwerte der genannten Stationen, Lizenz ${strictest}.`
      : `Messwerte der genannten Stationen unter mehreren Lizenzen; für die Zahl gilt die strengste: ${strictest}. Alle: ${all}.`,
  says: 'Was das sagt und was nicht',
  caveats: ({ n, percent }) =>
    `Grundlage ${n === 1 ? 'ist' : 'sind'} ${n === 1 ? 'ein Bürgersensor' : `${n} Bürgersensoren`} mit ${percent} der möglichen Stunden. Das ist kein amtlicher Messwert und stellt nicht fest, dass eine rechtliche Vorgabe verletzt ist. Es gilt für die Orte, an denen die Sensoren hängen, nicht für die Luft eines ganzen Gebiets. Einfache optische Sensoren zeigen bei feuchter Luft zu viel. Über Stickstoffdioxid und Ozon sagt es nichts.`,
  copy: 'Absatz kopieren',
  copied: 'Kopiert',
  takeAway: 'Mitnehmen',
  cite: 'Zitieren',
  citeText:
    'Friert diese Zahl mit allen Stundenwerten unter einer festen Adresse ein, unterschrieben und von jedem nachrechenbar. Das lässt sich nicht zurücknehmen.',
  print: 'Drucken',
  files: {
    svg: 'Diagramm (SVG)',
    png: 'Diagramm (PNG)',
    csv: 'Tage (CSV)',
    excel: 'Tage (CSV für Excel)',
    json: 'Alle Zahlen (JSON)',
  },
  form: 'Frage ändern',
  fields: {
    area: 'Gebiet',
    station: 'oder Stationen',
    stationHelp: 'Kennungen, durch Komma getrennt',
    quantity: 'Größe',
    from: 'Erster Tag',
    to: 'Letzter Tag',
    rule: 'Vergleichen mit',
    choices: 'Weitere Wahlen',
    submit: 'Bericht zeigen',
    noArea: 'kein Gebiet',
  },
  ruleNames: {
    eu: 'EU-Recht, geltend',
    eu2030: 'EU-Recht ab 2030',
    who: 'WHO-Leitlinie 2021',
    at: 'Österreich (IG-L)',
    ch: 'Schweiz (LRV)',
    none: 'keinem Wert',
  },
  faults: {
    'no-place': 'Bitte ein Gebiet oder eine Station wählen.',
    'bad-place': 'Der Ort in dieser Adresse ist keiner: entweder ein Gebiet oder Kennungen von Stationen.',
    'too-many-stations': 'Das sind mehr als 60 Stationen.',
    'bad-quantity': 'Berichte gibt es für PM2,5 und PM10.',
    'bad-period': 'Der Zeitraum braucht einen ersten und einen letzten Tag ab 2010, in dieser Reihenfolge.',
    'too-long': 'Der Zeitraum ist länger als drei Jahre.',
    'not-begun': 'Dieser Zeitraum hat noch keinen abgeschlossenen Tag. Über die Zukunft gibt es keine Messwerte.',
    'bad-rule': 'Für diese Größe kennt die gewählte Regel keinen Wert.',
    'bad-choice': 'Eine der Wahlen in dieser Adresse gibt es nicht.',
  },
  notes: {
    'cut-to-closed': 'Der Zeitraum reicht über gestern hinaus: Gezählt ist bis zum letzten abgeschlossenen Tag.',
  },
  unknownArea: 'Dieses Gebiet gibt es hier nicht. Vielleicht hat die Grenzdatei gewechselt.',
  unknownStation:
    'Unter diesen Kennungen gibt es keine öffentliche Station. Sie können entfernt oder verborgen worden sein.',
  tooMuch: 'So viele Stunden so vieler Stationen sind zu viel für einen Bericht: Bitte den Zeitraum kürzen.',
  storeAway: 'Die Messwerte sind gerade nicht zu erreichen. Bitte später noch einmal versuchen.',
  publicReason: 'Grund',
};

const en: ReportTexts = {
  title: 'Report',
  heading: ({ quantity, place, period }) => `${quantity}: ${place}, ${period}`,
  intro:
    'One figure from citizen measurements with everything it rests on: to check, to print and to cite. The address of this page holds the whole question.',
  severalStations: (count) => `${count} chosen stations`,
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
  uncertainty: (value) => `Uncertainty ± ${value} (95%).`,
  noData: (place) => `There are no valid hourly values for ${place} in this period.`,
  tooFew: ({ place, n, of }) =>
    n === 0 && of <= 1
      ? `${place}: too few days are valid for a mean over the period; it takes 75%.`
      : `${place}: only ${n} of ${of} stations ${n === 1 ? 'has' : 'have'} enough valid days (75%). A figure for an area takes three stations.`,
  daysAbove: ({ above, limit, instrument, least, most, permitted }) =>
    `On ${above} ${above === 1 ? 'day' : 'days'} the mean of the sensors lay above ${limit} (daily mean, ${instrument}); with the uncertainty subtracted and added it is ${least} to ${most}. A calendar year may have ${permitted}.`,
  humidDays: (count) =>
    `${count} of these days ${count === 1 ? 'was' : 'were'} humid: such sensors then tend to read high.`,
  notCounted: ({ notCounted, days }) =>
    `${notCounted} of ${days} days are not counted because measurements are missing.`,
  yearAbove: ({ limit, instrument, isAbove }) =>
    `The mean of the year is ${isAbove ? 'above' : 'not above'} ${limit} (annual mean, ${instrument}).`,
  yearNeedsYear: ({ limit, instrument }) =>
    `For this quantity ${instrument} has an annual mean only (${limit}). It is compared with a whole calendar year.`,
  finding: {
    beyond: 'That is more than the rule provides for.',
    within: 'That is not more than the rule provides for.',
    open: 'Whether the calendar year stays within the rule cannot be told from these days.',
    none: '',
  },
  findingAlsoLeast: 'It is more with the uncertainty subtracted as well.',
  findingWord: { beyond: 'more than provided for', within: 'not more', open: 'open', none: '–' },
  percentile: ({ value, rank }) =>
    `With gaps, the value at place ${rank} from the top counts instead of the days: ${value}.`,
  legal: 'An indicative comparison: only the official network can establish that a legal rule is broken.',
  chart: 'Course',
  chartSummary: ({ quantity, place, period, min, max, valid }) =>
    `${quantity}, ${place}, ${period}: daily values between ${min} and ${max}, ${valid === 1 ? 'one valid day' : `${valid} valid days`}.`,
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
    'One box a day, coloured by the daily value. Triangle: above the value compared with. Empty: not counted. Dot: humid day.',
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
    `Of ${of} combinations of these choices that come to a statement, ${holds} come to the same as this report.`,
  holdsNothing: 'No combination of these choices comes to a statement that could hold or fall.',
  holdsOpen: (of) =>
    `This report comes to no statement; ${of === 1 ? 'one combination' : `${of} combinations`} of these choices ${of === 1 ? 'does' : 'do'}.`,
  choices: {
    statistic: { median: 'median of the stations', mean: 'mean of the stations' },
    values: { raw: 'raw values', 'gamma-de': 'with humidity formula gamma 0.22 (research only)' },
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
    `${n} of ${of} stations count. Of their ${possible} possible hours ${valid} are valid (${percent}). An hour is valid with 75% of the expected readings, a day with 18 hours, a period with 75% of its days.`,
  lastYear: (count) => `${count} of the stations were valid in the same period of the year before too.`,
  stationColumns: ['Station', 'Mean µg/m³', 'Days', 'Note'],
  leftOut: {
    indoor: 'indoors, does not count',
    excluded: (reason) => `left out: ${reason}`,
    invalid: 'too few valid days, does not count',
  },
  missing: (ids) => `Not public (any more), therefore not included: ${ids}.`,
  revised: (count) => `${count} hourly values were changed after their first version (late measurements, marks).`,
  official: 'Official values beside it',
  noOfficial: 'This installation has no official station with values of this period.',
  officialAway: (distance) => `, ${distance} away`,
  officialText: ({ name, distance, officialMean, placeMean, common, place, official }) =>
    `Nearest official station with values: ${name}${distance}. Over the ${common} days both have (here ${place}, official ${official}): official ${officialMean}, citizen sensors ${placeMean} (raw values). Official stations stand otherwise than sensors at homes; a difference alone is no error.`,
  officialNoCommon: ({ name, distance, place, official }) =>
    `Nearest official station with values: ${name}${distance}. No day has both values (here ${place} days, official ${official}).`,
  method: 'Method',
  methodText: ({ report, list }) =>
    `Computed with ${report} (${list}). All methods and their sources are in the API under /api/v1/methods.`,
  checked: (date) => `Values of the rules last compared with their sources on ${date}.`,
  licence: 'Licence and sources',
  licences: ({ strictest, all }) =>
    all === strictest
      ? `Measurements of the stations named, licence ${strictest}.`
      : `Measurements of the stations named under several licences; for the figure the strictest applies: ${strictest}. All: ${all}.`,
  says: 'What this does and does not say',
  caveats: ({ n, percent }) =>
    `It rests on ${n === 1 ? 'one citizen sensor' : `${n} citizen sensors`} with ${percent} of the possible hours. It is not an official value and does not establish that a legal rule is broken. It holds for the places where the sensors hang, not for the air of a whole area. Low-cost optical sensors read high in humid air. It says nothing of nitrogen dioxide and ozone.`,
  copy: 'Copy paragraph',
  copied: 'Copied',
  takeAway: 'Take away',
  cite: 'Cite',
  citeText:
    'Freezes this figure with all its hourly values at a permanent address, signed, for anyone to check. This cannot be undone.',
  print: 'Print',
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
    station: 'or stations',
    stationHelp: 'Ids, separated by commas',
    quantity: 'Quantity',
    from: 'First day',
    to: 'Last day',
    rule: 'Compare with',
    choices: 'Further choices',
    submit: 'Show report',
    noArea: 'no area',
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
  publicReason: 'Reason',
};

/** Texts of reports and citations. */
export const REPORT_TEXTS = { de, en } as const;
