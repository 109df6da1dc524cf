import { rowsWhileThere } from '../areas/rowsWhileThere.ts';
import type { OfficialComparison, ReferenceCheck } from '../citation/bundle.ts';
import { correctionById } from '../domain/correction/correction.ts';
import type { ComparableGroup } from '../domain/report/comparable.ts';
import { countedStations } from '../domain/report/countedStations.ts';
import { type Answer, answerOf } from '../domain/report/evaluators.ts';
import type { StationEvidence } from '../domain/report/evidence.ts';
import type { FrozenLimit } from '../domain/report/figureTypes.ts';
import { frozenLimit } from '../domain/report/frozenLimit.ts';
import { CourseBook, type ReferenceProbe, referenceProbe } from '../domain/report/gegenprobe.ts';
import { isSingleStation, type Question, questionWindow } from '../domain/report/question.ts';
import type { OfficialComparisons } from '../rollups/officialComparisons.ts';
import { forOneAnswer, type ReadRollups } from '../rollups/oneAnswer.ts';
import type { WaitedSoFar } from '../rollups/rollups.ts';
import { readComparable } from './comparableSource.ts';
import { withComparisons } from './comparedEvidence.ts';
import { type EvidenceRollups, readEvidence } from './evidenceSource.ts';
import { type OfficialLookup, officialBeside } from './officialBeside.ts';
import type { OfficialSources } from './officialHours.ts';
import { type KnownPlace, knownPlace, type PlaceQuestion, type PlaceSources, presentQuestion } from './places.ts';
import { type ReferenceEvidence, referenceEvidence } from './referenceEvidence.ts';

/** Most hours one question may rest on: a year of 60 stations. Asking for more is refused, not cut short. */
const MAX_HOURS = 530_000;
/** How long what was read answers again, ms: official values, and hours of stations around them, change besides what is told. */
const KEEP_MS = 120_000;
/** Hours kept in memory altogether, about 150 bytes each. */
const MAX_KEPT_HOURS = 600_000;
const MAX_KEPT_ANSWERS = 200;

/** What reports are made from. */
export interface ReportsDeps extends PlaceSources {
  rollups: ReadRollups;
  /** Without it U is the directive's, widened by humid air. */
  comparisons?: Pick<OfficialComparisons, 'finder'>;
  /** Official stations near others, and their hours. */
  official: OfficialLookup;
  officialHours: OfficialSources;
  clock: () => number;
}

/** A question's answer with what it rests on. */
export interface Report {
  question: Question;
  /**
   * False while means it rests on are missing or out of date, of its stations or of those that its uncertainty and its
   * reference ratio come from: the figures will change, and nobody may cite them.
   */
  isUpToDate: boolean;
  place: KnownPlace;
  limit: FrozenLimit | null;
  answer: Answer;
  /** The stations of the answer, in its order. */
  stations: Pick<StationEvidence, 'place' | 'facts'>[];
  /** Latest revision among the hours: above 1 when late data changed something. */
  hours: number;
  revised: number;
  /** The nearest official station on the same days; null without one. */
  official: OfficialComparison | null;
  /** The question adjusted to official stations near the place; null where there are none with hours. */
  reference: ReferenceCheck | null;
  /** How the period lies among comparable ones. */
  comparable: ComparableGroup[];
}

/** The question would need more hours than one report may. */
export class TooManyHoursError extends Error {
  override name = 'TooManyHoursError';
}

/** The question asks for hours adjusted to a reference, and there is no official station near with hours. */
export class NoReferenceError extends Error {
  override name = 'NoReferenceError';
}

/** A question under way. */
interface Asking {
  question: Question;
  known: KnownPlace;
  /** Rows of the place: of a moved station only those from while it stood there. */
  rollups: EvidenceRollups;
  waited: WaitedSoFar;
  /** Whether the means of its own stations are true. */
  isUpToDate: boolean;
}

/** Hours a question rests on. */
interface Evidence {
  stations: StationEvidence[];
  /** See `Report.isUpToDate`. */
  isUpToDate: boolean;
}

