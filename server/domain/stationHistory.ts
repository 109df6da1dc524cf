import type { TimeWindow } from './means/calendarWindows.ts';
import type { Names } from './names.ts';
import type { Position, Station } from './station.ts';

/** What happened to a station that its series must tell: marks of changes, and periods its owner marked. */

/** A point in the series from which on something else measured, or elsewhere. Public as kind and time only. */
export const MARKS = {
  'device-changed': { de: 'Gerät getauscht', en: 'Device replaced' },
  'sensor-changed': { de: 'Sensor gewechselt', en: 'Sensor changed' },
  moved: { de: 'Station versetzt', en: 'Station moved' },
  'brought-indoors': { de: 'Station nach drinnen gebracht', en: 'Station brought indoors' },
  'brought-outdoors': { de: 'Station nach draußen gebracht', en: 'Station brought outdoors' },
} as const satisfies Record<string, Names>;
/** A word of `MARKS`. */
export type MarkKind = keyof typeof MARKS;

/** True where what was measured before is of another place, if only of the other side of a door. */
export function isMove(kind: MarkKind): boolean {
  return kind === 'moved' || kind === 'brought-indoors' || kind === 'brought-outdoors';
}

/** One change. `at`: epoch ms. */
export interface SeriesMark {
  kind: MarkKind;
  at: number;
}

/** What an owner may say of a period. A fixed list: free text would be published under other people's eyes unread. */
export const ANNOTATION_KINDS = {
  barbecue: { de: 'Grillen', en: 'Barbecue' },
  'building-site': { de: 'Baustelle', en: 'Building site' },
  fireworks: { de: 'Feuerwerk in der Nähe', en: 'Fireworks nearby' },
  stove: { de: 'Ofen oder Feuerschale in der Nähe', en: 'Stove or fire bowl nearby' },
  'cleaning-dust': { de: 'Staub von Hausarbeit oder Laubbläser', en: 'Dust from housework or a leaf blower' },
  traffic: { de: 'Ungewöhnlicher Verkehr', en: 'Unusual traffic' },
  maintenance: { de: 'Wartung am Gerät', en: 'Work on the device' },
  'other-source': { de: 'Andere Quelle in der Nähe', en: 'Another source nearby' },
} as const satisfies Record<string, Names>;
/** A word of `ANNOTATION_KINDS`. */
export type AnnotationKind = keyof typeof ANNOTATION_KINDS;

/** A period its owner marked, `[from, to)`, epoch ms. */
export interface Annotation {
  id: string;
  kind: AnnotationKind;
  from: number;
  to: number;
  createdAt: number;
}

/** Where a station stood before it was moved, elsewhere or through the door. Exact, private. */
export interface FormerPlace {
  position: Position;
  /** Epoch ms of the move. */
  until: number;
  /** True where it measured indoors. */
  isIndoor?: true;
}

/** Annotations kept of one station. */
export const MAX_ANNOTATIONS = 500;
/** Longest annotation, and how far ahead it may end: a building site is known before it begins. Days of 24 hours. */
export const ANNOTATION_DAYS = { longest: 366, ahead: 92 } as const;
/** Marks and former places kept of one station; the oldest go first. */
const MAX_MARKS = 200;

/** `marks` with one more, in order. */
export function withMark(marks: readonly SeriesMark[] = [], mark: SeriesMark): SeriesMark[] {
  return [...marks, mark].slice(-MAX_MARKS);
}

/** Annotations that touch a window. */
export function annotationsIn(annotations: readonly Annotation[] = [], { start, end }: TimeWindow): Annotation[] {
  return annotations.filter(({ from, to }) => from < end && to > start);
}

/** Marks within a window. */
export function marksIn(marks: readonly SeriesMark[] = [], { start, end }: TimeWindow): SeriesMark[] {
  return marks.filter(({ at }) => at >= start && at < end);
}

/**
 * The station as it stood at `at`, epoch ms: what `publicPosition` makes public of a time before a move. The grid is
 * always today's, so that coarsening replaces earlier positions too.
 */
export function placeAt(
  {
    position,
    positionGridMetres,
    formerPlaces = [],
  }: Pick<Station, 'position' | 'positionGridMetres' | 'formerPlaces'>,
  at: number,
): Pick<Station, 'position' | 'positionGridMetres'> {
  const former = formerPlaces.find(({ until }) => at < until);
  return { position: former?.position ?? position, positionGridMetres };
}

