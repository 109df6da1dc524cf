import { AREA_VERSION } from './areaStatistics.ts';
import { METHOD_VERSION } from './assessment/assessment.ts';
import { CORRECTIONS } from './correction/correction.ts';
import { UNCERTAINTY_VERSION } from './correction/uncertainty.ts';
import { LEDGER_VERSION } from './limits/dayLedger.ts';
import { CLOCK_MEAN_VERSION } from './means/clockMean.ts';
import { type EarlierVersion, FIRST_METHODS, type Versioned } from './methodVersion.ts';
import type { Names } from './names.ts';
import { ownChoice, type Sourced, verifiedIn } from './verification.ts';

/** What a method makes. */
export type MethodKind = 'mean' | 'assessment' | 'uncertainty' | 'correction' | 'area' | 'days-above' | 'index';

/** A named, versioned way to a figure. Every figure carries its `version`; a change of rule or threshold changes it. */
export interface Method extends Sourced, Versioned {
  id: string;
  kind: MethodKind;
  names: Names;
  /** What it does, in a few sentences a councillor can read and a scientist can check. */
  description: Names;
}

const EARLIER_UNCERTAINTIES: readonly EarlierVersion[] = [
  {
    ...{ version: 'uncertainty-3', validFrom: '2026-11-27', validTo: '2026-11-27' },
    note: {
      de: 'Verglichen wurde mit der nächsten amtlichen Station, die im Monat auch nur ein Tagesmittel hatte; dann blieb es beim Wert der Richtlinie. Verglichen wurde auch mit einer, die der Betreiber ausgenommen hatte.',
      en: 'Compared with the nearest official station that had as little as one daily mean in the month; then the figure of the directive remained. Compared also with one that the operator had left out.',
    },
  },
  {
    ...{ version: 'uncertainty-2', validFrom: '2026-11-26', validTo: '2026-11-27' },
    note: {
      de: 'Verglichen wurde mit der nächsten amtlichen Station, auch wenn sie die Größe gar nicht maß; dann blieb es beim Wert der Richtlinie.',
      en: 'Compared with the nearest official station even where it did not measure the quantity; then the figure of the directive remained.',
    },
  },
  {
    ...{ version: 'uncertainty-1', validFrom: FIRST_METHODS, validTo: '2026-11-26' },
    note: {
      de: 'Nur der Wert der Richtlinie und der Anteil feuchter Messungen, ohne Vergleich mit amtlichen Stationen.',
      en: 'The figure of the directive and the share of humid readings only, without a comparison with official stations.',
    },
  },
];

const EARLIER_ASSESSMENTS: readonly EarlierVersion[] = [
  {
    ...{ version: 'assessment-1', validFrom: FIRST_METHODS, validTo: '2026-11-28' },
    note: {
      de: 'Ein Feuchtesensor galt auch dann als defekt, wenn er nach einer Pause von zwei Tagen denselben Wert sagte wie davor; zwei Wochen lang wurde feuchte Luft nicht erkannt.',
      en: 'A humidity sensor was taken for broken also where it said the same value after a pause of two days as before; for two weeks humid air was not recognised.',
    },
  },
];