interface Kept<Value> {
  at: number;
  /** Made of means that were true; what was made of others answers only while they are not. */
  isUpToDate: boolean;
  stationIds: readonly string[];
  value: Promise<Value>;
  weight: number;
}

/** Answers questions, and keeps what it read for a while: a Gegenprobe's links ask about the same hours. */
export class Reports {
  readonly #deps: ReportsDeps;
  readonly #evidence = new Map<string, Kept<Evidence>>();
  readonly #answers = new Map<string, Kept<Report>>();

  constructor(deps: ReportsDeps) {
    this.#deps = deps;
  }

  /** The question as it is asked today; see `presentQuestion`. */
  present(question: Question): Question {
    return presentQuestion(this.#deps, question);
  }

  /** The place of a question with its stations; undefined for an unknown area. */
  place(question: PlaceQuestion): KnownPlace | undefined {
    return knownPlace(this.#deps, question);
  }

  /**
   * The answer to a question about a known place.
   * @throws TooManyHoursError, NoReferenceError
   */
  async report(question: Question, place: KnownPlace): Promise<Report> {
    const stationIds = place.stations.map(({ id }) => id);
    const key = JSON.stringify([question, stationIds]);
    const asking = await this.#begin(question, place);
    const room = { stationIds, isUpToDate: asking.isUpToDate, weight: 1, most: MAX_KEPT_ANSWERS };
    return this.#kept(this.#answers, key, room, () => this.#make(asking));
  }

  /**
   * The hours a question rests on.
   * @throws TooManyHoursError
   */
  async evidence(question: Question, known: KnownPlace): Promise<Evidence> {
    return this.#evidenceOf(await this.#begin(question, known));
  }

  async #begin(question: Question, known: KnownPlace): Promise<Asking> {
    const { place, stations } = known;
    const waited: WaitedSoFar = { ms: 0 };
    const all = forOneAnswer(this.#deps.rollups, waited);
    const stationIds = stations.map(({ id }) => id);
    const isUpToDate = await all.upToDate({ stationIds, to: questionWindow(question).end });
    const rollups = 'areaId' in place ? rowsWhileThere(all, this.#deps.areas, { areaId: place.areaId, stations }) : all;
    return { question, known, rollups, waited, isUpToDate };
  }

  async #evidenceOf({ question, known, rollups, waited, isUpToDate }: Asking): Promise<Evidence> {
    const { place, stations } = known;
    const { quantity, from, to, dayOffset } = question;
    const weight = stations.length * questionWindow(question).days * 24;
    if (weight > MAX_HOURS) throw new TooManyHoursError(`${weight} hours are more than ${MAX_HOURS}`);
    const areaId = 'areaId' in place ? place.areaId : undefined;
    const stationIds = stations.map(({ id }) => id);
    const key = JSON.stringify([quantity, from, to, dayOffset, areaId, stationIds]);
    const room = { stationIds, isUpToDate, weight, most: MAX_KEPT_HOURS };
    return this.#kept(this.#evidence, key, room, async () => {
      const measured = await readEvidence(rollups, stations, question);
      const evidence = await withComparisons(this.#deps.comparisons, measured, { question, stations, waited });
      return { stations: evidence, isUpToDate: isUpToDate && waited.wasInVain !== true };
    });
  }

  /** Forgets everything kept: a station changed or was deleted, and any answer may rest on it, as official or beside one. */
  forget(): void {
    this.#evidence.clear();
    this.#answers.clear();
  }

  /** Forgets what is kept of these stations: their hours are made anew. */
  forgetHoursOf(stationIds: readonly string[]): void {
    const changed = new Set(stationIds);
    for (const kept of [this.#evidence, this.#answers]) {
      for (const [key, { stationIds: own }] of kept) if (own.some((id) => changed.has(id))) kept.delete(key);
    }
  }

  async #make(asking: Asking): Promise<Report> {
    const { question, known: place, rollups, waited } = asking;
    const { stations: evidence, isUpToDate: isEvidenceTrue } = await this.#evidenceOf(asking);
    const limit = question.limitId === null ? null : frozenLimit(question.limitId);
    const adjusted = await this.#adjusted(asking, evidence);
    const book = new CourseBook(question, evidence, adjusted?.evidence);
    const answer = answerOf(question, book, limit);
    let [hours, revised] = [0, 0];
    for (const station of evidence) {
      hours += station.hours.length;
      for (const hour of station.hours) if (hour[7] > 1) revised += 1;
    }
    const stations = evidence.map(({ place: where, facts }) => ({ place: where, facts }));
    const { official: lookup, officialHours } = this.#deps;
    const beside = { question, stations: place.stations, evidence, days: answer.figure.days };
    const official = await officialBeside(lookup, officialHours.hours, beside);
    const reference = adjusted === undefined ? null : referenceCheck(adjusted, referenceProbe(question, book, limit));
    const counted = countedIds(question, stations, answer);
    const isComparable = answer.figure.value !== null && isOfEveryRawHour(question);
    const comparable = isComparable ? await readComparable(rollups, question, counted) : [];
    const isUpToDate = isEvidenceTrue && waited.wasInVain !== true;
    return { question, isUpToDate, place, limit, answer, stations, hours, revised, official, reference, comparable };
  }

  async #adjusted({ question, known, rollups }: Asking, evidence: readonly StationEvidence[]) {
    const { officialHours: official } = this.#deps;
    const ground = { rollups, official, stations: known.stations, evidence };
    const adjusted = await referenceEvidence(question, ground);
    if (adjusted === undefined && question.choices.values === 'reference-ratio') throw new NoReferenceError();
    return adjusted;
  }

