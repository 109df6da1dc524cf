import { de as pageTexts } from '../../server/api/pages/texts/de.ts';
import type { TextSpan } from '../../server/domain/textSpan.ts';
import type { Messages } from './messages.ts';

/** German. */
export const de: Messages = {
  ...pageTexts,
  layerSentence: ({ average, quantity }) => `${average} ${quantity}, aus mindestens 75 % der erwarteten Messungen.`,
  latestSentence: (quantity) => `Momentwert ${quantity}: die letzte Einzelmessung über 5 Sekunden, kein Mittel.`,
  hourFrom: (time) => `Stundenmittel ab ${time}`,
  hourSentence: ({ quantity, day, from, to }) =>
    `Stundenmittel ${quantity} von ${from} bis ${to}, ${day}, aus mindestens 75 % der erwarteten Messungen.`,
  hourLabel: 'Zurück in der Zeit',
  hourNow: 'jetzt',
  hourLast: 'die letzte volle Stunde',
  mapHeadingPast: 'Feinstaub, zurückliegende Stunde',
  clockHour: 'volle Stunde',
  hourToNow: 'Jetzt',
  hourChosen: ({ day, from, to }) => `${day}, ${from} bis ${to}`,
  scaleLabel: 'Einteilung',
  scaleShort: { neutral: 'µg/m³', 'lqi-2025': 'LQI-Klasse', 'eaqi-2024': 'EAQI-Klasse' },
  expertSwitch: 'Momentwerte anbieten',
  latestNote: 'Momentwerte schwanken stark; für einen Eindruck von der Luft ist das Mittel besser.',
  scaleNeedsHour: 'Klassen gibt es nur für Stundenmittel.',
  changeLayer: 'Auswahl und Legende',
  hideLayer: 'Auswahl schließen',
  viewLabel: 'Ansicht',
  views: { map: 'Karte', table: 'Tabelle' },
  legend: 'Legende',
  lqiNote:
    'Klassen aus dem letzten vollen Stundenmittel nach der Uhr, nur aus Feinstaub. Der amtliche Index wertet auch Gase aus.',
  symbols: 'So liest man die Karte',
  symbol: {
    ring: 'Der Ring läuft mit dem Alter ab: voll = eben gemessen, leer = vor 10 Minuten',
    sparse: 'Zu wenige Messungen für ein Mittel',
    doubtful: 'Zweifelhafter Messwert',
    stale: 'Veraltet: seit mehr als 10 Minuten keine Messung',
    none: 'Kein Wert',
    reference: 'Amtliche Station',
    indoor: 'Innenraum',
    hexagon: 'Sechseck: Median mehrerer Stationen, darunter ihre Anzahl',
  },
  noHealthAdvice: 'Einzelne Sensoren können irren. Aussagekräftig sind mehrere Stationen zusammen.',
  summary: ({ valid, invalid, median }) =>
    `Median von ${valid} Stationen im Ausschnitt: ${median}. Ohne gültigen Wert: ${invalid}.`,
  summaryFew: ({ stations, valid }) =>
    `Stationen im Ausschnitt: ${stations}, mit gültigem Wert: ${valid}. Ein Median ab 3.`,
  summaryNone: 'Keine Station im Ausschnitt.',
  mapLabel: 'Karte der Stationen',
  mapHelp:
    'Pfeiltasten: von Station zu Station. Eingabetaste: Station öffnen. Plus und Minus: Zoom. Umschalt und Pfeiltasten: Karte schieben. Die Ansicht „Tabelle“ hat denselben Inhalt.',
  zoomIn: 'Vergrößern',
  zoomOut: 'Verkleinern',
  backdropCredit: 'Hintergrund: Natural Earth',
  hexagon: ({ median, count }) => `Gebiet mit ${count} Stationen, Median ${median}`,
  hexagonFew: (count) =>
    count === 0
      ? 'Gebiet ohne gültigen Wert'
      : `Gebiet mit ${count === 1 ? 'einem gültigen Wert' : `${count} gültigen Werten`}`,
  noStationThere: 'In dieser Richtung liegt keine Station.',
  connection: { connecting: 'Verbinde …', live: 'Live' },
  lostSince: (time) => `Getrennt seit ${time}`,
  pausedSince: (time) => `Angehalten um ${time}`,
  pause: 'Live-Anzeige anhalten',
  resume: 'Live-Anzeige fortsetzen',
  storedState: ({ time, ago }) => `Keine Verbindung. Zu sehen ist der Stand von ${time} (${ago}).`,
  keptState: ({ layer, time }) =>
    `Der Server ist gerade nicht zu erreichen. Zu sehen bleibt ${layer}, Stand ${time}. Es wird weiter versucht.`,
  loadingMap: 'Messwerte werden geladen …',
  loadFailed: 'Die Messwerte sind gerade nicht zu erreichen. Es wird weiter versucht.',
  noStations: 'Hier hat sich noch keine Station angemeldet.',
  joinLink: 'Mitmessen',
  search: { stations: 'Station suchen', areas: 'Station oder Gebiet suchen', places: 'Station oder Ort suchen' },
  searchResults: (count) => (count === 1 ? 'Ein Treffer' : `${count} Treffer`),
  searchNothing: {
    stations: (text) => `Keine Station heißt „${text}“.`,
    areas: (text) => `Keine Station und kein Gebiet heißt „${text}“.`,
    places: (text) => `Keine Station und kein Ort heißt „${text}“.`,
  },
  searchArea: 'Gebiet',
  searchAreaPage: (name) => `Zur Seite von ${name}`,
  placeKind: { place: 'Ort', postcode: 'Postleitzahl', street: 'Straße', other: 'Sonstiges' },
  nearMe: 'In meiner Nähe',
  nearMeStation: ({ distance, station }) => `Nächster gültiger Wert, ${distance} km entfernt: ${station}.`,
  nearMeNone: (km) => `Im Umkreis von ${km} km gibt es gerade keinen gültigen Wert.`,
  nearMeNeedsHttps: '„In meiner Nähe“ fehlt, weil Browser den Standort nur über HTTPS herausgeben.',
  nearMeRefused: 'Der Browser hat den Standort nicht freigegeben.',
  nearMeUnavailable: 'Der Standort ist gerade nicht zu bestimmen.',
  close: 'Schließen',
  expand: 'Ganz öffnen',
  collapse: 'Verkleinern',
  fullPage: 'Seite der Station',
  share: 'Link teilen',
  shared: 'Link kopiert',
  shareFailed: 'Kopieren ging nicht. Der Link steht in der Adresszeile.',
  stationUnknown: 'Diese Station gibt es hier nicht (mehr).',
  loadingStation: 'Station wird geladen …',
  loadingHistory: 'Verlauf wird geladen …',
  stationFailed: 'Der Verlauf ist gerade nicht zu erreichen.',
  retry: 'Noch einmal versuchen',
  period: { '24h': '24 Stunden', '7d': '7 Tage' },
  historySummary: {
    '24h': ({ quantity, span, maxAt, last }) =>
      `${quantity} in den letzten 24 Stunden: Viertelstundenmittel ${course(span, maxAt)}, zuletzt ${last}.`,
    '7d': ({ quantity, span, maxAt, last }) =>
      `${quantity} in den letzten 7 Tagen: Stundenmittel ${course(span, maxAt)}, zuletzt ${last}.`,
  },
  historyGaps: {
    '24h': (hours) => `${hours === 1 ? 'Eine Stunde' : `${hours} Stunden`} davon ohne gültige Messung.`,
    '7d': (hours) => `${hours === 1 ? 'Eine Stunde' : `${hours} Stunden`} davon ohne gültiges Mittel.`,
  },
  secondFigure: ({ all, without }) =>
    without === undefined
      ? `Mittel dieses Verlaufs: ${all}. Ohne die markierten Zeiten bleibt kein Wert.`
      : `Mittel dieses Verlaufs: ${all}. Zweite Zahl, ohne die markierten Zeiten: ${without}.`,
  historyEmpty: {
    '24h': 'In diesem Zeitraum liegen keine gültigen Messungen vor.',
    '7d': 'In diesem Zeitraum hat keine Stunde ein gültiges Mittel.',
  },
  historyCaption: {
    '24h': (quantity) => `Viertelstundenmittel ${quantity}, neueste zuerst`,
    '7d': (quantity) => `Stundenmittel ${quantity}, neueste zuerst`,
  },
  start: 'Ab',
  tooltip: ({ value, count }) => `${value} aus ${count}`,
  tableCaption: ({ layer, at }) => `${layer} Stand ${at}.`,
  column: {
    name: 'Station',
    value: 'Wert',
    class: 'Klasse',
    coverage: 'Abdeckung',
    age: 'Letzte Messung',
    state: 'Zustand',
    kind: 'Art',
  },
  filter: 'Nach Namen filtern',
  onlyInView: 'Nur Stationen im Kartenausschnitt',
  rowsShown: ({ shown, total }) => `${shown} von ${total} ${total === '1' ? 'Station' : 'Stationen'}`,
  moreRows: 'Weitere Stationen zeigen',
  noRows: 'Keine Station passt zum Filter.',
  themes: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
};

/** A course that never moves has no highest point. */
function course({ least, most, isOne }: TextSpan, maxAt: string): string {
  return isOne ? `durchweg ${most}` : `von ${least} bis ${most} (am höchsten ${maxAt})`;
}
