import { z } from 'zod';
import type { Config } from '../../config.ts';
import { type ErasureReceipt, erasureReceipt } from '../../domain/erasureReceipt.ts';
import type { StationTally } from '../../erasure/tally.ts';
import type { Removal } from '../../store/registry/stationStore.ts';

const count = z.int().nullable();
const time = z.iso.datetime();

/** The receipt of a deletion. */
export const erasureReceiptSchema = z.object({
  kind: z.literal('buergerluft-erasure-receipt'),
  version: z.literal(1),
  instance: z.object({ name: z.string(), contact: z.string() }),
  stationId: z.string(),
  erasedAt: time,
  isComplete: z.boolean(),
  removed: z.object({
    devices: z.int(),
    assignments: z.int(),
    marks: z.int(),
    annotations: z.int(),
    readings: count,
    values: count,
    healthRows: count,
    firstMeasuredAt: time.nullable(),
    lastMeasuredAt: time.nullable(),
  }),
  text: z.object({ de: z.array(z.string()), en: z.array(z.string()) }),
});

/** The receipt; without a tally the readings are still to go. */
export function receiptOf(
  { config }: { config: Pick<Config, 'INSTANCE_NAME' | 'CONTACT'> },
  { station, deviceIds, assignments, removedAt }: Removal,
  tally: StationTally | undefined,
): ErasureReceipt {
  return erasureReceipt({
    instance: { name: config.INSTANCE_NAME, contact: config.CONTACT ?? '' },
    stationId: station.id,
    erasedAt: new Date(removedAt).toISOString(),
    isComplete: tally !== undefined,
    removed: {
      devices: deviceIds.length,
      assignments,
      marks: station.marks?.length ?? 0,
      annotations: station.annotations?.length ?? 0,
      readings: tally?.readings ?? null,
      values: tally?.values ?? null,
      healthRows: tally?.healthRows ?? null,
      firstMeasuredAt: isoTime(tally?.firstMeasuredAt),
      lastMeasuredAt: isoTime(tally?.lastMeasuredAt),
    },
  });
}

function isoTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
