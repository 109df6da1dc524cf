import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { HistoryChartProps } from '../historyChart.tsx';
import type { HistoryPoint } from '../state/history.ts';
import type { PageContext } from '../state/pageContext.ts';

type ChartComponent = (props: HistoryChartProps) => preact.JSX.Element;

interface SlotProps {
  isLoading: boolean;
  context: PageContext;
  chart: Pick<HistoryChartProps, 'period' | 'points' | 'bands' | 'now' | 'unit' | 'summary'>;
}

/** Keeps the chart's place while the chart library and the data are on their way. */
export function ChartSlot({ isLoading, context, chart }: SlotProps) {
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
  if (isLoading || !Component) return <Placeholder text={t.loadingStation} isBusy />;
  if (chart.points.length === 0) return <Placeholder text={t.historyEmpty} />;
  const describe = ({ mean, count }: HistoryPoint) =>
    t.tooltip({ value: `${format.number(mean, 1)} ${chart.unit}`, count: `${format.number(count, 0)} ${t.readings}` });
  return <Component {...chart} format={format} describe={describe} theme={theme.inForce.value} />;
}

function Placeholder({ text, isBusy = false }: { text: string; isBusy?: boolean }) {
  return (
    <div class="chart-frame is-empty" aria-busy={isBusy}>
      <p>{text}</p>
    </div>
  );
}
