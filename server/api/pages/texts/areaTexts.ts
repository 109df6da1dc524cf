import type { AreaPeriod } from '../../../areas/areaWindows.ts';
import type { Language } from '../../../domain/names.ts';
import { between, type TextSpan, zwischen } from '../../../domain/textSpan.ts';

/** Texts of the pages of areas. Numbers come in formatted. */
export interface AreaTexts {
  title(area: string, name: string): string;
  description(area: string): string;
  allAreas: string;
  allAreasIntro: string;
  allAreasTitle(name: string): string;
  noAreas: string;
  notFoundTitle: string;
  notFoundText: string;
  showOnMap: string;
  /** Link to the weekly letter. */
  letter: string;
  quantityLabel: string;
  periodLabel: string;
  period: Record<AreaPeriod, string>;
  /** "the last 24 hours, up to 14:00" for the middle of a sentence. */
  span: Record<AreaPeriod, (from: string, to: string) => string>;
  /** What the number is: never "in the area" alone. */
  figureLabel(parts: { quantity: string; count: number; area: string }): string;
  ownMean(span: string): string;
  tooFew(parts: { count: number; total: number }): string;
  noStations: string;
  storeAway: string;
  middleHalf(span: TextSpan): string;
  noBand: string;
  extremes(span: TextSpan): string;
  /** `official`: the station of the comparison, where that made it. */
  uncertainty(value: string, official: string | undefined): string;
  tolerates(count: number, tolerated: number): string;
  basisHeading: string;
  basis(parts: { count: number; total: number }): string;
  leftOut: Record<'indoor' | 'unknownIndoor' | 'excluded' | 'withoutValidMean', (count: number) => string>;
  places: string;
  course: string;
  courseSummary(parts: Record<'quantity' | 'area' | 'last' | 'span', string> & { range: TextSpan }): string;
  courseLegend: string;
  noCourse: string;
  courseTable: string;
  courseCaption(quantity: string, zone: string): string;
  hour: string;
  day: string;
  median: string;
  lower: string;
  upper: string;
  stationCount: string;
  stations: string;
  stationsCaption(quantity: string, span: string): string;
  stationColumn: string;
  meanColumn: string;
  hoursColumn: string;
  daysColumn: string;
  sensorColumn: string;
  notCounted: Record<'indoor' | 'excluded' | 'invalid', string>;
  unknownSiting: string;
  /** In place of the model of a station that named none for the quantity. */
  unknownSensor: string;
  /** The same where the line says already that it is about surroundings. */
  notStated: string;
  sensors: string;
  sitings: string;
  downloadCsv: string;
  methods: string;
  officialLegend(station: string): string;
  officials: {
    heading: string;
    note: string;
    where(parts: { type: string; distance: TextSpan }): string;
    deviates: Record<'high' | 'low', (by: string) => string>;
    none: string;
    n: string;
    windows(n: number, isOfDays: boolean): string;
    network: string;
    official: string;
    bias: string;
    correlation: string;
    source(network: string, licence: string): string;
  };
  overview: { area: string; median: string; stations: string; caption: string };
}

