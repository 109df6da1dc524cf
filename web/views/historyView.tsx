import { type ReadonlySignal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { bandsOf, type ScaleId } from '../../server/domain/airQuality.ts';
import { spanOfValues } from '../../server/domain/format.ts';
import { type Quantity, UNITS } from '../../server/domain/quantity.ts';
import { type CorrectedHour, type HistoryPoint, PERIODS, type Period, summarise } from '../state/history.ts';
import type { PageContext } from '../state/pageContext.ts';
import type { StationHistory } from '../state/stationHistory.ts';
import { ChartSlot } from './chartSlot.tsx';
import { Choice } from './choice.tsx';
import { CorrectionNote } from './correctionNote.tsx';
import { Heading, type SectionLevel } from './heading.tsx';
import { type ChartHistory, chartHistory, HistoryMarks } from './historyMarks.tsx';
import { HistoryTable } from './historyTable.tsx';

/** What a course is of. */
export interface HistoryProps {
  context: PageContext;
  history: StationHistory;
  quantity: Quantity;
  scaleId: ScaleId;
  now: ReadonlySignal<number>;
}

/** Course of the last day or week, one at a time: for the sheet. */
export function HistoryView(props: HistoryProps) {
  const { t } = props.context;
  const period = useSignal<Period>('24h');
  return (
    <HistorySection {...props} id="history" level={3} heading={t.history} period={period.value}>
      <Choice
        name="period"
        label={t.history}
        isLabelHidden
        options={PERIODS.map((value) => ({ value, label: t.period[value] }))}
        value={period.value}
        onChoose={(value) => {
          period.value = value;
        }}
      />
    </HistorySection>
  );
}

interface SectionProps extends HistoryProps {
  /** For the heading's id. */
  id: string;
  heading: string;
  level: SectionLevel;
  period: Period;
  /** Beside the heading. */
  children?: ComponentChildren;
}

/** One course: sentence, chart, table. */
export function HistorySection({ id, heading, level, period, children, ...props }: SectionProps) {
  const { context, history, quantity, now } = props;
  const status = history.status.value;
  const points = history.points[period].value;
  const shown = { marks: history.marks.value, annotations: history.annotations.value };
  // Corrections are made of whole hours.
  const corrected = period === '7d' ? history.corrected.value : [];
  const happened = chartHistory(shown, { period, now: now.value });
  const sentence = historySentence(context, { points, period, quantity, now: now.value });
  return (
    <section class="history" aria-labelledby={`${id}-heading`}>
      <div class="history-head">
        <Heading level={level} id={`${id}-heading`}>
          {heading}
        </Heading>
        {children}
      </div>
      {status === 'failed' ? (
        <Failed {...props} />
      ) : (
        <Picture
          {...props}
          period={period}
          points={points}
          corrected={corrected}
          summary={sentence}
          happened={happened}
        />
      )}
      {status === 'ready' && <p class="history-sentence">{sentence}</p>}
      {status === 'ready' && <CorrectionNote context={context} hours={corrected} quantity={quantity} />}
      {status === 'ready' && <HistoryMarks context={context} history={happened} points={points} quantity={quantity} />}
      {status === 'ready' && points.length > 0 && (
        <HistoryTable context={context} points={points} corrected={corrected} period={period} quantity={quantity} />
      )}
    </section>
  );
}

function Failed({ context, history, quantity }: HistoryProps) {
  return (
    <div class="chart-frame">
      <div class="chart-empty">
        <p>{context.t.stationFailed}</p>
        <button type="button" class="button" onClick={() => void history.open(quantity)}>
          {context.t.retry}
        </button>
      </div>
    </div>
  );
}

interface PictureProps extends HistoryProps {
  period: Period;
  points: readonly HistoryPoint[];
  corrected: readonly CorrectedHour[];
  summary: string;
  happened: ChartHistory;
}

function Picture({ context, history, quantity, scaleId, now, happened, ...shown }: PictureProps) {
  const bands = bandsOf(scaleId, quantity);
  const chart = { ...shown, ...happened, bands, now: now.value, unit: UNITS[quantity] };
  return <ChartSlot isLoading={history.status.value === 'loading'} context={context} chart={chart} />;
}

interface SentenceParts {
  points: readonly HistoryPoint[];
  period: Period;
  quantity: Quantity;
  now: number;
}

/** The chart in a sentence; it is the picture's text alternative too. */
function historySentence(context: PageContext, { points, period, quantity, now }: SentenceParts): string {
  const { t, format, nameOf } = context;
  const summary = summarise(points, period, now);
  if (!summary) return t.historyEmpty[period];
  const sentence = t.historySummary[period]({
    quantity: nameOf(quantity),
    span: spanOfValues(format, quantity, [summary.min, summary.max]),
    maxAt: period === '24h' ? format.time(summary.maxAt) : format.dateTime(summary.maxAt),
    last: format.value(quantity, summary.last),
  });
  return summary.emptyHours > 0 ? `${sentence} ${t.historyGaps[period](summary.emptyHours)}` : sentence;
}
