import type { OfficialComparison, ReferenceCheck } from '../../../citation/bundle.ts';
import type { Format } from '../../../domain/format.ts';
import { strictestFirst } from '../../../domain/licences.ts';
import { LIMITS_CHECKED_ON } from '../../../domain/limits/limitTable.ts';
import type { Language } from '../../../domain/names.ts';
import type { ComparableGroup } from '../../../domain/report/comparable.ts';
import { methodsOf, type StationNumbers } from '../../../domain/report/evaluators.ts';
import type { StationFacts, StationPlace } from '../../../domain/report/evidence.ts';
import type { FrozenLimit, ReportFigure } from '../../../domain/report/figureTypes.ts';
import type { Gegenprobe } from '../../../domain/report/gegenprobe.ts';
import type { Question } from '../../../domain/report/question.ts';
import type { Report } from '../../../report/reports.ts';
import type { PageTexts } from '../texts/pageTexts.ts';
import type { ReportTexts } from './reportTexts.ts';

/** What a report says, whether made just now or frozen: every view of it draws from this. */
export interface AnswerView {
  question: Question;
  /** Name of the area or station; empty for several stations. */
  name: string;
  limit: FrozenLimit | null;
  figure: ReportFigure;
  gegenprobe: Gegenprobe;
  /** Null where the owner withdrew the station. */
  stations: ({
    place: Pick<StationPlace, 'stationId' | 'name'> | null;
    facts: StationFacts;
    numbers: StationNumbers;
  } | null)[];
  official: OfficialComparison | null;
  /** The question adjusted to official stations; null where there are none near. */
  reference: ReferenceCheck | null;
  /** Empty in citations made before reports said it, and where nothing was measured. */
  comparable: ComparableGroup[];
  methods: Record<string, string>;
  limitsCheckedOn: string;
  licences: string[];
}

/** How a report speaks. */
export interface ReportSpeech {
  texts: PageTexts;
  words: ReportTexts;
  format: Format;
  language: Language;
  chosenLanguage: Language | undefined;
}

/** The view of a report made just now. */
export function viewOfReport({
  question,
  place,
  limit,
  answer,
  stations,
  official,
  comparable,
  reference,
}: Report): AnswerView {
  return {
    question,
    name: place.name,
    limit,
    figure: answer.figure,
    gegenprobe: answer.gegenprobe,
    stations: stations.map((station, at) => ({ ...station, numbers: answer.stations[at]! })),
    official,
    comparable,
    reference,
    methods: methodsOf(question),
    limitsCheckedOn: LIMITS_CHECKED_ON,
    licences: strictestFirst([
      ...stations.map(({ facts }) => facts.licence),
      ...(official ? [official.licence] : []),
      ...(reference?.references.map(({ licence }) => licence) ?? []),
    ]),
  };
}
