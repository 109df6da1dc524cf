import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../server/domain/durations.ts';
import type { PartProps } from './adminParts.tsx';

const CELL_MS = 5 * MINUTE_MS;
const HEIGHT = 150;
/** Room for the hours below and the largest value above, px. */
const BELOW = 22;
const ABOVE = 20;
/** Hours between two labels on a wide and on a narrow screen. */
const LABEL_HOURS = { wide: 3, narrow: 6 } as const;

/** Readings of every five minutes of the last day, as bars; times nobody counted stay empty. */
export function RateChart({ context, a, overview }: PartProps) {
  const { format } = context;
  const frame = useRef<HTMLDivElement>(null);
  const width = useWidth(frame);
  const end = Math.ceil(Date.parse(overview.at) / CELL_MS) * CELL_MS;
  const start = end - DAY_MS;
  const cells = overview.rates.cells.map((cell) => ({ ...cell, at: Date.parse(cell.start) }));
  const busiest = cells.reduce((most, cell) => (cell.readings > most.readings ? cell : most), cells[0]!);
  const total = cells.reduce((sum, { readings }) => sum + readings, 0);
  const x = (at: number) => ((at - start) / DAY_MS) * width;
  const base = HEIGHT - BELOW;
  const barWidth = Math.max(1, (CELL_MS / DAY_MS) * width - 0.5);
  const scale = (base - ABOVE) / Math.max(1, busiest.readings);
  return (
    <figure class="rate-chart">
      <figcaption class="admin-caption">{a.flow.chart}</figcaption>
      <div ref={frame}>
        <svg viewBox={`0 0 ${width} ${HEIGHT}`} width={width} height={HEIGHT} aria-hidden="true">
          <line class="rate-axis" x1={0} x2={width} y1={base + 0.5} y2={base + 0.5} />
          <line class="rate-grid" x1={0} x2={width} y1={ABOVE + 0.5} y2={ABOVE + 0.5} />
          <text class="rate-label" x={0} y={ABOVE - 6}>
            {format.number(busiest.readings, 0)}
          </text>
          {cells
            .filter(({ at, readings }) => at >= start && readings > 0)
            .map(({ at, readings }) => {
              const height = Math.max(1, readings * scale);
              return <rect key={at} class="rate-bar" x={x(at)} width={barWidth} y={base - height} height={height} />;
            })}
          {labelsOf(start, end, width < 600 ? LABEL_HOURS.narrow : LABEL_HOURS.wide).map((at) => (
            <text key={at} class="rate-label" x={x(at)} y={HEIGHT - 5} text-anchor="middle">
              {format.time(at)}
            </text>
          ))}
        </svg>
      </div>
      <p class="note">
        {a.flow.summary({
          total: format.number(total, 0),
          busiest: format.number(busiest.readings, 0),
          at: format.dateTime(busiest.at),
        })}
      </p>
    </figure>
  );
}

/** Round hours that have room for their text. */
function labelsOf(start: number, end: number, hours: number): number[] {
  const step = hours * HOUR_MS;
  const found: number[] = [];
  for (let at = Math.ceil(start / step) * step; at < end; at += step) {
    if (at - start > step / 4 && end - at > step / 4) found.push(at);
  }
  return found;
}

/** Width of an element, px, as it is now. */
function useWidth(frame: { current: HTMLElement | null }): number {
  const width = useSignal(640);
  useEffect(() => {
    const measure = () => {
      const found = frame.current?.clientWidth;
      if (found) width.value = found;
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, [frame, width]);
  return width.value;
}
