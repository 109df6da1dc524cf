import { isOneLicence } from '../../../domain/licences.ts';
import { zwischen } from '../../../domain/textSpan.ts';
import { inPlace, type ReportTexts } from './reportTexts.ts';

/** German texts of reports and citations. */
export const de: ReportTexts = {
  title: 'Bericht',
  heading: ({ quantity, place, period }) => `${quantity}: ${place}, ${period}`,
  intro:
    'Eine Zahl aus Bürgermessungen mit allem, worauf sie beruht: zum Nachrechnen, Drucken und Zitieren. Die Adresse dieser Seite enthält die ganze Frage.',
  severalStations: (count) => (count === 1 ? 'eine ausgewählte Station' : `${count} ausgewählte Stationen`),
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
  furtherStations: (count) =>
    count === 1 ? 'Eine weitere Station zählt nicht mit.' : `${count} weitere Stationen zählen nicht mit.`,
  uncertainty: (value, official) =>
    `Unsicherheit ±\u00a0${value} (95\u202f%)${official === undefined ? '' : `; so weit wichen Sensoren dieser Bauart hier von den amtlichen Werten ab (${official})`}.`,
  noData: ({ quantity, place, isConverted }) =>
    isConverted
      ? `Für ${place} lässt sich aus diesem Zeitraum keine Stunde von ${quantity} mit der Feuchteformel umrechnen: Dafür braucht es gültige Werte eines SDS011 und der Feuchte daneben.`
      : `Für ${place} liegen aus diesem Zeitraum keine gültigen Stundenwerte von ${quantity} vor.`,
  tooFew: ({ quantity, place, n, of }) =>
    n === 0 && of <= 1
      ? `${quantity}, ${place}: Für ein Mittel über den Zeitraum sind zu wenige Tage gültig; nötig sind 75\u202f%.`
      : of === 1
        ? `${quantity}, ${place}: Eine einzige Station ergibt hier keinen Wert; dafür braucht es drei gültige.`
        : `${quantity}, ${place}: Von ${of} Stationen ${n === 0 ? 'hat keine' : n === 1 ? 'hat eine' : `haben ${n}`} genug gültige Tage (75\u202f%). Einen Wert für das Gebiet gibt es ab drei Stationen.`,
  daysAbove: ({ above, limit, instrument, least, most, permitted }) =>
    `${above === 0 ? 'An keinem Tag' : above === 1 ? 'An einem Tag' : `An ${above} Tagen`} lag das Sensormittel über ${limit} (Tagesmittel, ${instrument}); ${most === 0 ? 'auch mit zugezählter Unsicherheit ist es keiner' : `mit abgezogener und zugezählter Unsicherheit sind es ${least === most ? 'ebenso viele' : `${least} bis ${most}`}`}. Im Kalenderjahr sind ${permitted} erlaubt.`,
  humidDays: (count) =>
    count === 1
      ? 'Einer dieser Tage war feucht: Dann zeigen solche Sensoren eher zu viel.'
      : `${count} dieser Tage waren feucht: Dann zeigen solche Sensoren eher zu viel.`,
  notCounted: ({ notCounted, days }) =>
    `${notCounted} von ${days} Tagen ${notCounted === 1 ? 'ist' : 'sind'} nicht gezählt: Es fehlen gültige Messwerte oder Stationen.`,
  yearAbove: ({ limit, instrument, isAbove }) =>
    `Das Jahresmittel liegt ${isAbove ? 'über' : 'nicht über'} ${limit} (Jahresmittel, ${instrument}).`,
  inForce: {
    later: (date) => `Dieser Wert gilt erst ab ${date}.`,
    since: (date) => `Dieser Wert gilt ab ${date}; die Tage davor sind nur zum Vergleich mit ihm gezählt.`,
    until: (date) => `Dieser Wert galt bis ${date}; die Tage danach sind nur zum Vergleich mit ihm gezählt.`,
    earlier: (date) => `Dieser Wert galt nur bis ${date}.`,
  },
  yearNeedsYear: ({ limit, instrument }) =>
    `${instrument} nennt für diese Größe nur ein Jahresmittel (${limit}). Verglichen wird es mit einem vollen Kalenderjahr.`,
  finding: {
    beyond: 'Das ist mehr, als die Vorgabe vorsieht.',
    within: 'Das ist nicht mehr, als die Vorgabe vorsieht.',
    open: 'Ob das Kalenderjahr innerhalb der Vorgabe bleibt, lässt sich aus diesen Tagen nicht sagen.',
    none: '',
  },
  findingOfYears: {
    beyond: ({ year, above }) =>
      `${year} ${above === 1 ? 'war es ein Tag' : `waren es ${above} Tage`}: Das ist mehr, als die Vorgabe vorsieht.`,
    within: 'In keinem dieser Kalenderjahre sind es mehr, als die Vorgabe vorsieht.',
    open: 'Ob jedes dieser Kalenderjahre innerhalb der Vorgabe bleibt, lässt sich aus diesen Tagen nicht sagen.',
  },
  findingAlsoLeast: 'Auch mit abgezogener Unsicherheit bleibt es mehr.',
  findingWord: { beyond: 'mehr als vorgesehen', within: 'nicht mehr', open: 'offen', none: '–' },
  percentile: ({ value, rank }) =>
    `Bei lückenhaften Daten zählt statt der Tage der Wert an Stelle ${rank} von oben: ${value}.`,
  legal:
    'Ein orientierender Vergleich: Ob eine rechtliche Vorgabe verletzt ist, stellt nur das amtliche Messnetz fest.',
  chart: 'Verlauf',
  chartSummary: ({ quantity, place, period, span, valid }) =>
    `${quantity}, ${place}, ${period}: Tageswerte ${zwischen(span)}, ${valid === 1 ? 'ein gültiger Tag' : `${valid} gültige Tage`}.`,
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
    'Ein Kästchen je Tag, Farbe nach dem Tageswert. Dreieck: über dem Vergleichswert. Leer: nicht gezählt. Punkt: feuchter Tag, soweit ein intakter Feuchtesensor mitmaß.',
  calendarTable: 'Alle Tage als Tabelle',
  dayColumns: ['Tag', 'Wert', '± U', 'Stationen', 'Vergleich', 'Merkmale'],
  dayState: { above: 'darüber', 'not-above': 'nicht darüber', 'no-coverage': 'nicht gezählt' },
  marks: { humid: 'feucht', flagged: 'zweifelhafte Stunden', annotated: 'von der Station markiert' },
  gegenprobe: 'Gegenprobe',
  gegenprobeIntro:
    'Dieselbe Frage, auf jede andere vertretbare Weise gerechnet: Was die Gegenseite versuchen würde, steht schon hier. Jede Zeile führt zu ihrem Bericht.',
  gegenprobeColumns: ['Rechen\u00adweise', 'µg/m³', 'Statio\u00adnen', 'Tage darüber', 'Ergeb\u00adnis'],
  gegenprobeOwn: 'wie in diesem Bericht',
  holds: ({ holds, of }) =>
    of === 1
      ? 'Nur diese Rechenweise kommt zu einer Aussage.'
      : `Von ${of} Kombinationen dieser Rechenweisen, die zu einer Aussage kommen, ${holds === 1 ? 'kommt eine' : `kommen ${holds}`} zu derselben wie dieser Bericht.`,
  holdsNothing: 'Ob die Vorgabe eingehalten wäre, lässt sich auf keine dieser Weisen sagen.',
  valueRange: (span) =>
    span.isOne ? `Die Zahl bleibt überall ${span.most}.` : `Die Zahl liegt je nach Rechenweise ${zwischen(span)}.`,
  holdsOpen: (of) =>
    `Dieser Bericht kommt zu keiner Aussage; ${of === 1 ? 'eine Kombination dieser Rechenweisen kommt' : `${of} Kombinationen dieser Rechenweisen kommen`} zu einer.`,
  choices: {
    statistic: { median: 'Median der Stationen', mean: 'Mittel der Stationen' },
    values: {
      raw: 'Rohwerte',
      'gamma-de': 'mit Feuchteformel gamma 0,22 (nur Forschung)',
      'reference-ratio': 'abgeglichen mit amtlicher Station (stündliches Verhältnis)',
    },
    doubtful: { with: 'mit zweifelhaften Stunden', without: 'ohne zweifelhafte Stunden' },
    annotated: { with: 'mit markierten Stunden', without: 'ohne von der Station markierte Stunden' },
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
    `${n} von ${of} ${of === 1 ? 'Station' : 'Stationen'} ${n === 1 ? 'zählt' : 'zählen'}. ${n === 0 ? '' : `Von ihren ${possible} möglichen Stunden sind ${valid} gültig (${percent}). `}Eine Stunde gilt mit 75\u202f% der erwarteten Messungen, ein Tag mit 18 Stunden, ein Zeitraum mit 75\u202f% seiner Tage.`,
  lastYear: (count) =>
    `${count === 1 ? 'Eine der Stationen war' : `${count} der Stationen waren`} im selben Zeitraum des Vorjahrs auch gültig.`,
  stationColumns: ['Station', 'Mittel µg/m³', 'Tage', 'Hinweis'],
  leftOut: {
    indoor: 'drinnen, zählt nicht',
    excluded: (reason) => (reason === '' ? 'ausgenommen' : `ausgenommen: ${reason}`),
    invalid: 'zu wenige gültige Tage, zählt nicht',
  },
  missing: (ids) => `Nicht (mehr) öffentlich und deshalb nicht dabei: ${ids}.`,
  revised: (count) =>
    `${count === '1' ? 'Ein Stundenwert wurde' : `${count} Stundenwerte wurden`} nach dem ersten Stand geändert (nachgereichte Messungen, Markierungen).`,
  official: 'Amtliche Werte daneben',
  noOfficial: 'In dieser Installation gibt es keine amtliche Station mit Werten aus diesem Zeitraum.',
  officialAway: (distance) => `, ${distance} entfernt`,
  officialText: ({ name, distance, officialMean, placeMean, common, place, official }) =>
    `Nächste amtliche Station mit Werten: ${name}${distance}. Über ${common === 1 ? 'den einen Tag, den' : `die ${common} Tage, die`} beide haben (hier ${place}, amtlich ${official}): amtlich ${officialMean}, Bürgersensoren ${placeMean} (Rohwerte). Amtliche Stationen stehen anders als Sensoren an Wohnungen; ein Unterschied allein ist kein Fehler.`,
  officialNoCommon: ({ name, distance, place, official }) =>
    `Nächste amtliche Station mit Werten: ${name}${distance}. Kein Tag hat beide Werte (hier ${place} ${place === 1 ? 'Tag' : 'Tage'}, amtlich ${official}).`,
  officialHours: ({ name, distance, officialMean, placeMean, common, place, official }) =>
    `Nächste amtliche Station mit Werten: ${name}${distance}. Über ${common === '1' ? 'die eine Stunde, die' : `die ${common} Stunden, die`} beide haben (hier ${place}, amtlich ${official}): amtlich ${officialMean}, Bürgersensoren ${placeMean} (Rohwerte). Amtliche Stationen stehen anders als Sensoren an Wohnungen; ein Unterschied allein ist kein Fehler.`,
  reference: {
    row: (names) => `abgeglichen mit ${names}`,
    note: ({ names, share, method }) =>
      `Abgeglichen heißt: Jede Stunde wird mit dem Verhältnis malgenommen, in dem ${names} zu den gleichen Sensoren in der Nähe steht (Verfahren ${method}). ${share} dieses Werts stammen damit von anderen; aus einem Zitat lässt er sich nicht nachrechnen.`,
  },
  noReference:
    'Abgleichen lässt sich das nicht: Im Umkreis von 15 km gibt es keine amtliche Station mit Stundenwerten aus diesem Zeitraum und genug gleichen Sensoren daneben.',
  notCitable:
    'Abgeglichene Werte beruhen auf Messungen anderer und lassen sich nicht zitieren. Der Bericht aus Rohwerten lässt sich zitieren; dort steht dieser Wert in der Gegenprobe.',
  method: 'Verfahren',
  methodText: ({ report, list }) => `Gerechnet mit ${report} (${list}).`,
  methodsLink: 'Alle Verfahren mit ihren Quellen',
  checked: (date) => `Werte der Regeln zuletzt mit ihren Quellen verglichen am ${date}.`,
  licence: 'Lizenz und Quellen',
  licences: (all) =>
    all.length === 1 || isOneLicence(all)
      ? `Messwerte der genannten Stationen, Lizenz ${all.join('; zum Teil ')}.`
      : `Messwerte der genannten Stationen unter mehreren Lizenzen; für die Zahl gilt die strengste: ${all[0]}. Alle: ${all.join(', ')}.`,
  says: 'Was das sagt und was nicht',
  caveats: ({ n, percent }) =>
    `${n === 0 ? '' : `Grundlage ${n === 1 ? 'ist ein Bürgersensor' : `sind ${n} Bürgersensoren`} mit ${percent} der möglichen Stunden. `}Das ist kein amtlicher Messwert und stellt nicht fest, dass eine rechtliche Vorgabe verletzt ist. Es gilt für die Orte, an denen die Sensoren hängen, nicht für die Luft eines ganzen Gebiets. Einfache optische Sensoren zeigen bei feuchter Luft zu viel. Über Stickstoffdioxid und Ozon sagt es nichts.`,
  copy: 'Absatz kopieren',
  copied: 'Kopiert',
  takeAway: 'Mitnehmen',
  cite: 'Zitieren',
  citeText:
    'Friert diese Zahl mit allen Stundenwerten unter einer festen Adresse ein, unterschrieben und von jedem nachrechenbar. Das lässt sich nicht zurücknehmen.',
  print: 'Drucken',
  printed: (date, address) => `Stand ${date}, nicht festgehalten. Dieselbe Frage neu gestellt: ${address}`,
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
    station: 'Stationen',
    orStation: 'oder Stationen',
    stationHelp: 'Kennungen, durch Komma getrennt',
    stationName: 'Name einer Station',
    remove: 'Weglassen',
    quantity: 'Messgröße',
    from: 'Erster Tag',
    to: 'Letzter Tag',
    rule: 'Vergleichen mit',
    choices: 'Anders rechnen',
    submit: 'Bericht zeigen',
    noArea: 'kein Gebiet',
    period: 'Zeitraum',
  },
  quickPeriods: {
    lastDays: 'Letzte 7 Tage',
    soFar: (year) => `${year} bisher`,
    winter: (from, to) => (from === to ? `Winter ${from}` : `Winter ${from}/${to.slice(2)}`),
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
    'bad-choice': 'Eine der Rechenweisen in dieser Adresse gibt es nicht.',
  },
  notes: {
    'cut-to-closed': 'Der Zeitraum reicht über gestern hinaus: Gezählt ist bis zum letzten abgeschlossenen Tag.',
  },
  unknownArea: 'Dieses Gebiet gibt es hier nicht. Vielleicht hat die Grenzdatei gewechselt.',
  unknownStation:
    'Unter diesen Kennungen gibt es keine öffentliche Station. Sie können entfernt oder verborgen worden sein.',
  tooMuch: 'So viele Stunden so vieler Stationen sind zu viel für einen Bericht: Bitte den Zeitraum kürzen.',
  storeAway: 'Die Messwerte sind gerade nicht zu erreichen. Bitte später noch einmal versuchen.',
  behind:
    'Die Mittelwerte sind noch nicht auf dem neuesten Stand: Einige werden gerade neu gebildet. Die Zahlen können sich in den nächsten Minuten ändern; zitieren und herunterladen lassen sie sich danach.',
};
