import { type Signal, useSignal } from '@preact/signals';
import { useLayoutEffect, useRef } from 'preact/hooks';
import type { HistoryChartProps } from '../historyChart.tsx';
import type { HistoryPoint } from '../state/history.ts';
import type { PageContext } from '../state/pageContext.ts';
import { useSeen } from './whenSeen.ts';

type ChartComponent = (props: HistoryChartProps) => preact.JSX.Element;

interface SlotProps {
  isLoading: boolean;
  context: PageContext;
  chart: Pick<
    HistoryChartProps,
    'period' | 'points' | 'bands' | 'now' | 'unit' | 'summary' | 'marks' | 'annotations' | 'corrected'
  >;
}

/** Keeps the chart's place while it is out of sight and while the chart library and the data are on their way. */
export function ChartSlot(props: SlotProps) {
  const frame = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(frame);
  const chart = useChart(isSeen);
  return (
    <div class="chart-frame" ref={frame}>
      <Content {...props} component={chart.value?.component} />
    </div>
  );
}

function Content({
  isLoading,
  context,
  chart,
  component: Component,
}: SlotProps & { component: ChartComponent | undefined }) {
  const { t, format, theme } = context;
  if (isLoading || !Component) return <Placeholder text={t.loadingHistory} isBusy />;
  if (chart.points.length === 0) return <Placeholder text={t.historyEmpty[chart.period]} />;
  const inUnit = (mean: number) => `${format.number(mean, 1)} ${chart.unit}`;
  const adjusted = new Map(chart.corrected?.map(({ start, mean }) => [start, mean]));
  const describe = ({ start, mean, count }: HistoryPoint) => {
    const measured = t.tooltip({ value: inUnit(mean), count: `${format.number(count, 0)} ${t.readings}` });
    const other = adjusted.get(start);
    return other === undefined ? [measured] : [measured, t.correction.tooltip(inUnit(other))];
  };
  return <Component {...chart} format={format} describe={describe} theme={theme.inForce.value} />;
}

let loadedChart: ChartComponent | undefined;

/** The chart's code, fetched once it is wanted; at once when it is there already. */
function useChart(isWanted: Signal<boolean>): Signal<{ component: ChartComponent } | undefined> {
  const loaded = useSignal<{ component: ChartComponent } | undefined>(undefined);
  const wanted = isWanted.value;
  useLayoutEffect(() => {
    if (!wanted) return;
    if (loadedChart) loaded.value = { component: loadedChart };
    else
      loadChart().then(
        (component) => {
          loaded.value = { component };
        },
        // Sentence and table say the same; a reload or the next opening asks for the picture again.
        () => undefined,
      );
  }, [wanted, loaded]);
  return loaded;
}

/** Fetches the chart's code; a page that shows a chart at once calls it early. */
export async function loadChart(): Promise<ChartComponent> {
  const { default: component } = await import('../historyChart.tsx');
  loadedChart = component;
  return component;
}

function Placeholder({ text, isBusy = false }: { text: string; isBusy?: boolean }) {
  return (
    <div class="chart-empty" aria-busy={isBusy}>
      <p>{text}</p>
    </div>
  );
}
