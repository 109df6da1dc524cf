import type { AnnotationView, SeriesMarkView } from '../../server/domain/contract.ts';
import type { Quantity } from '../../server/domain/quantity.ts';
import { ANNOTATION_KINDS, MARKS } from '../../server/domain/stationHistory.ts';
import { type HistoryPoint, PERIOD_MS, type Period, secondFigure } from '../state/history.ts';
import type { PageContext } from '../state/pageContext.ts';

/** A change in a chart, and a marked period. Epoch ms. */
export interface ChartHistory {
  marks: { at: number; kind: SeriesMarkView['kind'] }[];
  annotations: { id: string; from: number; to: number; kind: AnnotationView['kind'] }[];
}

/** What lies within the period that ends at `now`. */
export function chartHistory(
  { marks, annotations }: { marks: readonly SeriesMarkView[]; annotations: readonly AnnotationView[] },
  { period, now }: { period: Period; now: number },
): ChartHistory {
  const start = now - PERIOD_MS[period];
  return {
    marks: marks.map(({ at, kind }) => ({ at: Date.parse(at), kind })).filter(({ at }) => at >= start && at <= now),
    annotations: annotations
      .map(({ id, from, to, kind }) => ({ id, from: Date.parse(from), to: Date.parse(to), kind }))
      .filter(({ from, to }) => to > start && from < now),
  };
}

interface MarksProps {
  context: PageContext;
  history: ChartHistory;
  points: readonly HistoryPoint[];
  quantity: Quantity;
}

/** The marks of a chart in words, and the mean without the marked periods beside the one with them. */
export function HistoryMarks({ context, history, points, quantity }: MarksProps) {
  const { t, format, language } = context;
  const { marks, annotations } = history;
  if (marks.length + annotations.length === 0) return null;
  const figure = secondFigure(points);
  return (
    <div class="history-marks">
      <ul>
        {marks.map(({ at, kind }) => (
          <li key={`${at}${kind}`}>
            <time dateTime={new Date(at).toISOString()}>{format.dateTime(at)}</time>: {MARKS[kind][language]}
          </li>
        ))}
        {annotations.map(({ id, from, to, kind }) => (
          <li key={id}>
            {t.markedPeriod({
              from: format.dateTime(from),
              to: format.dateTime(to),
              what: ANNOTATION_KINDS[kind][language],
            })}
          </li>
        ))}
      </ul>
      {figure && (
        <p>
          {t.secondFigure({
            all: format.value(quantity, figure.all),
            without: figure.without === undefined ? undefined : format.value(quantity, figure.without),
          })}
        </p>
      )}
    </div>
  );
}
