import type { MethodsTexts } from './methodsTexts.ts';

const date = (iso: string) => iso.split('-').reverse().map(Number).join('.');

/** German texts of `/methods`. */
export const methodsDe: MethodsTexts = {
  title: (name) => `So wird gerechnet – ${name}`,
  description:
    'Grenzwerte, Indizes, Mittelwerte, Unsicherheit, Korrekturen und Merkzeichen: worauf jede Zahl hier beruht, mit Quellen und Versionen.',
  heading: 'So wird gerechnet',
  contents: 'Im Einzelnen',
  founding: 'Grundlage',
  version: {
    heading: 'Version',
    since: (day) => `seit ${date(day)}`,
    between: (from, to) => `${date(from)} bis ${date(to)}`,
  },
  pm25: 'PM2,5',
  sources: 'Quellen',
  sourcesIntro: 'Wo nur eine Website genannt ist, wurde eine gespeicherte Fassung der Seite gelesen.',
  api: 'Dasselbe für Programme:',
  short: {
    heading: 'In kurzen Worten',
    entries: [
      {
        term: 'Was gemessen wird',
        text: 'Einfache Sensoren schätzen aus gestreutem Licht, wie viel Feinstaub in der Luft ist. Sie sind keine amtlichen Messgeräte. PM2,5 treffen sie recht gut, PM10 rechnen die meisten nur hoch.',
      },
      {
        term: 'Stunde und Tag',
        text: 'Eine Stunde zählt, wenn mindestens 75\u202f% der erwarteten Messungen da sind und jede 20 Minuten eine. Ein Tag zählt mit 18 gültigen Stunden. Was nicht zählt, wird als Lücke gezeigt, nie als Null und nie als gut.',
      },
      {
        term: 'Jetzt auf der Karte',
        text: 'Die Karte zeigt das Mittel der letzten 60 Minuten. Das ist etwas anderes als ein Stundenmittel nach der Uhr und heißt deshalb auch anders.',
      },
      {
        term: 'Ein Gebiet',
        text: 'Erst das Mittel jeder Station über den ganzen Zeitraum, dann der mittlere Wert dieser Stationen. Ab 3 Stationen gibt es eine Zahl, ab 5 eine Spanne. Sie gilt für die Orte der Stationen, nicht für das ganze Gebiet.',
      },
      {
        term: 'Grenzwerte',
        text: 'Ein Grenzwert gilt immer für ein Mittel und ein Jahr, nie für einen Augenblick. Ob er überschritten ist, stellt nur das amtliche Messnetz fest. Was hier steht, ist ein orientierender Vergleich.',
      },
      {
        term: 'Feuchte Luft',
        text: 'Bei hoher Luftfeuchte zählen die Sensoren Wasser mit und zeigen zu viel. Solche Stunden werden markiert und machen die Unsicherheit größer; weggelassen oder heruntergerechnet werden sie nicht.',
      },
      {
        term: 'Unsicherheit',
        text: 'Zu jedem Mittel gehört ein ±. Es ist mindestens so groß, wie es das EU-Recht bei orientierenden Messungen zulässt, und größer, wenn der Vergleich mit einer amtlichen Station mehr zeigt. Viele gleiche Sensoren machen es nicht kleiner, weil sie gemeinsam irren können.',
      },
      {
        term: 'Korrekturen',
        text: 'Gezeigt wird der Rohwert. Eine Korrektur ersetzt ihn nie; sie steht mit Namen und Version daneben.',
      },
      {
        term: '„Unbestätigt“',
        text: 'So ist gekennzeichnet, was noch niemand im Originaltext nachgelesen hat.',
      },
    ],
  },
  limits: {
    heading: 'Grenz- und Leitwerte',
    intro: (checkedOn) =>
      `Zuletzt mit den Quellen verglichen am ${date(checkedOn)}. „Der Grenzwert“ ohne Jahr und Mittelungszeit wird hier nie genannt: Es gelten mehrere.`,
    inForce: (on) => `In Kraft am ${date(on)}`,
    coming: 'Künftig',
    who: 'Empfehlungen der WHO (kein Recht)',
    heads: { value: 'Wert', what: 'Was er ist', permitted: 'Erlaubt darüber', validity: 'Gilt' },
    permitted: (times) => `${times}-mal im Jahr`,
    percentile: (rank) => `${rank}. Perzentil`,
    margin: (value) => `Toleranzmarge ${value} µg/m³`,
    period: (from, to) => {
      if (from && to) return `${date(from)} bis ${date(to)}`;
      if (to) return `bis ${date(to)}`;
      // Also of what begins only one day: “seit 2030” would be wrong until then.
      return from ? `ab ${date(from)}` : 'ohne Datum';
    },
    comparing: 'Wie verglichen wird',
    capture: 'Wie viel gemessen sein muss',
    statistic: 'Größe',
    least: 'Mindestens',
  },
  indices: {
    heading: 'Luftqualitätsindizes',
    intro: (checkedOn) =>
      `Zuletzt mit den Quellen verglichen am ${date(checkedOn)}. Eine Klasse wird nur aus geschlossenen Stunden nach der Uhr gebildet. Weil dieses Netz weder Ozon noch Stickstoffdioxid misst, ist es nie der ganze Index.`,
    named: (title) => `Hier heißt sie „${title}“.`,
    since: (publisher, from, to) =>
      `Herausgeber: ${publisher}${from ? `, gültig ab ${from}` : ''}${to ? ` bis ${to}` : ''}.`,
    class: 'Klasse',
    averaging: {
      hour: 'Stundenmittel',
      'running-24h': 'gleitendes Mittel über 24 Stunden',
      day: 'Tagesmittel',
      'day-or-nowcast': 'Tagesmittel; für jetzt NowCast aus 12 Stunden',
    },
    number: 'Indexwert',
    upTo: (to) => `bis ${to}`,
    between: (from, to) => `über ${from} bis ${to}`,
    above: (from) => `über ${from}`,
    bounds: 'Klassengrenzen',
    colours: 'Farben',
    names: 'Übersetzte Namen',
    rounding: 'Rundung auf ganze µg/m³ vor dem Einordnen',
  },
  figures: {
    heading: 'Von der Messung zur Zahl',
    rollups: 'Abgelegte Stunden und Tage',
    rollupsText: (method) =>
      `Stunden und Tage werden mit Anzahl, Erwartung, Abdeckung, kleinstem und größtem Wert, Mittel, Median, dem Anteil jedes Merkzeichens und einer Revisionsnummer abgelegt (Verfahren ${method}). Kommen Messungen nach, ändert sich eine Anmerkung oder ein Verfahren, werden sie neu gerechnet; die Revision zählt dann eins hoch. Rohwerte werden nie überschrieben.`,
  },
  uncertainty: {
    heading: 'Unsicherheit',
    intro: 'U ist die erweiterte Unsicherheit (95\u202f%, k = 2) eines Mittels, in µg/m³:',
    formula: (humidExcess) =>
      `a und p: Werte für orientierende Messungen aus der Tabelle; x: das Mittel; Uᵥ: was der Vergleich gleicher Sensoren mit der nächsten amtlichen Station, die im selben Kalendermonat an mindestens 15 Tagen ein Tagesmittel hat, zeigt, wenn es einen mit mindestens 30 Tagen gibt: doppelte Wurzel der mittleren quadratischen Abweichung der Tagesmittel, bei Mitteln über mehr als einen Tag der doppelte bleibende Versatz; f: Anteil feuchter Messungen; ${humidExcess}: der Teil eines feuchten Werts, der Wasser sein kann. Für Stunden nennt die Richtlinie nichts; es gelten die Werte des Tages.`,
    table: 'Zulässige Unsicherheit nach Richtlinie (EU) 2024/2881, Anhang V',
    mean: 'Mittel',
    fixed: 'Ortsfeste Messung',
    indicative: 'Orientierende Messung',
    larger: (absolute, percent) => `${absolute}\u202fµg/m³ oder ${percent}\u202f%`,
    averaging: { hour: 'Stunde', day: 'Tag', year: 'Jahr' },
    classes: 'Sensorklassen nach CEN/TS 17660-2:2024; kein Sensor hier ist eingestuft',
    class: 'Klasse',
    percent: 'Unsicherheit',
  },
  corrections: {
    heading: 'Korrekturen',
    intro:
      'Keine Feuchteformel lässt sich von einem Ort auf den anderen übertragen: Für denselben Sensor wurden 0,22 (Deutschland) und 0,05 (Bischkek) gefunden; bei 95\u202f% Feuchte liegen die Formeln um das Vierfache auseinander. Sie gibt es deshalb nur in der Schnittstelle, für die Forschung. Am besten begründet ist das stündliche Verhältnis gleicher Sensoren zu einer nahen Referenzstation.',
    heads: { name: 'Name', formula: 'Formel', use: 'Angeboten', madeFor: 'Gemacht für' },
    offered: 'auf den Seiten',
    research: 'nur in der Schnittstelle',
    any: 'jeden Sensor, Gleiches mit Gleichem',
  },
  checks: {
    heading: 'An der Wirklichkeit geprüft',
    intro: (methods) =>
      `Zwei Vergleiche mit amtlichen Messungen, mit dem Rechenkern dieses Programms (${methods}). Wie viele gemeinsame Tage ein Sensor braucht (30), ist eine feste Größe des Rechenkerns; sie wurde gewählt, als schon bekannt war, wie viele Sensoren welche Zahl von Tagen haben. Wer sie nicht erfüllt, ist genannt. Wie die niederländischen Stunden beschriftet sind, wurde nach einem ersten Blick an den Änderungen von Stunde zu Stunde geprüft.`,
    again: 'Nachrechnen:',
    bristol: {
      heading: 'Bristol: Tagesmittel neben amtlichen Tagesmitteln',
      intro: ({ from, to, leastDays, leastHours, checkedOn }) =>
        `SDS011 in Bristol vom ${date(from)} bis ${date(to)}, den Monaten, die beide Quellen abdecken. Ein Sensor zählt mit mindestens ${leastDays} gemeinsamen gültigen Tagen, ein Tag mit mindestens ${leastHours} gültigen Stunden. Rohwerte; nichts ist entfernt, auch kein defekter Sensor. Gerechnet am ${date(checkedOn)}.`,
      found: ({ pm25, pm25Bias, pm10, above }) =>
        `PM2,5: Der Median der Sensoren folgt der amtlichen Station gut (R² ${pm25}), weicht aber im Mittel um ${pm25Bias} µg/m³ ab. PM10: nur mäßig (R² ${pm10}). Tage über 50 stimmen schlecht überein: ${above.map(({ sensor, official, both }) => `Sensoren ${sensor}, amtlich ${official}, gemeinsam ${both}`).join('; ')}. Aus PM10 dieser Sensoren lassen sich Überschreitungstage nicht ablesen.`,
      caption: (quantity, station, days) => `${quantity} gegen ${station}, ${days} amtliche Tage`,
      heads: {
        sensor: 'Sensor',
        n: 'Tage',
        slope: 'Steigung',
        bias: 'Abweichung (µg/m³)',
        above: 'Tage über 50: Sensor / amtlich / beide',
      },
      medianOf: 'Median der Sensoren',
      failed: (sensors) => `Zu wenige gemeinsame gültige Tage (in Klammern): ${sensors}.`,
    },
    dutch: {
      heading: 'Nordholland: der Abgleich mit einer Referenzstation',
      intro: ({ kilometres, leastKits, checkedOn }) =>
        `139 Bausätze und 13 amtliche Stationen, 7. bis 21. Februar 2020, neben der Kalibrierung des RIVM auf denselben Stunden. „Andernorts“: Der Faktor stammt von der nächsten anderen Station und ihren Bausätzen, geprüft wird der Median der Bausätze im Umkreis von ${kilometres} km (mindestens ${leastKits}) an einer Station, die zum Faktor nichts beitrug. „Am Ort“: jeder Bausatz einzeln, der Faktor aus den übrigen Bausätzen derselben Station. Viele der Stationen stehen neben einem Stahlwerk; das RIVM mittelt über mehrere Stationen und kannte auch diese. Gerechnet am ${date(checkedOn)}.`,
      labels: ({ hours, pm25, pm10 }) =>
        hours === 0
          ? `Beide Dateien benennen ihre Stunden gleich (Korrelation der Änderungen von Stunde zu Stunde ${pm25[0]} und ${pm10[0]}).`
          : `Die Bausätze benennen ihre Stunden um ${hours} h später als die amtlichen Stationen: Die Änderungen von Stunde zu Stunde passen verschoben besser (PM2,5 ${pm25[0]} statt ${pm25[1]}, PM10 ${pm10[0]} statt ${pm10[1]}). Verglichen wird verschoben.`,
      caption: (quantity, elsewhere, home) =>
        `${quantity}: ${elsewhere} Stunden andernorts, ${home} Bausatzstunden am Ort`,
      heads: { way: 'Wert', elsewhere: 'andernorts', home: 'am Ort', bias: 'Abweichung' },
      rows: { raw: 'roh', corrected: 'Abgleich (reference-ratio-1)', rivm: 'Kalibrierung des RIVM' },
      found:
        'Der Abgleich nimmt die mittlere Abweichung fast weg, macht einzelne Stunden aber an einem anderen Ort nicht besser: PM2,5 streut danach sogar mehr. Er verbessert Mittel, keine Stundenwerte, und nicht neben örtlichen Quellen. Die Kalibrierung des RIVM ist besser.',
    },
    recomputed: {
      heading: 'Bochum: dieselben Mittel auf anderem Weg',
      text: 'Gleitende Mittel über 1 und 24 Stunden eines SDS011 in Bochum, 25.12.2022 bis 3.1.2023, weichen von denen, die SQL unabhängig aus denselben Messungen bildet, um weniger als 10⁻⁹ µg/m³ ab. Stunden und Tage eines ganzen Jahres gleichen Zeile für Zeile denen eines Skripts ohne unseren Code, in beiden Datenbanken. Beides wird bei jeder Prüfung des Programms neu gerechnet.',
      again: 'Nachrechnen:',
    },
  },
  flags: {
    heading: 'Merkzeichen',
    intro:
      'Merkzeichen sagen etwas über eine Messung. Gelöscht wird nichts. Übereinstimmung mit Nachbarn heißt nicht, dass ein Wert richtig ist: Alle können gemeinsam irren.',
    rawTable: 'Aus der Messung allein',
    derivedTable: 'Aus der Vergangenheit der Station und ihren Nachbarn',
    windowTable: 'Von Stunden, Tagen und längeren Zeiträumen',
    lastHourOnly: (flags) =>
      `${flags} gelten nur der letzten geschlossenen Stunde. In abgelegten Stunden und Tagen, in Zeitreihen und Berichten stehen sie nicht: Sonst änderte jede neue Station frühere Werte ihrer Nachbarn.`,
    flag: 'Zeichen',
    meaning: 'Bedeutung',
    effect: 'Wirkung',
    thresholds: 'Schwellen (für Programme)',
    raw: {
      claimed: 'Die Zeit stammt vom Gerät, nicht von unserer Uhr.',
      'out-of-range': 'Außerhalb dessen, was das Gerät messen kann.',
      saturated: 'Am Ende des Messbereichs.',
      'humidity-end-stop': 'Luftfeuchte am Anschlag: Der Fühler ist nass oder hängt.',
    },
    classes: {
      info: 'Hinweis',
      doubtful: 'zweifelhaft: zählt mit, ist markiert',
      invalid: 'ungültig: zählt in keinem Mittel',
    },
  },
};
