import { z } from 'zod';
import { WINDOWS } from '../../domain/contract.ts';
import { CORRECTION_IDS } from '../../domain/correction/correction.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../domain/durations.ts';
import type { DayRule } from '../../domain/means/calendarWindows.ts';
import { QUANTITIES } from '../../domain/quantity.ts';

/** Nothing here was measured before: the first sensors of the network went up in 2015. */
const EARLIEST = Date.UTC(2010, 0);

/** A `+` of an offset that nobody escaped arrives as a space. */
const withPlus = (text: string) => text.replace(/ (?=\d\d:\d\d$)/, '+');

/** A time in a request, ISO 8601 with an offset; comes out as epoch ms. */
export const timeSchema = z
  .string()
  .transform(withPlus)
  .pipe(z.iso.datetime({ offset: true, error: 'must be ISO 8601 with Z or an offset, such as 2026-01-05T12:00:00Z' }))
  .transform((text) => Date.parse(text))
  .refine((at) => at >= EARLIEST, 'must not be before the year 2010');

/** Fixed offsets as everybody writes them. */
const OFFSET = /^([+-])(0\d|1[0-4]):([0-5]\d)$/;
const day = z
  .string()
  .transform(withPlus)
  .refine((text) => text === 'local' || OFFSET.test(text), 'must be local or an offset such as +01:00');

/** Windows that no correction is made of. */
const SHORTER_THAN_AN_HOUR: readonly string[] = ['raw', '5m', '15m'];

/** The query of `GET /stations/{id}/series`, as it comes. */
export const seriesQuerySchema = z
  .object({
    quantity: z.enum(QUANTITIES),
    sensor: z
      .string()
      .regex(/^[a-z0-9]{1,30}(-[a-z0-9]{1,10})?$/, 'must be a sensor such as sds011, bme280-2 or zigbee-e0od69')
      .optional(),
    from: timeSchema.optional(),
    to: timeSchema.optional(),
    window: z.enum(WINDOWS).default('1h'),
    method: z.enum(CORRECTION_IDS).default('raw'),
    day: day.optional(),
    without: z.literal('annotated', 'only annotated can be left out').optional(),
    format: z.enum(['json', 'csv']).default('json'),
  })
  .refine(({ method, window }) => method === 'raw' || !SHORTER_THAN_AN_HOUR.includes(window), {
    path: ['method'],
    message: 'corrections are made of hours: ask for window=1h or longer',
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from < to, {
    path: ['to'],
    message: 'must be later than from',
  });

/** Settings and time that fill in what a query leaves out. */
export interface SeriesDefaults {
  now: number;
  /** `DAY_OFFSET`, e.g. `+01:00`. */
  dayOffset: string;
  /** `TIME_ZONE`, for `day=local`. */
  timeZone: string;
}

/** A query with everything filled in. */
export type SeriesRequest = Omit<z.output<typeof seriesQuerySchema>, 'from' | 'to' | 'day'> & {
  /** Half-open `[from, to)`, epoch ms. */
  from: number;
  to: number;
  /** As the answer says it: an offset or `local`. */
  day: string;
  dayRule: DayRule;
};

/** Fills in what the query leaves out: the last 24 hours, days at `DAY_OFFSET`. */
export function seriesRequest(
  query: z.output<typeof seriesQuerySchema>,
  { now, dayOffset, timeZone }: SeriesDefaults,
): SeriesRequest {
  const to = query.to ?? Math.max(now, (query.from ?? 0) + 1);
  const named = query.day ?? dayOffset;
  const dayRule: DayRule = named === 'local' ? { timeZone } : { offsetMs: offsetOf(named) };
  return { ...query, from: query.from ?? to - DAY_MS, to, day: named, dayRule };
}

function offsetOf(text: string): number {
  const [, sign, hours, minutes] = OFFSET.exec(text) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * HOUR_MS + Number(minutes) * MINUTE_MS);
}
