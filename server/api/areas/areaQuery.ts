import { z } from 'zod';
import { AREA_WINDOWS } from '../../areas/areaWindows.ts';
import { DAY_MS } from '../../domain/durations.ts';
import { QUANTITIES } from '../../domain/quantity.ts';
import { timeSchema } from '../series/seriesQuery.ts';

const asked = {
  quantity: z.enum(QUANTITIES).default('pm25'),
  from: timeSchema.optional(),
  to: timeSchema.optional(),
};
const inOrder = {
  path: ['to'],
  message: 'must be later than from',
};
const isInOrder = ({ from, to }: { from?: number | undefined; to?: number | undefined }) =>
  from === undefined || to === undefined || from < to;

/** The query of `GET /areas` and `GET /areas/{id}`. */
export const areaQuerySchema = z.object(asked).refine(isInOrder, inOrder);

/** The query of `GET /areas/{id}/series`. */
export const areaSeriesQuerySchema = z
  .object({ ...asked, window: z.enum(AREA_WINDOWS).default('1h'), format: z.enum(['json', 'csv']).default('json') })
  .refine(isInOrder, inOrder);

/** `[from, to)`, epoch ms, with what a query leaves out: the 24 hours up to `to`, or up to now. */
export function rangeOf({ from, to }: z.output<typeof areaQuerySchema>, now: number): { start: number; end: number } {
  const end = to ?? Math.max(now, (from ?? 0) + 1);
  return { start: from ?? end - DAY_MS, end };
}
