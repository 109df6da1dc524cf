import { AREA_VERSION } from '../areaStatistics.ts';
import { correctionById } from '../correction/correction.ts';
import { UNCERTAINTY_VERSION } from '../correction/uncertainty.ts';
import { LEDGER_VERSION } from '../limits/dayLedger.ts';
import { CLOCK_MEAN_VERSION } from '../means/clockMean.ts';
import type { StationEvidence } from './evidence.ts';
import { reportFigure } from './figure.ts';
import type { FrozenLimit, ReportFigure } from './figureTypes.ts';
import { CourseBook, type Gegenprobe, gegenprobe } from './gegenprobe.ts';
import type { Question } from './question.ts';

/** A station's own numbers in a report. */
export interface StationNumbers {
  /** Mean of the period, µg/m³; null below 75 % of its days. */
  mean: number | null;
  validHours: number;
  validDays: number;
}

/** Everything a question's answer says. */
export interface Answer {
  figure: ReportFigure;
  gegenprobe: Gegenprobe;
  /** In the order of the evidence. */
  stations: StationNumbers[];
}

/** A way from hours to an answer. */
export type Evaluator = (question: Question, evidence: readonly StationEvidence[], limit: FrozenLimit | null) => Answer;

/** What tells one version from another; `FigureGround` says what each does. */
interface Rules {
  isCompared: boolean;
  isByYear: boolean;
}

/** The version new reports are made with. */
export const EVALUATOR_VERSION = 'report-3';
const NEWEST: Rules = { isCompared: true, isByYear: true };

/** Answers from courses at hand. */
function answer(
  question: Question,
  book: CourseBook,
  { limit, isCompared, isByYear }: { limit: FrozenLimit | null } & Rules,
): Answer {
  const stations = book.stations(question.choices);
  return {
    figure: reportFigure(question, { stations, limit, isCompared, isByYear }),
    gegenprobe: gegenprobe(question, book, { limit, isByYear }),
    stations: stations.map(({ course }) => ({
      mean: course.mean,
      validHours: course.validHours,
      validDays: course.validDays,
    })),
  };
}

function evaluator(rules: Rules): Evaluator {
  return (question, evidence, limit) => answer(question, new CourseBook(question, evidence), { limit, ...rules });
}

/** The answer by the version new reports are made with, from courses that others may have use of too. */
export function answerOf(question: Question, book: CourseBook, limit: FrozenLimit | null): Answer {
  return answer(question, book, { limit, ...NEWEST });
}

/**
 * Every way to an answer that a citation was ever made with. Append only: a changed rule is a new entry, and the old one
 * goes on running, so that an old citation can be recomputed. `tests/fixtures/citations` holds a bundle of each.
 */
export const EVALUATORS: Readonly<Record<string, Evaluator>> = {
  'report-1': evaluator({ isCompared: false, isByYear: false }),
  'report-2': evaluator({ isCompared: true, isByYear: false }),
  [EVALUATOR_VERSION]: evaluator(NEWEST),
};

/** Versions of the rules an answer follows, by what they decide. */
export function methodsOf({ choices }: Pick<Question, 'choices'>): Record<string, string> {
  return {
    report: EVALUATOR_VERSION,
    means: CLOCK_MEAN_VERSION,
    area: AREA_VERSION,
    daysAbove: LEDGER_VERSION,
    uncertainty: UNCERTAINTY_VERSION,
    values: correctionById(choices.values)!.version,
  };
}
