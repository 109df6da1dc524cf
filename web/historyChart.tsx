import {
  Chart,
  type ChartConfiguration,
  type ChartDataset,
  type ChartOptions,
  Filler,
  LinearScale,
  LineController,
  LineElement,
  type Plugin,
  PointElement,
  Tooltip,
} from 'chart.js';
import { useEffect, useRef } from 'preact/hooks';
import type { Band } from '../server/domain/airQuality.ts';
import { HOUR_MS, MINUTE_MS } from '../server/domain/durations.ts';
import type { Format } from '../server/domain/format.ts';
import { type CorrectedHour, type HistoryPoint, PERIOD_MS, type Period, STEP_MS, withGaps } from './state/history.ts';

Chart.register(LineController, LineElement, PointElement, LinearScale, Tooltip, Filler);

/** What a chart shows. Everything in it is also in its sentence and its table: the canvas itself is a picture. */
export interface HistoryChartProps {
  period: Period;
  points: readonly HistoryPoint[];
  bands: readonly Band[];
  /** End of the time axis, epoch ms. */
  now: number;
  unit: string;
  format: Format;
  /** The picture's text alternative. */
  summary: string;
  /** Hours after a correction: a second line beside the measured one. */
  corrected?: readonly CorrectedHour[];
  /** Lines of the tooltip over a point. */
  describe: (point: HistoryPoint) => string[];
  theme: 'light' | 'dark';
  /** Changes of device, sensor or place: an upright line each. */
  marks?: readonly { at: number }[];
  /** Periods the owner marked: shaded. */
  annotations?: readonly { from: number; to: number }[];
}

/** Distance of the marks on the time axis. */
const TICK_HOURS: Readonly<Record<Period, number>> = { '24h': 6, '7d': 24 };
/** Least top of the value axis, so that clean air does not look like a storm. */
const LEAST_TOP = 20;

/** The course of one quantity over the class bands. Updated in place: the chart grows with each reading. */
export default function HistoryChart(props: HistoryChartProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart<'line', { x: number; y: number | null }[]> | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    if (!canvas.current) return undefined;
    chart.current = new Chart(canvas.current, configure(latest));
    return () => {
      chart.current?.destroy();
      chart.current = undefined;
    };
  }, [props.theme]);
  useEffect(() => {
    if (chart.current) refresh(chart.current, props);
  }, [
    props.points,
    props.period,
    props.bands,
    props.now,
    props.theme,
    props.marks,
    props.annotations,
    props.corrected,
  ]);
  return <canvas class={`is-${props.theme}`} ref={canvas} role="img" aria-label={props.summary} />;
}

type LineChart = Chart<'line', { x: number; y: number | null }[]>;
type Latest = { current: HistoryChartProps };

function refresh(chart: LineChart, { points, corrected = [], period, now }: HistoryChartProps): void {
  const [measured, adjusted] = chart.data.datasets;
  const { x, y } = chart.options.scales ?? {};
  if (!measured || !adjusted || !x || !y) return;
  measured.data = withGaps(points, STEP_MS[period]);
  adjusted.data = withGaps(corrected, STEP_MS[period]);
  x.min = now - PERIOD_MS[period];
  x.max = now;
  y.suggestedMax = LEAST_TOP;
  chart.update('none');
}

interface Ink {
  ink: string;
  muted: string;
  line: string;
  accent: string;
  font: { family: string; size: number };
}

/** The page's own colours and type, which change with the theme. */
function readInk(): Ink {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  const font = { family: style.fontFamily, size: 12 };
  return { ink: read('--ink'), muted: read('--ink-muted'), line: read('--line'), accent: read('--accent'), font };
}

