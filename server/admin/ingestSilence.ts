import type { Verdict } from '../domain/alerts/alertRule.ts';
import { INGEST_SILENT_MS } from '../domain/operator/operatorWarning.ts';
import { CELL_MS, type RateCell } from './rateMeter.ts';

/** The hour before the last reading, in cells, and how many of them must hold a reading for a steady flow. */
const STEADY_CELLS = 12;
const STEADY_LEAST = 9;

/** What is known of the flow of readings. */
export interface IngestFlow {
  /** Oldest first; what fell into no cell was not counted by anybody. */
  cells: readonly RateCell[];
  /** Since when this process listens, epoch ms: what came before could not be stored. */
  listeningSince: number;
  now: number;
}

/** Whether readings stopped although they came steadily before; the time is the end of the last cell that held one. */
export function ingestVerdict({ cells, listeningSince, now }: IngestFlow): {
  verdict: Verdict;
  lastReadingAt?: number;
} {
  const last = cells.findLastIndex(({ readings }) => readings > 0);
  const cell = cells[last];
  if (cell === undefined) return { verdict: 'unknown' };
  const lastReadingAt = Math.min(now, cell.start + CELL_MS);
  if (now - Math.max(lastReadingAt, listeningSince) < INGEST_SILENT_MS) {
    return { verdict: now - lastReadingAt < INGEST_SILENT_MS ? 'fine' : 'between', lastReadingAt };
  }
  return { verdict: wasSteady(cells, cell.start) ? 'bad' : 'unknown', lastReadingAt };
}

function wasSteady(cells: readonly RateCell[], lastStart: number): boolean {
  const from = lastStart - (STEADY_CELLS - 1) * CELL_MS;
  return cells.filter(({ start, readings }) => start >= from && readings > 0).length >= STEADY_LEAST;
}
