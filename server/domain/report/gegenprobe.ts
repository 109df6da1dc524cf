import type { CoursedStation } from './countedStations.ts';
import type { StationEvidence } from './evidence.ts';
import { reportFigure } from './figure.ts';
import type { Finding, FrozenLimit, ReportFigure } from './figureTypes.ts';
import { CHOICE_VALUES, type Choices, isSingleStation, type Question, questionWindow } from './question.ts';
import { marksIn, stationCourse } from './stationCourse.ts';

/** Outcome of the question under one set of choices. */
export interface Outcome {
  choices: Choices;
  value: number | null;
  n: number;
  /** Days above; null without a daily value to compare with. */
  above: number | null;
  finding: Finding;
}

/** The question under every other defensible choice. */
export interface Gegenprobe {
  /** The report's own choices, then each choice changed alone. */
  outcomes: Outcome[];
  /** Among all combinations of the choices: how many come to the same finding, of how many that come to any. */
  holds: number;
  of: number;
}

/** Courses of all stations for each way to choose hours; made once, since they are most of the work. */
export class CourseBook {
  readonly #question: Question;
  readonly #evidence: readonly StationEvidence[];
  readonly #adjusted: readonly StationEvidence[];
  #marks: { doubtful: boolean; annotated: boolean } | undefined;
  readonly #courses = new Map<string, CoursedStation[]>();

  /** `adjusted`: the same stations with hours adjusted to a reference; without, that choice has no valid hour. */
  constructor(question: Question, evidence: readonly StationEvidence[], adjusted?: readonly StationEvidence[]) {
    this.#question = question;
    this.#evidence = evidence;
    this.#adjusted = adjusted ?? evidence.map((station) => ({ ...station, hours: [] }));
  }

  #marksFound(): { doubtful: boolean; annotated: boolean } {
    this.#marks ??= this.#evidence
      .map(({ hours }) => marksIn(hours))
      .reduce(
        (all, each) => ({ doubtful: all.doubtful || each.doubtful, annotated: all.annotated || each.annotated }),
        { doubtful: false, annotated: false },
      );
    return this.#marks;
  }

  /** The stations' courses under the choices. */
  stations({ values, doubtful, annotated }: Choices): CoursedStation[] {
    // Leaving out what is not there changes nothing, and need not be computed again.
    const marks = this.#marksFound();
    const key = [values, marks.doubtful && doubtful, marks.annotated && annotated].join(' ');
    const known = this.#courses.get(key);
    if (known !== undefined) return known;
    const window = questionWindow(this.#question);
    const choice = { values, doubtful, annotated, quantity: this.#question.quantity };
    const evidence = values === 'reference-ratio' ? this.#adjusted : this.#evidence;
    const made = evidence.map(({ facts, hours }) => ({ facts, course: stationCourse(hours, window, choice) }));
    this.#courses.set(key, made);
    return made;
  }
}

/** Runs the question under every other defensible choice. */
export function gegenprobe(
  question: Question,
  book: CourseBook,
  { limit, isByYear }: { limit: FrozenLimit | null; isByYear: boolean },
): Gegenprobe {
  const names = openChoices(question, book);
  const figureOf = (choices: Choices) =>
    reportFigure({ ...question, choices }, { stations: book.stations(choices), limit, hasBands: false, isByYear });
  const own = outcomeOf(question.choices, figureOf(question.choices));
  const single = names.flatMap((name) =>
    others(name, question.choices).map((choices) => outcomeOf(choices, figureOf(choices))),
  );
  const all = combinations(names, question.choices).map((choices) => figureOf(choices).finding);
  const decided = all.filter((finding) => finding !== 'none' && finding !== 'open');
  return {
    outcomes: [own, ...single],
    holds: decided.filter((finding) => finding === own.finding).length,
    of: decided.length,
  };
}

/** The question adjusted to a reference, alone and under every combination of the other choices. */
export interface ReferenceProbe {
  outcome: Outcome;
  holds: number;
  of: number;
}

/** Runs the question with hours adjusted to official stations; beside the Gegenprobe, since nobody can recompute it. */
export function referenceProbe(question: Question, book: CourseBook, limit: FrozenLimit | null): ReferenceProbe {
  const figureOf = (choices: Choices) =>
    reportFigure(
      { ...question, choices },
      { stations: book.stations(choices), limit, hasBands: false, isByYear: true },
    );
  const own = figureOf(question.choices).finding;
  const choices: Choices = { ...question.choices, values: 'reference-ratio' };
  const names = openChoices(question, book).filter((name) => name !== 'values');
  const findings = combinations(names, choices).map((each) => figureOf(each).finding);
  const decided = findings.filter((finding) => finding !== 'none' && finding !== 'open');
  const holds = decided.filter((finding) => finding === own).length;
  return { outcome: outcomeOf(choices, figureOf(choices)), holds, of: decided.length };
}

/** The choices that can make a difference here: one station has no median, and not every place has a year before. */
function openChoices(question: Question, book: CourseBook): (keyof Choices)[] {
  const isSingle = isSingleStation(question);
  const stations = book.stations(question.choices);
  const knowsLastYear = !isSingle && stations.some(({ facts }) => facts.validLastYear === true);
  return (Object.keys(CHOICE_VALUES) as (keyof Choices)[]).filter((name) => {
    if (name === 'statistic' || name === 'highest') return !isSingle;
    return name !== 'stations' || knowsLastYear;
  });
}

/** The values of a choice, with the one asked for where it is none of them. */
function valuesOf(name: keyof Choices, choices: Choices): readonly Choices[keyof Choices][] {
  const values = CHOICE_VALUES[name] as readonly Choices[keyof Choices][];
  return values.includes(choices[name]) ? values : [choices[name], ...values];
}

function others(name: keyof Choices, choices: Choices): Choices[] {
  return valuesOf(name, choices)
    .filter((value) => value !== choices[name])
    .map((value) => ({ ...choices, [name]: value }));
}

function combinations(names: readonly (keyof Choices)[], choices: Choices): Choices[] {
  return names.reduce<Choices[]>(
    (made, name) => made.flatMap((each) => valuesOf(name, choices).map((value) => ({ ...each, [name]: value }))),
    [choices],
  );
}

function outcomeOf(choices: Choices, { value, n, ledger, finding }: ReportFigure): Outcome {
  return { choices, value, n, above: ledger?.above ?? null, finding };
}
