import { z } from 'zod';
import { mapStateSchema } from '../api/map.ts';
import type { MapChanged, MapState } from '../domain/contract.ts';
import { readJson } from '../process/jsonMessage.ts';

const placesForm = mapStateSchema
  .pick({ id: true, name: true, lat: true, lon: true, indoor: true, kind: true })
  .refine(hasEqualColumns);

/** A whole layer: columns of equal length. */
const stateForm = mapStateSchema.refine(hasEqualColumns);

const headAndValues = mapStateSchema.omit({
  ...{ unit: true, scale: true, hour: true, age: true },
  ...{ name: true, lat: true, lon: true, indoor: true, kind: true },
});

/** One tick's changes of one layer, as the aggregator tells them: columns of equal length. */
const tickForm = headAndValues
  .extend({
    lastSeen: z.array(z.int().nullable()),
    added: placesForm.exactOptional(),
    removed: z.array(z.string()).exactOptional(),
  })
  .refine(({ removed: _, ...columns }) => hasEqualColumns(columns));

/** The tick; undefined for what is none: taken in part, it would leave the map wrong without a gap in its numbers. */
export function decodeTick(payload: Uint8Array): MapChanged | undefined {
  return tickForm.safeParse(readJson(payload)).data;
}

/** The layer that `/map` of the aggregator answers with; undefined for what is none, as another release may send. */
export function decodeState(body: unknown): MapState | undefined {
  return stateForm.safeParse(body).data;
}

function hasEqualColumns(columns: object): boolean {
  const lengths = Object.values(columns).flatMap((column) => (Array.isArray(column) ? [column.length] : []));
  return new Set(lengths).size <= 1;
}