/** Since when the station stands where it stands now, epoch ms; undefined when it was never moved. */
export function standsSince({ formerPlaces }: Pick<Station, 'formerPlaces'>): number | undefined {
  return formerPlaces?.at(-1)?.until;
}

/** True when what the station measured from `start`, epoch ms, on is of the place where it stands now. */
export function isOfThisPlace(station: Pick<Station, 'formerPlaces'>, start: number): boolean {
  return start >= (standsSince(station) ?? Number.NEGATIVE_INFINITY);
}

/** The station with the place it had at `at`, epoch ms. */
export function stationAt(station: Station, at: number): Station {
  return station.formerPlaces === undefined ? station : { ...station, ...placeAt(station, at) };
}

/** True when the station was moved within a window: what it measured then is of two places. */
export function wasMovedIn({ formerPlaces = [] }: Pick<Station, 'formerPlaces'>, { start, end }: TimeWindow): boolean {
  return formerPlaces.some(({ until }) => until > start && until < end);
}

/**
 * When a station that is outdoors measured indoors, `[from, to)`, epoch ms: a private room then, and no outdoor air, so
 * nothing of that time is shown or counts. Empty for one that is indoors: whether it is public, its owner says.
 */
export function indoorPeriods({
  isIndoor,
  formerPlaces = [],
}: Pick<Station, 'isIndoor' | 'formerPlaces'>): Pick<Annotation, 'from' | 'to'>[] {
  if (isIndoor) return [];
  return formerPlaces.flatMap((place, at) => {
    const from = formerPlaces[at - 1]?.until ?? Number.NEGATIVE_INFINITY;
    return place.isIndoor ? [{ from, to: place.until }] : [];
  });
}

/** Where the station stood during a window, in order; more than one place when it was moved within. */
export function placesIn(
  station: Pick<Station, 'position' | 'positionGridMetres' | 'formerPlaces'>,
  { start, end }: TimeWindow,
): Pick<Station, 'position' | 'positionGridMetres'>[] {
  const moves = (station.formerPlaces ?? []).map(({ until }) => until).filter((at) => at > start && at < end);
  return [start, ...moves].map((at) => placeAt(station, at));
}

/** What a change of a station's fields adds to its history; empty when nothing measured there yet. */
export function historyOfChange(
  former: Station,
  next: Station,
  { at, isCorrection }: { at: number; isCorrection: boolean },
): Pick<Partial<Station>, 'marks' | 'formerPlaces'> {
  let { marks } = former;
  const isElsewhere = former.isIndoor !== next.isIndoor || !isSamePosition(former.position, next.position);
  const isOtherSensor = former.sensorModels.length > 0 && !isSameSet(former.sensorModels, next.sensorModels);
  if (isOtherSensor && !isCorrection) marks = withMark(marks, { kind: 'sensor-changed', at });
  if (isCorrection || !isElsewhere) return marks === undefined ? {} : { marks };
  const left: FormerPlace = { position: former.position, until: at, ...(former.isIndoor && { isIndoor: true }) };
  return {
    marks: withMark(marks, { kind: moveOf(former, next), at }),
    formerPlaces: newestPlaces(former.formerPlaces, left),
  };
}

/** Through the door says more than elsewhere, where it was both. */
function moveOf(former: Pick<Station, 'isIndoor'>, next: Pick<Station, 'isIndoor'>): MarkKind {
  if (former.isIndoor === next.isIndoor) return 'moved';
  return next.isIndoor ? 'brought-indoors' : 'brought-outdoors';
}

/** The oldest place kept stands for those before it: indoors when one of them was. */
function newestPlaces(known: readonly FormerPlace[] = [], left: FormerPlace): FormerPlace[] {
  const places = [...known, left];
  const gone = places.slice(0, -MAX_MARKS);
  const [oldest, ...rest] = places.slice(-MAX_MARKS);
  return [gone.some(({ isIndoor }) => isIndoor) ? { ...oldest!, isIndoor: true } : oldest!, ...rest];
}

function isSamePosition(a: Position, b: Position): boolean {
  return a.lat === b.lat && a.lon === b.lon;
}

function isSameSet(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((word) => b.includes(word));
}
