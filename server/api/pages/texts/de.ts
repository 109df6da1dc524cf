import type { OfficialSpan } from '../../../domain/correction/referenceMeans.ts';
import { zwischen } from '../../../domain/textSpan.ts';
import type { PageTexts } from './pageTexts.ts';

const USUAL = {
  below: 'Weniger als sonst um diese Zeit.',
  within: 'Wie sonst um diese Zeit.',
  above: 'Mehr als sonst um diese Zeit.',
  unsaid: 'Sonst um diese Zeit:',
};

/** Over what official values are means; nothing before the first. */
function officialMeans(spans: readonly OfficialSpan[]): string {
  if (spans.length === 2) return ', Stunden- und Tagesmittel';
  return spans[0] === undefined ? '' : `, ${spans[0] === '1h' ? 'Stundenmittel' : 'Tagesmittel'}`;
}

/** German texts of what the server writes and both sides say alike. */
export const de: PageTexts = {
  average: {
    '1h': 'Mittel der letzten 60 Minuten',
    '24h': 'Mittel der letzten 24 Stunden',
    latest: 'Momentwert (5 Sekunden)',
  },
  state: {
    ok: 'gültig',
    sparse: 'zu wenige Messungen',
    doubtful: 'zweifelhaft',
    stale: 'veraltet',
    none: 'kein Wert',
  },
  onlyParticulates: 'Nur Feinstaub. Ozon, Stickstoffdioxid und Pollen misst dieses Netz nicht.',
  indicative: 'Bürgermessung, kein amtlicher Messwert',
  ago(seconds) {
    if (seconds < 60) return 'vor weniger als einer Minute';
    if (seconds < 3_600) return seconds < 120 ? 'vor einer Minute' : `vor ${Math.floor(seconds / 60)} Minuten`;
    if (seconds < 172_800) return seconds < 7_200 ? 'vor einer Stunde' : `vor ${Math.floor(seconds / 3_600)} Stunden`;
    return `vor ${Math.floor(seconds / 86_400)} Tagen`;
  },
  coverageSentence: ({ count, expected, percent }) =>
    `Gestützt auf ${count} von ${expected} erwarteten Messungen (${percent}).`,
  stateSentence: {
    ok: '',
    sparse: 'Weniger als 75 % der erwarteten Messungen sind da: Der Wert ist nur ein Anhalt.',
    doubtful: 'Der letzte Messwert ist als zweifelhaft gekennzeichnet.',
    stale: 'Seit mehr als 10 Minuten kam keine Messung: Der Wert beschreibt nicht mehr die Luft von jetzt.',
    none: 'Für diesen Zeitraum gibt es keinen Wert.',
  },
  lastReadingIs: (objection) => `Der letzte Messwert ist ${objection}.`,
  lastSeen: (ago) => `Letzte Messung ${ago}`,
  neverSeen: (quantity) => `${quantity}: keine Messung in den letzten 24 Stunden`,
  station: 'Station',
  footer: {
    about: 'Über dieses Angebot',
    imprint: 'Impressum',
    privacy: 'Datenschutz',
    accessibility: 'Barrierefreiheit',
    'leichte-sprache': 'Leichte Sprache',
  },
  footerLabel: 'Rechtliches und Informationen',
  pages: { map: 'Karte', areas: 'Gebiete', report: 'Bericht', host: 'Mitmessen', methods: 'So wird gerechnet' },
  pagesLabel: 'Seiten',
  menu: 'Menü',
  skipToContent: 'Zum Inhalt springen',
  otherLanguage: 'English',
  otherLanguageLabel: 'Switch to English',
  theme: 'Darstellung',
  mapTitle: (name) => `${name}: Feinstaub jetzt auf der Karte`,
  mapDescription: (name) =>
    `Feinstaubwerte von Bürgersensoren, laufend aktualisiert: ${name}. Mittel der letzten 60 Minuten, mit Alter und Abdeckung jedes Wertes.`,
  mapHeading: 'Feinstaub jetzt',
  stationTitle: (station, name) => `${station} – ${name}`,
  stationDescription: (station) => `Feinstaub an der Station ${station}: aktueller Mittelwert, Verlauf und Datenlage.`,
  historyOf: { '24h': 'Die letzten 24 Stunden', '7d': 'Die letzten 7 Tage' },
  hoursCaption: (quantity, zone) => `Stundenmittel ${quantity} in µg/m³, Stunden beginnend, Zeitzone ${zone}`,
  hour: 'Stunde ab',
  mean: 'Mittel',
  minimum: 'Kleinster',
  maximum: 'Größter Wert',
  readings: 'Messungen',
  noHours: {
    '24h': 'In den letzten 24 Stunden liegen keine Messungen vor.',
    '7d': 'In den letzten 7 Tagen liegen keine Messungen vor.',
  },
  noValidHours: {
    '24h': 'In den letzten 24 Stunden hat keine volle Stunde genug Messungen für ein Mittel.',
    '7d': 'In den letzten 7 Tagen hat keine volle Stunde genug Messungen für ein Mittel.',
  },
  hoursUnavailable: 'Der Verlauf ist gerade nicht zu erreichen.',
  chartSummary: ({ quantity, span, last, from, to }) =>
    `${quantity} von ${from} bis ${to}: Stundenmittel ${zwischen(span)}, zuletzt ${last}.`,
  hostTitle: (name) => `Mitmessen – ${name}`,
  hostDescription: (name) => `Einen Feinstaubsensor bei ${name} anmelden, anschließen und betreuen.`,
  hostHeading: 'Mitmessen',
  hostNeedsScript:
    'Für die Anmeldung braucht diese Seite JavaScript. Ohne geht es über die Schnittstelle oder über den Betreiber.',
  adminTitle: (name) => `Betrieb – ${name}`,
  adminHeading: 'Betrieb',
  adminNeedsScript: 'Diese Seite braucht JavaScript. Ohne geht alles auch mit npx buergerluft.',
  noticeLabel: 'Hinweis des Betreibers',
  noticeSpan: ({ from, to }) => (from === to ? from : `${from} bis ${to}`),
  position: 'Ort gerundet, auf etwa 100 m oder gröber',
  download: 'Messwerte herunterladen (CSV)',
  dailyMeans: 'Tagesmittel und Vergleichswerte',
  report: 'Bericht zum Zitieren',
  showOnMap: 'Auf der Karte zeigen',
  creditAll: 'Messwerte von',
  creditSome: 'Messwerte zum Teil von',
  creditHistory: 'Ein Teil des Verlaufs ist von',
  excluded: ({ reason, since }) =>
    `${since === undefined ? 'Von' : `Seit ${since} von`} Auswertungen ausgenommen: ${reason}. Die Messwerte bleiben hier lesbar, zählen aber in keiner Zahl über mehrere Stationen.`,
  notFoundTitle: 'Seite nicht gefunden',
  notFoundText: 'Diese Adresse gibt es hier nicht. Vielleicht wurde sie falsch abgeschrieben.',
  stationNotFoundTitle: 'Station nicht gefunden',
  stationNotFoundText:
    'Unter dieser Adresse gibt es keine öffentliche Station. Sie kann entfernt oder verborgen worden sein.',
  toMap: 'Zur Karte',
  noStations: 'Hier hat sich noch keine Station angemeldet.',
  alertHere: 'Alarm für diese Gegend',
  noContact: '(noch keine Kontaktadresse eingetragen)',
  needsScript: 'Die Karte braucht JavaScript. Ohne lesbar sind:',
  withoutScript: {
    stations: 'die Werte von jetzt, und von dort die Seite jeder Station',
    areas: 'ihre Mediane der letzten 24 Stunden',
  },
  demoLooped: (time) => `Die Aufzeichnung begann um ${time} von vorn.`,
  demoCredit: (credit, licence) => `Quelle: ${credit}. Lizenz: ${licence}.`,
  demo: 'Vorführung mit alten Messungen, keine aktuellen Werte.',
  officialHour: 'letztes veröffentlichtes Stundenmittel',
  referenceType: {
    background: 'Hintergrund',
    traffic: 'Verkehr',
    industrial: 'Industrie',
    unknown: 'Art nicht bekannt',
  },
  official: (network, spans) =>
    `Amtliche Messung${officialMeans(spans)}. Quelle: ${network}. Werte der letzten Wochen sind oft vorläufig.`,
  kind: { citizen: 'Bürgerstation', reference: 'Amtliche Station' },
  indoor: 'Innenraum',
  heightClass: { ground: 'am Boden', 'below-4m': 'unter 4 m', '4-to-10m': '4 bis 10 m', 'above-10m': 'über 10 m' },
  siting: {
    street: 'Straße',
    courtyard: 'Hof',
    garden: 'Garten',
    'stove-nearby': 'Ofen in der Nähe',
    'industry-nearby': 'Gewerbe in der Nähe',
    other: 'anderes',
  },
  fact: {
    area: 'Gebiet',
    kind: 'Art',
    network: 'Messnetz',
    sensors: 'Sensoren',
    height: 'Höhe',
    siting: 'Umgebung',
    coverage: 'Abdeckung 24 Stunden',
    source: 'Herkunft',
    licence: 'Lizenz der Messwerte',
    place: 'Ort',
    neighbours: 'Stationen in der Nähe',
  },
  source: {
    direct: 'direkt von der Station',
    import: 'übernommen',
    mirror: 'gespiegelt von Sensor.Community',
    demo: 'Wiedergabe einer Aufzeichnung',
  },
  neighbours: ({ count, radius, median }) => `Median von ${count} Stationen im Umkreis von ${radius}: ${median}.`,
  agreement: ({ isAgreeing, stations, hour }) =>
    isAgreeing
      ? `Stundenmittel ab ${hour} wie bei den Nachbarn (${stations} Stationen verglichen). Übereinstimmung heißt nicht, dass alle richtig messen.`
      : `Stundenmittel ab ${hour} anders als bei den Nachbarn (${stations} Stationen verglichen). Das kann eine Quelle ganz in der Nähe sein oder der Sensor.`,
  networkDeviates: (bias) =>
    `Alle Sensoren der Umgebung zusammen weichen von der amtlichen Station ab: im Mittel der letzten 24 Stunden um ${bias}.`,
  agreementMonth: ({ isAgreeing, isAlone, correlation, hours }) =>
    `Auf und Ab der letzten 30 Tage ${isAgreeing ? 'wie' : 'anders als'} bei den Nachbarn (Korrelation ${correlation} über ${hours} Stunden).${isAgreeing && isAlone ? ' Übereinstimmung heißt nicht, dass alle richtig messen.' : ''}`,
  usual: ({ standing, span, median, days, hour }) =>
    `${USUAL[standing ?? 'unsaid']} ${standing ? 'An' : 'an'} ${days === 7 ? 'den letzten 7 Tagen' : `${days} der letzten 7 Tage`} lag die Stunde ab ${hour} ${zwischen(span)}${span.isOne ? '' : `, im Median ${median}`}.`,
  humid: (percent) =>
    `Luftfeuchte ${percent}: Ab 75 % zeigen Sensoren dieser Bauart oft mehr Feinstaub an, als da ist.`,
  veryHumid: (percent) =>
    `Luftfeuchte ${percent}: Ab 85 % zählen Sensoren dieser Bauart auch Wassertröpfchen mit. Der Wert ist wahrscheinlich zu hoch.`,
  details: 'Zur Station',
  history: 'Verlauf',
  historyTable: { '24h': 'Werte der letzten 24 Stunden als Tabelle', '7d': 'Werte der letzten 7 Tage als Tabelle' },
  pm10Note:
    'PM10 rechnen die meisten Sensoren (SDS011, PMS) aus kleineren Teilchen hoch. Mit mehr Vorsicht lesen als PM2,5.',
  quantityLabel: 'Feinstaub',
  averageLabel: 'Zeitraum',
  averageShort: { '1h': '60 Minuten', '24h': '24 Stunden', latest: 'Momentwert' },
  snapshots: 'Momentwerte',
  snapshotsNote: 'Rohe Einzelmessungen, unkorrigiert. Bei Feinstaub über 5 Sekunden.',
  markedPeriod: ({ from, to, what }) => `${from} bis ${to}: ${what} (Angabe der Station)`,
  correction: {
    raw: 'Rohwert, wie der Sensor ihn meldet',
    adjusted: 'Abgleich mit der nächsten Referenzstation (stündliches Verhältnis)',
    means: ({ hours, raw, mean }) =>
      `${hours === 1 ? 'In der einen Stunde' : `In den ${hours} Stunden`} mit Abgleich im Mittel: roh ${raw}, abgeglichen ${mean}.`,
    share: (percent) =>
      `Anteil am abgeglichenen Wert, der von anderen stammt: ${percent}. Andere sind die Referenzstation und Sensoren gleicher Bauart in ihrer Nähe.`,
    methods: 'Wie wird abgeglichen?',
    rawColumn: 'Mittel, roh',
    column: 'Abgeglichen',
    tooltip: (value) => `abgeglichen ${value}`,
  },
};