function configure(latest: Latest): ChartConfiguration<'line', { x: number; y: number | null }[]> {
  const ink = readInk();
  return {
    type: 'line',
    data: {
      datasets: [
        { ...lineIn(ink.ink, latest), pointHitRadius: 12 },
        { ...lineIn(ink.accent, latest), borderDash: [5, 3] },
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      layout: { padding: { top: 6, right: 6 } },
      interaction: { mode: 'nearest', axis: 'x', intersect: false },
      plugins: { tooltip: tooltipOf(latest) },
      scales: { x: timeAxis(latest, ink), y: valueAxis(latest, ink) },
    },
    plugins: [bandsPlugin(latest), historyPlugin(latest, ink.ink)],
  };
}

function lineIn(colour: string, latest: Latest) {
  return {
    data: [],
    borderColor: colour,
    borderWidth: 2,
    pointRadius: pointRadius(latest),
    pointBackgroundColor: colour,
    clip: 8,
    cubicInterpolationMode: 'monotone',
  } as const satisfies Partial<ChartDataset<'line'>>;
}

function tooltipOf(latest: Latest): NonNullable<NonNullable<ChartOptions<'line'>['plugins']>['tooltip']> {
  return {
    displayColors: false,
    // The measured line speaks for both.
    filter: ({ datasetIndex }) => datasetIndex === 0,
    callbacks: {
      title: ([item]) =>
        item ? latest.current.format.dateTime((item.parsed.x ?? 0) - STEP_MS[latest.current.period] / 2) : '',
      label: (item) => describeAt(latest.current, item.parsed.x ?? 0),
    },
  };
}

type Axis = NonNullable<ChartOptions<'line'>['scales']>[string];

function timeAxis(latest: Latest, { line, muted, font }: Ink): Axis {
  return {
    type: 'linear',
    grid: { color: line, drawTicks: true, tickColor: line },
    border: { color: line },
    ticks: {
      color: muted,
      font,
      maxRotation: 0,
      autoSkip: false,
      callback: (value) => tickLabel(latest.current, Number(value)),
    },
    afterBuildTicks: (axis) => {
      axis.ticks = tickTimes(axis.min, axis.max, latest.current);
    },
  };
}

function valueAxis(latest: Latest, { line, muted, font }: Ink): Axis {
  return {
    type: 'linear',
    min: 0,
    suggestedMax: LEAST_TOP,
    grid: { color: line, drawTicks: false },
    border: { display: false },
    ticks: {
      color: muted,
      font,
      maxTicksLimit: 6,
      padding: 8,
      callback: (value) => latest.current.format.number(Number(value), 0),
    },
  };
}

/** Only the newest point has a dot, and a lone one between gaps, which would be invisible without. */
function pointRadius(latest: Latest): (context: { dataIndex: number; dataset: { data: unknown[] } }) => number {
  return ({ dataIndex, dataset }) => {
    const data = dataset.data as { y: number | null }[];
    const last = data.length - 1;
    if (dataIndex === last) return latest.current.period === '24h' ? 4 : 3;
    const isLone = (data[dataIndex - 1]?.y ?? null) === null && (data[dataIndex + 1]?.y ?? null) === null;
    return isLone ? 2 : 0;
  };
}

function describeAt({ points, period, describe }: HistoryChartProps, x: number): string[] {
  const point = points.find(({ start }) => start + STEP_MS[period] / 2 === x);
  return point ? describe(point) : [];
}

/** Marks at round local hours: the zone's offset is read off the formatted time, as zones differ from UTC by half hours too. */
function tickTimes(min: number, max: number, { period, format }: HistoryChartProps): { value: number }[] {
  const ticks: { value: number }[] = [];
  for (let at = Math.ceil(min / HOUR_MS) * HOUR_MS; at <= max; at += HOUR_MS) {
    const [hour = 0, minute = 0] = format.time(at).split(':').map(Number);
    const start = at - minute * MINUTE_MS;
    if (hour % TICK_HOURS[period] === 0 && start >= min) ticks.push({ value: start });
  }
  return ticks;
}

function tickLabel({ period, format }: HistoryChartProps, at: number): string | string[] {
  if (period === '7d') return format.dayShort(at);
  const time = format.time(at);
  return time === '00:00' ? [time, format.dayShort(at)] : time;
}

/** The classes as faint areas behind the line, with a strip in their full colour along the axis. */
function bandsPlugin(latest: Latest): Plugin<'line'> {
  return {
    id: 'bands',
    beforeDraw: ({ ctx, chartArea, scales }) => {
      const axis = scales.y;
      if (!axis) return;
      const { left, right, top, bottom } = chartArea;
      for (const band of latest.current.bands) {
        const low = Math.min(bottom, axis.getPixelForValue(band.from ?? axis.min));
        const high = band.to === null ? top : Math.max(top, axis.getPixelForValue(band.to));
        if (high >= low) continue;
        ctx.fillStyle = band.colour;
        ctx.globalAlpha = 0.16;
        ctx.fillRect(left, high, right - left, low - high);
        ctx.globalAlpha = 1;
        ctx.fillRect(left - 5, high, 5, low - high);
      }
    },
  };
}

/** What happened to the station: shaded periods behind the line, upright dashes before it. Their words stand below the chart. */
function historyPlugin(latest: Latest, ink: string): Plugin<'line'> {
  return {
    id: 'station-history',
    beforeDatasetsDraw: ({ ctx, chartArea, scales }) => {
      const axis = scales.x;
      if (!axis) return;
      const { left, right, top, bottom } = chartArea;
      ctx.save();
      ctx.fillStyle = ink;
      for (const { from, to } of latest.current.annotations ?? []) {
        const start = Math.max(left, axis.getPixelForValue(from));
        const end = Math.min(right, axis.getPixelForValue(to));
        if (end <= start) continue;
        ctx.globalAlpha = 0.13;
        ctx.fillRect(start, top, Math.max(2, end - start), bottom - top);
        ctx.globalAlpha = 0.7;
        ctx.fillRect(start, top, Math.max(2, end - start), 3);
      }
      ctx.globalAlpha = 1;
      ctx.strokeStyle = ink;
      ctx.lineWidth = 1.5;
      ctx.setLineDash([4, 3]);
      for (const { at } of latest.current.marks ?? []) {
        const x = axis.getPixelForValue(at);
        if (x < left || x > right) continue;
        ctx.beginPath();
        ctx.moveTo(x, top);
        ctx.lineTo(x, bottom);
        ctx.stroke();
      }
      ctx.restore();
    },
  };
}
