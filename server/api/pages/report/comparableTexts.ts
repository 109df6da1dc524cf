import type { Language } from '../../../domain/names.ts';
import type { ComparableUnit } from '../../../domain/report/comparable.ts';

/** Counts of a group of comparable periods. */
interface Ranks {
  unit: ComparableUnit;
  /** Periods looked at, and those with stations valid in both. */
  of: number;
  comparable: number;
  lower: number;
  higher: number;
  same: number;
  isSingle: boolean;
}

/** Texts about where a period lies among comparable ones. */
export interface ComparableTexts {
  title: string;
  sentence(ranks: Ranks): string;
  /** Where no period can be compared. */
  none(isSingle: boolean): string;
  note: string;
  columns: [string, string, string, string];
  table: string;
  chart: string;
  own: string;
}

/** How many of the periods looked at can be compared, as the beginning of a sentence. */
const found: Record<Language, Record<ComparableUnit, (parts: { of: number; comparable: number }) => string>> = {
  de: {
    day: ({ of, comparable }) => `Von den ${of} Tagen davor ${canDe('einer', comparable)}`,
    week: ({ of, comparable }) => `Von den ${of} Wochen davor ${canDe('eine', comparable)}`,
    month: ({ of, comparable }) => `Von den ${of} Monaten davor ${canDe('einer', comparable)}`,
    span: ({ of, comparable }) => `Von den ${of} gleich langen Zeiträumen davor ${canDe('einer', comparable)}`,
    year: ({ of, comparable }) =>
      `In ${comparable === 1 ? 'einem' : comparable} der ${of} Jahre davor lässt sich derselbe Zeitraum vergleichen`,
  },
  en: {
    day: ({ of, comparable }) => `Of the ${of} days before, ${canEn(comparable)} be compared`,
    week: ({ of, comparable }) => `Of the ${of} weeks before, ${canEn(comparable)} be compared`,
    month: ({ of, comparable }) => `Of the ${of} months before, ${canEn(comparable)} be compared`,
    span: ({ of, comparable }) => `Of the ${of} periods of the same length before, ${canEn(comparable)} be compared`,
    year: ({ of, comparable }) =>
      `The same dates can be compared in ${comparable === 1 ? 'one' : comparable} of the ${of} years before`,
  },
};

function canDe(one: string, count: number): string {
  return count === 1 ? `lässt sich ${one} vergleichen` : `lassen sich ${count} vergleichen`;
}

function canEn(count: number): string {
  return count === 1 ? 'one can' : `${count} can`;
}

const de: ComparableTexts = {
  title: 'Unter vergleichbaren Zeiträumen',
  sentence: ({ unit, of, comparable, lower, higher, same, isSingle }) => {
    const where = isSingle ? 'dieser Station' : 'derselben Stationen';
    const ranks = [
      lower > 0 && `${lower}\u2011mal niedriger`,
      higher > 0 && `${higher}\u2011mal höher`,
      same > 0 && `${same}\u2011mal gleich`,
    ];
    return `${found.de[unit]({ of, comparable })}: Damals lag der Wert ${where} ${ranks.filter(Boolean).join(', ')}.`;
  },
  none: (isSingle) =>
    isSingle
      ? 'Es gibt keinen vergleichbaren Zeitraum davor: Die Station hätte auch damals an 75\u202f% der Tage gültig messen müssen.'
      : 'Es gibt keinen vergleichbaren Zeitraum davor: Mindestens drei dieser Stationen hätten auch damals an 75\u202f% der Tage gültig messen müssen.',
  note: 'Verglichen wird Paar für Paar, mit Rohwerten und nur über Stationen, die in beiden Zeiträumen an 75\u202f% der Tage gültig maßen. Wetter und das Altern der Sensoren stecken in jedem solchen Vergleich.',
  columns: ['Zeitraum', 'damals', 'jetzt', 'gemeinsame Stationen'],
  table: 'Alle verglichenen Zeiträume als Tabelle',
  chart: 'Werte der verglichenen Zeiträume, zuletzt der gefragte',
  own: 'gefragter Zeitraum',
};

const en: ComparableTexts = {
  title: 'Among comparable periods',
  sentence: ({ unit, of, comparable, lower, higher, same, isSingle }) => {
    const where = isSingle ? 'this station' : 'the same stations';
    const times = (count: number) => (count === 1 ? 'once' : count === 2 ? 'twice' : `${count} times`);
    const ranks = [
      lower > 0 && `lower ${times(lower)}`,
      higher > 0 && `higher ${times(higher)}`,
      same > 0 && `equal ${times(same)}`,
    ];
    return `${found.en[unit]({ of, comparable })}: then, the value of ${where} was ${ranks.filter(Boolean).join(', ')}.`;
  },
  none: (isSingle) =>
    isSingle
      ? 'There is no comparable period before: the station would have to have been valid on 75\u202f% of those days too.'
      : 'There is no comparable period before: at least three of these stations would have to have been valid on 75\u202f% of those days too.',
  note: 'Compared pair by pair, with raw values and only over stations valid on 75\u202f% of the days of both periods. Weather and ageing sensors are part of any such comparison.',
  columns: ['Period', 'then', 'now', 'common stations'],
  table: 'All compared periods as a table',
  chart: 'Values of the compared periods, the one asked about last',
  own: 'period asked about',
};

/** The texts by language. */
export const COMPARABLE_TEXTS: Readonly<Record<Language, ComparableTexts>> = { de, en };