const OWN_METHODS: readonly Method[] = [
  {
    id: 'sliding-mean',
    version: 'sliding-mean-1',
    validFrom: FIRST_METHODS,
    kind: 'mean',
    names: { de: 'Gleitendes Mittel', en: 'Sliding mean' },
    description: {
      de: 'Mittel aller gültigen Messwerte der letzten 12 (1 Stunde) oder 288 (24 Stunden) vollständigen 5-Minuten-Zellen. Es zeigt den Stand von jetzt und ist weder ein Stundenmittel nach der Uhr noch ein Tagesmittel.',
      en: 'Mean of all valid readings of the last 12 (1 hour) or 288 (24 hours) complete 5-minute cells. It shows the state of now and is neither an hourly mean by the clock nor a daily mean.',
    },
    ...ownChoice(),
  },
  {
    id: 'clock-mean',
    version: CLOCK_MEAN_VERSION,
    validFrom: FIRST_METHODS,
    kind: 'mean',
    names: { de: 'Stunden- und Tagesmittel nach der Uhr', en: 'Hourly and daily means by the clock' },
    description: {
      de: 'Eine Stunde gilt mit mindestens 75 % der erwarteten Messungen und mindestens einer in jedem Drittel. Ein Tag ist das Mittel seiner gültigen Stunden, mindestens 18, bei festem Abstand zu UTC ohne Sommerzeit, in Deutschland UTC+1 wie in der amtlichen Praxis. Wochen, Monate und Jahre sind Mittel ihrer gültigen Tage, mindestens 75 %; die Abdeckung steht dabei.',
      en: 'An hour is valid with at least 75 % of the expected readings and one in each third. A day is the mean of its valid hours, at least 18, at a fixed offset from UTC without summer time, in Germany UTC+1 as in official practice. Weeks, months and years are means of their valid days, at least 75 %; the coverage is shown.',
    },
    ...verifiedIn('bimschv39', 'legislation-gov-uk-2007-64', 'eea-criteria'),
  },
  {
    id: 'assessment',
    version: METHOD_VERSION,
    validFrom: '2026-11-28',
    earlier: EARLIER_ASSESSMENTS,
    kind: 'assessment',
    names: { de: 'Beurteilung der Messwerte', en: 'Assessment of readings' },
    description: {
      de: 'Merkzeichen aus der eigenen Vergangenheit und den Nachbarn: hängt, Ausreißer, PM2,5 über PM10, feuchte Luft, Pause. Nichts wird gelöscht; nur hängende Werte zählen in keinem Mittel. Feuchte nimmt nie einen Wert heraus. Übereinstimmung mit Nachbarn heißt nicht, dass ein Wert richtig ist: alle können gleich irren.',
      en: 'Marks from the own past and the neighbours: stuck, spike, PM2.5 above PM10, humid air, pause. Nothing is deleted; only stuck values count in no mean. Humidity never takes a value out. Agreement with neighbours does not make a value right: all may be wrong alike.',
    },
    ...ownChoice('sofia', 'crowdqcplus', 'jayaratne2018'),
  },
  {
    id: 'uncertainty',
    version: UNCERTAINTY_VERSION,
    validFrom: '2026-11-27',
    earlier: EARLIER_UNCERTAINTIES,
    kind: 'uncertainty',
    names: { de: 'Unsicherheit U', en: 'Uncertainty U' },
    description: {
      de: 'Mindestens der Wert, den Richtlinie (EU) 2024/2881 orientierenden Messungen zugesteht: der größere von PM2,5 8,8 µg/m³ oder 35 % (Jahr 4,0 oder 40 %), PM10 22,5 µg/m³ oder 50 % (Jahr 6,0 oder 30 %); mehr, wenn der Vergleich mit einer amtlichen Station mehr zeigt: je Kalendermonat und Bauart die doppelte Wurzel der mittleren quadratischen Abweichung der Tagesmittel, Median der Sensoren im Umkreis von 5 km um die Station (je 15 gemeinsame Tage, zusammen 30), für Stationen, denen sie im Umkreis von 15 km die nächste mit Tagesmitteln an mindestens 15 Tagen des Monats ist. Für Mittel über mehr als einen Tag zählt davon nur der bleibende Versatz, doppelt. Stunden nehmen den Wert des Tages; korrigierte Werte tragen keinen Vergleich. Dazu kommt der Anteil feuchter Messungen. An jedem Wert steht, was den Ausschlag gab.',
      en: 'At least what Directive (EU) 2024/2881 allows indicative measurements: the larger of PM2.5 8.8 µg/m³ or 35 % (year 4.0 or 40 %), PM10 22.5 µg/m³ or 50 % (year 6.0 or 30 %); more when the comparison with an official station shows more: for each calendar month and model twice the root mean squared difference of daily means, median of the sensors within 5 km of the station (15 common days each, 30 together), for stations to which it is the nearest within 15 km with daily means on at least 15 days of the month. For means over more than a day only the lasting bias of it counts, doubled. Hours take the figure of the day; corrected values carry no comparison. Humid readings widen it by their share. Every value says which of them decided.',
    },
    ...ownChoice('snpa-2024-2881', 'streibl2017'),
    isUnconfirmed: true,
  },
  {
    id: 'area-median',
    version: AREA_VERSION,
    validFrom: FIRST_METHODS,
    kind: 'area',
    names: { de: 'Median eines Gebiets', en: 'Median of an area' },
    description: {
      de: 'Median der Stationen aus dem eigenen gültigen Mittel jeder Station über den ganzen Zeitraum; Zahl ab 3, Band (Quartile) ab 5 Stationen. Stationen drinnen oder mit unbekannter Lage zählen nicht. Sensoren hängen an Wohnungen, nicht dort, wo amtlich gemessen wird.',
      en: "Median over the stations of each one's own valid mean over the whole window; a number from 3, a band (quartiles) from 5 stations. Stations indoors or of unknown state do not count. Sensors hang at homes, not where official stations stand.",
    },
    ...ownChoice('feinstaub-map', 'rivm-tool', 'crowdqcplus'),
  },
  {
    id: 'days-above',
    version: LEDGER_VERSION,
    validFrom: FIRST_METHODS,
    kind: 'days-above',
    names: { de: 'Tage über einem Wert', en: 'Days above a value' },
    description: {
      de: 'Tagesmittel, kaufmännisch auf die Stellen des Werts gerundet, die darüber liegen; dazu dieselbe Zählung mit U abgezogen und zugezählt. Tage ohne Abdeckung zählen weder so noch so. Ein orientierender Vergleich: nur das amtliche Messnetz stellt Überschreitungen fest.',
      en: 'Daily means above the value after rounding half up to its digits, and the same count with U subtracted and added. Days without coverage count neither way. An indicative comparison: only the official network establishes exceedances.',
    },
    ...ownChoice('eea-criteria', 'bimschv39'),
  },
  {
    id: 'index-class',
    version: 'index-class-1',
    validFrom: FIRST_METHODS,
    kind: 'index',
    names: { de: 'Indexklasse', en: 'Index class' },
    description: {
      de: 'Geschlossene Stundenmittel nach der Uhr, kaufmännisch auf ganze µg/m³ gerundet und dann eingeordnet. Aus Feinstaub allein, und so benannt: Ozon und Stickstoffdioxid misst dieses Netz nicht.',
      en: 'Closed hourly means by the clock, rounded half up to whole µg/m³ and then classed. From particulates alone, and named so: this network measures neither ozone nor nitrogen dioxide.',
    },
    ...ownChoice('uba-lqi-new-de', 'airwatch'),
  },
];

/** Every method in force, corrections included. */
export const METHODS: readonly Method[] = [
  ...OWN_METHODS,
  ...CORRECTIONS.map(
    ({ id, version, validFrom, earlier, names, notes, formula, sources, verification, isUnconfirmed }): Method => ({
      ...{ id, version, validFrom },
      ...(earlier && { earlier }),
      kind: 'correction',
      names,
      // The raw value has none to show: its formula is the value itself.
      description: formula === 'x' ? notes : { de: `${notes.de} ${formula}`, en: `${notes.en} ${formula}` },
      sources,
      verification,
      isUnconfirmed,
    }),
  ),
];