/** Both languages. */
export const AREA_TEXTS: Readonly<Record<Language, AreaTexts>> = {
  de: {
    title: (area, name) => `${area} – ${name}`,
    description: (area) =>
      `Feinstaub an den Bürgerstationen in ${area}: Median, Verlauf und worauf die Zahlen beruhen.`,
    allAreas: 'Alle Gebiete',
    allAreasIntro:
      'Je Gebiet der Median der Bürgerstationen darin: erst das Mittel jeder Station über die letzten 24 Stunden, dann deren mittlerer Wert. Eine Zahl gibt es ab 3 Stationen.',
    allAreasTitle: (name) => `Gebiete – ${name}`,
    noAreas: 'Der Betreiber hat keine Gebiete eingerichtet.',
    notFoundTitle: 'Gebiet nicht gefunden',
    notFoundText: 'Unter dieser Adresse gibt es kein Gebiet.',
    showOnMap: 'Auf der Karte zeigen',
    letter: 'Wochenbrief',
    quantityLabel: 'Messgröße',
    periodLabel: 'Zeitraum',
    period: { '24h': '24 Stunden', '7d': '7 Tage', '30d': '30 Tage', '365d': '12 Monate' },
    span: {
      '24h': (_, to) => `über die 24 Stunden bis ${to}`,
      '7d': (_, to) => `über die 7 Tage bis ${to}`,
      '30d': (from, to) => `über die 30 Tage vom ${from} bis ${to}`,
      '365d': (from, to) => `über die 365 Tage vom ${from} bis ${to}`,
    },
    figureLabel: ({ quantity, count, area }) => `${quantity}, Median der ${count} Stationen in ${area}`,
    ownMean: (span) => `Aus dem Mittel jeder Station ${span}.`,
    tooFew: ({ count, total }) =>
      `${count === 0 && total === 1 ? 'Die einzige Station hat in diesem Zeitraum kein' : `${count === 0 ? 'Keine' : count < total ? `Nur ${count}` : count} von ${total} ${total === 1 ? 'Station' : 'Stationen'} ${count > 1 ? 'haben' : 'hat'} in diesem Zeitraum ein`} gültiges Mittel. Eine Zahl für das Gebiet gibt es ab 3.`,
    noStations: 'In diesem Gebiet steht noch keine öffentliche Station.',
    storeAway: 'Die Messwerte sind gerade nicht zu erreichen.',
    middleHalf: (span) => `Die mittlere Hälfte der Stationen liegt ${zwischen(span)}.`,
    noBand: 'Eine Spanne gibt es ab 5 Stationen.',
    extremes: ({ least, most, isOne }) =>
      isOne ? `Mittel jeder Station: ${most}.` : `Kleinstes und größtes Mittel einer Station: ${least} und ${most}.`,
    uncertainty: (value, official) =>
      `Unsicherheit ±\u00a0${value}, wie für einen einzelnen Sensor: Sensoren gleicher Bauart irren oft gemeinsam, mehr Stationen machen sie nicht richtiger.${official === undefined ? '' : ` So weit wichen Sensoren dieser Bauart hier von den amtlichen Werten ab (${official}).`}`,
    tolerates: (count, tolerated) =>
      `${tolerated === 1 ? 'Eine' : tolerated} der ${count} Stationen ${tolerated === 1 ? 'könnte' : 'könnten'} beliebig falsch messen, ohne dass der Median es wäre.`,
    basisHeading: 'Worauf die Zahl beruht',
    basis: ({ count, total }) =>
      count === 0 && total === 1
        ? 'Die einzige Station zählt nicht.'
        : `${count} von ${total} ${total === 1 ? 'Station' : 'Stationen'} ${count === 1 ? 'zählt' : 'zählen'}.`,
    leftOut: {
      indoor: (count) => `${count} im Innenraum`,
      unknownIndoor: (count) => `${count} ohne Angabe, ob drinnen oder draußen`,
      excluded: (count) => `${count} von Auswertungen ausgenommen`,
      withoutValidMean: (count) => `${count} mit zu wenigen Messungen (unter 75 % des Zeitraums)`,
    },
    places:
      'Der Median beschreibt die Orte dieser Stationen, nicht die Luft im ganzen Gebiet: Sie hängen, wo jemand wohnt, der mitmisst.',
    course: 'Verlauf',
    courseSummary: ({ quantity, area, range, last, span }) =>
      `${quantity}, Median der Stationen in ${area} ${span}: ${zwischen(range)}, zuletzt ${last}.`,
    courseLegend:
      'Linie: Median der Stationen. Graues Band: die mittlere Hälfte der Stationen, ab 5. Jeder Punkt steht für sich; das Mittel des Zeitraums wird nicht aus ihm gebildet.',
    noCourse: 'In diesem Zeitraum gibt es für keinen Abschnitt genug Stationen.',
    courseTable: 'Verlauf als Tabelle',
    courseCaption: (quantity, zone) => `${quantity} in µg/m³, Median der Stationen, Zeitzone ${zone}`,
    hour: 'Stunde ab',
    day: 'Tag',
    median: 'Median',
    lower: 'Unteres Viertel bis',
    upper: 'Oberes Viertel ab',
    stationCount: 'Stationen',
    stations: 'Stationen',
    stationsCaption: (quantity, span) => `${quantity} in µg/m³, Mittel jeder Station ${span}`,
    stationColumn: 'Station',
    meanColumn: 'Mittel',
    hoursColumn: 'Gültige Stunden',
    daysColumn: 'Gültige Tage',
    sensorColumn: 'Sensor, Umgebung',
    notCounted: {
      indoor: 'zählt nicht: Innenraum',
      excluded: 'zählt nicht: ausgenommen',
      invalid: 'zu wenige Messungen',
    },
    unknownSiting: 'Umgebung nicht angegeben',
    unknownSensor: 'Sensor nicht angegeben',
    notStated: 'nicht angegeben',
    sensors: 'Sensoren',
    sitings: 'Umgebung der Stationen',
    downloadCsv: 'Verlauf herunterladen (CSV)',
    methods: 'Wie wird gerechnet?',
    officialLegend: (station) => `Quadrate: amtliche Station ${station}.`,
    officials: {
      heading: 'Amtliche Station in der Nähe',
      note: 'Verglichen werden Rohwerte in denselben Stunden oder Tagen: der Median der Bürgerstationen mit dem amtlichen Mittel. Beide stehen an verschiedenen Orten.',
      where: ({ type, distance }) =>
        `Amtliche Station (${type}), ${distance.isOne ? '' : `${distance.least} bis `}${distance.most} von den Bürgerstationen entfernt.`,
      deviates: {
        high: (by) =>
          `Das ganze Netz weicht von der amtlichen Station ab: Es zeigt im Mittel ${by} mehr. Dass die Sensoren einander gleichen, macht sie nicht richtig.`,
        low: (by) =>
          `Das ganze Netz weicht von der amtlichen Station ab: Es zeigt im Mittel ${by} weniger. Dass die Sensoren einander gleichen, macht sie nicht richtig.`,
      },
      none: 'In diesem Zeitraum gibt es keine gemeinsamen Werte.',
      n: 'Verglichen',
      windows: (n, isOfDays) =>
        isOfDays ? `${n} ${n === 1 ? 'Tag' : 'Tage'}` : `${n} ${n === 1 ? 'Stunde' : 'Stunden'}`,
      network: 'Mittel der Mediane',
      official: 'Amtliches Mittel',
      bias: 'Abweichung',
      correlation: 'Korrelation r',
      source: (network, licence) => `Quelle: ${network}. Lizenz: ${licence}.`,
    },
    overview: {
      area: 'Gebiet',
      median: 'PM2,5 in µg/m³, 24 Stunden',
      stations: 'Stationen, die zählen',
      caption: 'Median der Stationen je Gebiet',
    },
  },
  en: {
    title: (area, name) => `${area} – ${name}`,
    description: (area) =>
      `Particulates at the citizens’ stations in ${area}: median, course and what the numbers rest on.`,
    allAreas: 'All areas',
    allAreasIntro:
      'For each area the median of the citizens’ stations in it: first each station’s mean over the last 24 hours, then the middle one of these. There is a number from 3 stations on.',
    allAreasTitle: (name) => `Areas – ${name}`,
    noAreas: 'The operator has set up no areas.',
    notFoundTitle: 'Area not found',
    notFoundText: 'There is no area at this address.',
    showOnMap: 'Show on the map',
    letter: 'Weekly letter',
    quantityLabel: 'Quantity',
    periodLabel: 'Period',
    period: { '24h': '24 hours', '7d': '7 days', '30d': '30 days', '365d': '12 months' },
    span: {
      '24h': (_, to) => `over the 24 hours up to ${to}`,
      '7d': (_, to) => `over the 7 days up to ${to}`,
      '30d': (from, to) => `over the 30 days from ${from} to ${to}`,
      '365d': (from, to) => `over the 365 days from ${from} to ${to}`,
    },
    figureLabel: ({ quantity, count, area }) => `${quantity}, median of the ${count} stations in ${area}`,
    ownMean: (span) => `Of each station’s own mean ${span}.`,
    tooFew: ({ count, total }) =>
      `${count === 0 && total === 1 ? 'The only station has no' : `${count === 0 ? 'None' : count < total ? `Only ${count}` : count} of ${total} ${total === 1 ? 'station' : 'stations'} ${count > 1 ? 'have' : 'has'} a`} valid mean of this period. There is a number for the area from 3 on.`,
    noStations: 'There is no public station in this area yet.',
    storeAway: 'The readings cannot be reached at the moment.',
    middleHalf: (span) => `The middle half of the stations lies ${between(span)}.`,
    noBand: 'There is a range from 5 stations on.',
    extremes: ({ least, most, isOne }) =>
      isOne ? `Mean of every station: ${most}.` : `Lowest and highest mean of a station: ${least} and ${most}.`,
    uncertainty: (value, official) =>
      `Uncertainty ±\u00a0${value}, as for a single sensor: sensors of one kind often err together, more of them do not make it right.${official === undefined ? '' : ` That is how far sensors of this kind were from official values here (${official}).`}`,
    tolerates: (count, tolerated) =>
      `${tolerated === 1 ? 'One' : tolerated} of the ${count} stations could be wrong by any amount without the median being so.`,
    basisHeading: 'What the number rests on',
    basis: ({ count, total }) =>
      count === 0 && total === 1
        ? 'The only station does not count.'
        : `${count} of ${total} ${total === 1 ? 'station' : 'stations'} ${count === 1 ? 'counts' : 'count'}.`,
    leftOut: {
      indoor: (count) => `${count} indoors`,
      unknownIndoor: (count) => `${count} without word of indoors or outdoors`,
      excluded: (count) => `${count} left out of figures`,
      withoutValidMean: (count) => `${count} with too few readings (below 75 % of the period)`,
    },
    places:
      'The median describes the places of these stations, not the air of the whole area: they hang where somebody lives who takes part.',
    course: 'Course',
    courseSummary: ({ quantity, area, range, last, span }) =>
      `${quantity}, median of the stations in ${area} ${span}: ${between(range)}, lately ${last}.`,
    courseLegend:
      'Line: median of the stations. Grey band: the middle half of the stations, from 5 on. Each point stands for itself; the mean of the period is not made of them.',
    noCourse: 'There are not enough stations for any part of this period.',
    courseTable: 'Course as a table',
    courseCaption: (quantity, zone) => `${quantity} in µg/m³, median of the stations, time zone ${zone}`,
    hour: 'Hour from',
    day: 'Day',
    median: 'Median',
    lower: 'Lower quarter up to',
    upper: 'Upper quarter from',
    stationCount: 'Stations',
    stations: 'Stations',
    stationsCaption: (quantity, span) => `${quantity} in µg/m³, mean of each station ${span}`,
    stationColumn: 'Station',
    meanColumn: 'Mean',
    hoursColumn: 'Valid hours',
    daysColumn: 'Valid days',
    sensorColumn: 'Sensor, surroundings',
    notCounted: {
      indoor: 'does not count: indoors',
      excluded: 'does not count: left out',
      invalid: 'too few readings',
    },
    unknownSiting: 'surroundings not stated',
    unknownSensor: 'sensor not stated',
    notStated: 'not stated',
    sensors: 'Sensors',
    sitings: 'Surroundings of the stations',
    downloadCsv: 'Download the course (CSV)',
    methods: 'How is this computed?',
    officialLegend: (station) => `Squares: official station ${station}.`,
    officials: {
      heading: 'Official station nearby',
      note: 'Raw values of the same hours or days are compared: the median of the citizens’ stations with the official mean. They stand in different places.',
      where: ({ type, distance }) =>
        `Official station (${type}), ${distance.isOne ? '' : `${distance.least} to `}${distance.most} from the citizens’ stations.`,
      deviates: {
        high: (by) =>
          `The whole network deviates from the official station: on average it shows ${by} more. That the sensors agree with each other does not make them right.`,
        low: (by) =>
          `The whole network deviates from the official station: on average it shows ${by} less. That the sensors agree with each other does not make them right.`,
      },
      none: 'There are no common values in this period.',
      n: 'Compared',
      windows: (n, isOfDays) => (isOfDays ? `${n} ${n === 1 ? 'day' : 'days'}` : `${n} ${n === 1 ? 'hour' : 'hours'}`),
      network: 'Mean of the medians',
      official: 'Official mean',
      bias: 'Difference',
      correlation: 'Correlation r',
      source: (network, licence) => `Source: ${network}. Licence: ${licence}.`,
    },
    overview: {
      area: 'Area',
      median: 'PM2.5 in µg/m³, 24 hours',
      stations: 'Stations that count',
      caption: 'Median of the stations by area',
    },
  },
};