  async #kept<Value extends { isUpToDate: boolean }>(
    kept: Map<string, Kept<Value>>,
    key: string,
    { most, ...room }: Omit<Kept<Value>, 'at' | 'value'> & { most: number },
    make: () => Promise<Value>,
  ): Promise<Value> {
    const now = this.#deps.clock();
    const known = kept.get(key);
    if (known?.isUpToDate === room.isUpToDate && now - known.at < KEEP_MS) return known.value;
    kept.delete(key);
    const value = make();
    kept.set(key, { at: now, value, ...room });
    const forget = () => kept.get(key)?.value === value && kept.delete(key);
    // What failed, or rests on means of others that were not true, is asked anew by the next.
    value.then(({ isUpToDate }) => isUpToDate === room.isUpToDate || forget(), forget);
    makeRoom(kept, most);
    return value;
  }
}

function referenceCheck({ references, shareFromOthers }: ReferenceEvidence, probe: ReferenceProbe): ReferenceCheck {
  const described = references.map(({ name, licence, reference }) => ({
    ...{ name, licence, operator: reference?.network ?? '' },
  }));
  return { ...probe, method: correctionById('reference-ratio')!.version, references: described, shareFromOthers };
}

/** Days of other periods are raw and hold every valid hour: beside any other figure they would be compared with what it is not. */
function isOfEveryRawHour({ choices: { values, doubtful, annotated } }: Question): boolean {
  return values === 'raw' && doubtful === 'with' && annotated === 'with';
}

/** Ids of the stations the figure is made of. */
function countedIds(question: Question, stations: Report['stations'], answer: Answer): string[] {
  const ranked = stations.map(({ place, facts }, at) => ({ place, facts, course: answer.stations[at]! }));
  const counted = countedStations(ranked, question.choices, isSingleStation(question));
  return counted.map(({ place }) => place.stationId);
}

/** Drops the oldest until the rest fits; the newest stays. */
function makeRoom<Value>(kept: Map<string, Kept<Value>>, most: number): void {
  let held = 0;
  for (const { weight } of kept.values()) held += weight;
  for (const [key, { weight }] of kept) {
    if (held <= most || kept.size === 1) return;
    kept.delete(key);
    held -= weight;
  }
}
