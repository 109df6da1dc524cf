import { type ReadonlySignal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { bandsOf, type ScaleId } from '../../server/domain/airQuality.ts';
import { type Quantity, UNITS } from '../../server/domain/quantity.ts';
import type { HistoryChartProps } from '../historyChart.tsx';
import { type HistoryPoint, PERIODS, type Period, summarise } from '../state/history.ts';
import type { PageContext } from '../state/pageContext.ts';
import type { StationHistory } from '../state/stationHistory.ts';
import { Choice } from './choice.tsx';
import { HistoryTable } from './historyTable.tsx';

interface HistoryProps {
  context: PageContext;
  history: StationHistory;
  quantity: Quantity;
  scaleId: ScaleId;
  now: ReadonlySignal<number>;
}

type ChartComponent = (props: HistoryChartProps) => preact.JSX.Element;

/** Course of the last day or week: sentence, chart, table. */
export function HistoryView({ context, history, quantity, scaleId, now }: HistoryProps) {
  const { t } = context;
  const period = useSignal<Period>('24h');
  const status = history.status.value;
  const points = history.points[period.value].value;
  const sentence = historySentence(context, { points, period: period.value, quantity, now: now.value });
  return (
    <section class="history" aria-labelledby="history-heading">
      <div class="history-head">
        <h3 id="history-heading">{t.history}</h3>
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
      </div>
      {status === 'failed' ? (
        <div class="chart-frame is-empty">
          <p>{t.stationFailed}</p>
          <button type="button" class="button" onClick={() => void history.open(quantity)}>
            {t.retry}
          </button>
        </div>
      ) : (
        <ChartSlot
          isLoading={status === 'loading'}
          context={context}
          chart={{
            period: period.value,
            points,
            bands: bandsOf(scaleId, quantity),
            now: now.value,
            unit: UNITS[quantity],
            summary: sentence,
          }}
        />
      )}
      {status === 'ready' && <p class="history-sentence">{sentence}</p>}
      {status === 'ready' && points.length > 0 && (
        <HistoryTable context={context} points={points} period={period.value} quantity={quantity} />
      )}
    </section>
  );
}

interface SlotProps {
  isLoading: boolean;
  context: PageContext;
  chart: Pick<HistoryChartProps, 'period' | 'points' | 'bands' | 'now' | 'unit' | 'summary'>;
}

/** Keeps the chart's place while the chart library and the data are on their way. */
function ChartSlot({ isLoading, context, chart }: SlotProps) {
  const { t, format, theme } = context;
  const loaded = useSignal<{ component: ChartComponent } | undefined>(undefined);
  useEffect(() => {
    import('../historyChart.tsx').then(
      ({ default: component }) => {
        loaded.value = { component };
      },
      // Sentence and table say the same; a reload or the next opening asks for the picture again.
      () => undefined,
    );
  }, [loaded]);
  const Component = loaded.value?.component;
  if (isLoading || !Component) {
    return (
      <div class="chart-frame is-empty" aria-busy="true">
        <p>{t.loadingStation}</p>
      </div>
    );
  }
  if (chart.points.length === 0) {
    return (
      <div class="chart-frame is-empty">
        <p>{t.historyEmpty}</p>
      </div>
    );
  }
  const describe = ({ mean, count }: HistoryPoint) =>
    t.tooltip({ value: `${format.number(mean, 1)} ${chart.unit}`, count: `${format.number(count, 0)} ${t.readings}` });
  return <Component {...chart} format={format} describe={describe} theme={theme.inForce.value} />;
}

interface SentenceParts {
  points: readonly HistoryPoint[];
  period: Period;
  quantity: Quantity;
  now: number;
}

/** The chart in a sentence; it is the picture's text alternative too. */
export function historySentence(context: PageContext, { points, period, quantity, now }: SentenceParts): string {
  const { t, format, nameOf } = context;
  const summary = summarise(points, period, now);
  if (!summary) return t.historyEmpty;
  const sentence = t.historySummary[period]({
    quantity: nameOf(quantity),
    min: format.number(summary.min, 1),
    max: format.value(quantity, summary.max),
    maxAt: period === '24h' ? format.time(summary.maxAt) : format.dateTime(summary.maxAt),
    last: format.value(quantity, summary.last),
  });
  return summary.emptyHours > 0 ? `${sentence} ${t.historyGaps(summary.emptyHours)}` : sentence;
}
